import {
  AlarmClockPlus,
  ArrowRight,
  BadgeCheck,
  CircleX,
  EllipsisVertical,
  FolderInput,
  type LucideIcon,
  RotateCcw,
} from 'lucide-react';
import type { Ref } from 'react';
import type { ChangeKind } from '../../lib/domain/application-change.ts';
import { MenuButton } from '../ui/menu-button.tsx';
import { t } from '../ui/t.ts';
import { changeWord } from './change-words.ts';
import type { ApplicationView } from './panel-commands.ts';
import { usePanel } from './panel-context.ts';

export interface ChangeMenuProps {
  view: ApplicationView;
  ref: Ref<HTMLButtonElement>;
  onExtraTime(): void;
}

const ICONS: Record<ChangeKind, LucideIcon> = {
  advance: ArrowRight,
  transfer: FolderInput,
  reject: CircleX,
  unreject: RotateCcw,
  hire: BadgeCheck,
};

/** What can be done with the application itself, as the server lists it. Nothing to do, or nobody to tell: no menu. */
export function ChangeMenu({ view, ref, onExtraTime }: ChangeMenuProps) {
  const { isOffline, openChange } = usePanel();
  if (view.changes.length === 0 || isOffline) return null;
  const items = view.changes.map((kind) => ({
    label: t(`panel.change.${changeWord(kind, view)}`),
    icon: ICONS[kind],
    onSelect: () => openChange(kind),
  }));
  // Needed before the first invitation, because some vendors take it only with one.
  const extraTime = { label: t('panel.followUp.extraTime'), icon: AlarmClockPlus, onSelect: onExtraTime };
  return <MenuButton ref={ref} icon={EllipsisVertical} label={t('panel.change.menu')} items={[...items, extraTime]} />;
}
