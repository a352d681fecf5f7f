import { AlarmClockPlus, AtSign, CalendarClock, Ellipsis, type LucideIcon, MailPlus } from 'lucide-react';
import type { Ref } from 'react';
import { MenuButton } from '../ui/menu-button.tsx';
import { t } from '../ui/t.ts';
import { FOLLOW_UPS, type FollowUp } from './follow-ups.ts';

export interface FollowUpMenuProps {
  /** As the server lists them, so that nothing is offered that the vendor cannot do. */
  offered: readonly FollowUp[];
  assessmentName: string;
  onOpen(action: FollowUp): void;
  ref: Ref<HTMLButtonElement>;
}

const ICONS: Record<FollowUp, LucideIcon> = {
  resend: MailPlus,
  'correct-email': AtSign,
  extend: CalendarClock,
  'extra-time': AlarmClockPlus,
};

/** What is seldom needed of an invitation that is out. */
export function FollowUpMenu({ offered, assessmentName, onOpen, ref }: FollowUpMenuProps) {
  const items = FOLLOW_UPS.filter((action) => offered.includes(action)).map((action) => ({
    label: labelOf(action),
    icon: ICONS[action],
    onSelect: () => onOpen(action),
  }));
  return <MenuButton ref={ref} icon={Ellipsis} label={t('panel.followUp.menu', assessmentName)} items={items} />;
}

function labelOf(action: FollowUp): string {
  switch (action) {
    case 'resend':
      return t('panel.followUp.resend');
    case 'correct-email':
      return t('panel.followUp.correctEmail');
    case 'extend':
      return t('panel.followUp.extend');
    case 'extra-time':
      return t('panel.followUp.extraTime');
  }
}
