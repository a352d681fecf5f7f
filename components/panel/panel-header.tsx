import { ArrowLeftRight, Ellipsis, Minus, RefreshCw, Settings } from 'lucide-react';
import type { PanelState } from '../../lib/contract/messages.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { t } from '../ui/t.ts';
import { useNow } from '../ui/use-now.ts';
import { linkStatus } from './link-status.ts';

const STATUS_REFRESH_MS = 60_000;

export interface PanelHeaderProps {
  state: PanelState;
  onClose(): void;
  onSwitchSide(): void;
  onCheckAgain(): void;
  onOpenOptions(): void;
}

/** Name, how fresh the content is, and what is seldom needed. */
export function PanelHeader({ state, onClose, onSwitchSide, onCheckAgain, onOpenOptions }: PanelHeaderProps) {
  const status = linkStatus(state, useNow(STATUS_REFRESH_MS, state));
  const items = [
    { label: t('panel.menu.checkAgain'), icon: RefreshCw, onSelect: onCheckAgain },
    { label: t('panel.menu.otherSide'), icon: ArrowLeftRight, onSelect: onSwitchSide },
    { label: t('panel.menu.settings'), icon: Settings, onSelect: onOpenOptions },
  ];
  const footer = state.member && (
    <span>
      {t('panel.menu.connectedAs')} <bdi>{state.member.name}</bdi>
    </span>
  );
  return (
    <header className="flex h-10 shrink-0 items-center gap-1 border-b border-line ps-3 pe-2">
      <h1 className="me-auto font-semibold">{t('extName')}</h1>
      <span className="me-1 flex min-w-0 items-center gap-1.5 text-xs text-muted">
        <StatusDot tone={status.tone} />
        <span className="truncate">{status.text}</span>
      </span>
      <MenuButton icon={Ellipsis} label={t('panel.menu.label')} items={items} footer={footer} />
      <IconButton icon={Minus} label={t('panel.menu.close')} onClick={onClose} />
    </header>
  );
}
