import { useCallback, useEffect, useRef, useState } from 'react';
import { BROWSER_CLOCK, type Clock, ClockContext } from '../ui/clock.ts';
import type { ConnectPush, PanelBackend, PanelPlace } from './backend.ts';
import { CutOffTab } from './cut-off-tab.tsx';
import { OpenPanel } from './open-panel.tsx';
import { PanelTab } from './panel-tab.tsx';
import { tabStatus } from './tab-status.ts';
import { useCommands } from './use-commands.ts';
import { usePanelState } from './use-panel-state.ts';
import { usePlacement } from './use-placement.ts';

export interface PanelAppProps {
  backend: PanelBackend;
  push: ConnectPush;
  place: PanelPlace;
  /** Held still by tests and the preview. */
  clock?: Clock;
}

/**
 * The panel in its frame: a tab at the page's edge, or open. It tells the frame its size and place, and gives the focus back
 * to the page on Escape. Keep `backend`, `push` and `place` the same between renders.
 */
export function PanelApp({ clock = BROWSER_CLOCK, ...props }: PanelAppProps) {
  return (
    <ClockContext value={clock}>
      <TabOrPanel {...props} />
    </ClockContext>
  );
}

function TabOrPanel({ backend, push, place }: Omit<PanelAppProps, 'clock'>) {
  // Focus moves only when somebody opened or closed the panel, not when a page loads with it open.
  const [asked, setAsked] = useState(0);
  const openByKey = useRef(() => {});
  const handle = usePanelState({ backend, push, onFocus: () => openByKey.current() });
  const { state, isCutOff } = handle;
  const { placement, move } = usePlacement(state?.page?.ats ?? state?.contradiction ?? null, place);
  // Here, above what comes and goes: a click goes on while the panel is closed, and what is said of it waits for a reader.
  const isVisible = placement?.isOpen === true && (state?.page ?? state?.contradiction ?? null) !== null;
  const commands = useCommands(backend, handle, isVisible);
  useEscape(place);

  const setOpen = useCallback(
    (isOpen: boolean) => {
      setAsked((count) => count + 1);
      move({ isOpen });
    },
    [move],
  );
  openByKey.current = () => setOpen(true);

  if (isCutOff && !state) return <CutOffTab place={place} />;
  if ((!state?.page && !state?.contradiction) || !placement) return null;
  if (!placement.isOpen) {
    return (
      <PanelTab
        status={tabStatus(state, commands.notice)}
        placement={placement}
        place={place}
        takesFocus={asked > 0}
        onMove={move}
        onOpen={() => setOpen(true)}
      />
    );
  }
  return (
    <OpenPanel
      commands={commands}
      handle={handle}
      state={state}
      place={place}
      side={placement.side}
      asked={asked}
      onClose={() => setOpen(false)}
      onSwitchSide={() => move({ side: placement.side === 'left' ? 'right' : 'left' })}
    />
  );
}

/** Escape that nothing inside wanted gives the focus back to the page. */
function useEscape(place: PanelPlace): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) place.tellFrame({ tagalong: 'blur' });
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [place]);
}
