import { useEffect, useRef, useState } from 'react';
import type { PanelState } from '../../lib/contract/messages.ts';
import { classNames } from '../ui/class-names.ts';
import { LiveRegion } from '../ui/live-region.tsx';
import { t } from '../ui/t.ts';
import { announcementFor } from './announcements.ts';
import type { PanelPlace, Placement } from './backend.ts';
import { PanelBody } from './panel-body.tsx';
import type { PanelCommands } from './panel-commands.ts';
import { PanelContext, type PanelContextValue } from './panel-context.ts';
import { PanelHeader } from './panel-header.tsx';
import { serverLeadMs } from './server-time.ts';
import { useFocusKeeper } from './use-focus-keeper.ts';
import type { PanelStateHandle } from './use-panel-state.ts';
import { useReportedSize } from './use-reported-size.ts';

const WIDTH_PX = 360;

export interface OpenPanelProps {
  commands: PanelCommands;
  handle: PanelStateHandle;
  state: PanelState;
  place: PanelPlace;
  side: Placement['side'];
  /** Grows each time somebody opened the panel: it takes the focus then. */
  asked: number;
  onClose(): void;
  onSwitchSide(): void;
}

/** The open panel: its head and its notices stay, the rest scrolls when the window is too low. */
export function OpenPanel({ commands, handle, state, place, side, asked, onClose, onSwitchSide }: OpenPanelProps) {
  const root = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [foot, setFoot] = useState<HTMLElement | null>(null);
  const view = state.view?.kind === 'application' ? state.view : null;
  useReportedSize({ root, content, isOpen: true, widthPx: WIDTH_PX, place });
  useFocusKeeper(root);
  useNews(state, commands.announce);
  useEffect(() => {
    if (asked > 0) root.current?.focus({ preventScroll: true });
  }, [asked]);

  const context: PanelContextValue = {
    commands,
    foot,
    serverLeadMs: view ? serverLeadMs(view.serverTime, state.viewAt) : 0,
    mayAdminister: view?.may.administer ?? state.member?.role === 'admin',
    isOffline: state.link === 'offline',
    sendNow: () => {},
    prepareSend: () => {},
    openChange: () => {},
  };
  return (
    <PanelContext value={context}>
      <main
        ref={root}
        aria-label={t('extName')}
        tabIndex={-1}
        className={classNames(
          'flex h-dvh flex-col overflow-hidden border border-line bg-surface text-sm text-ink focus:outline-none',
          side === 'right' ? 'rounded-s-md border-e-0' : 'rounded-e-md border-s-0',
        )}
      >
        <PanelHeader
          state={state}
          onClose={onClose}
          onSwitchSide={onSwitchSide}
          onCheckAgain={commands.checkAgain}
          onOpenOptions={() => commands.openOptions()}
        />
        <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
          <div ref={content}>
            <PanelBody state={state} onChoose={handle.choose} />
          </div>
        </div>
        <div
          ref={setFoot}
          data-notices
          className="grid max-h-[45%] shrink-0 grid-cols-1 gap-2 overflow-y-auto border-t border-line p-3 empty:hidden"
        />
        <LiveRegion text={commands.announcement} />
      </main>
    </PanelContext>
  );
}

/** Says what changed on the candidate, compared with what was shown before. */
function useNews({ view }: PanelState, announce: (text: string) => void): void {
  const [before, setBefore] = useState(view);
  useEffect(() => {
    if (view === before) return;
    setBefore(view);
    const news = announcementFor(before, view);
    if (news) announce(news);
  }, [view, before, announce]);
}
