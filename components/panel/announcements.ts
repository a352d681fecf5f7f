import type { InvitationView, PanelView } from '../../lib/contract/panel.ts';
import { t } from '../ui/t.ts';

/** What a screen reader is told when the view changes: the steps of this candidate's invitations that somebody waits for. */
export function announcementFor(before: PanelView | null, after: PanelView | null): string | null {
  if (before?.kind !== 'application' || after?.kind !== 'application' || before.key !== after.key) return null;
  const news = after.invitations.map((now) => {
    const was = before.invitations.find((each) => each.id === now.id);
    return was && was.state !== now.state ? sentenceFor(now) : null;
  });
  return news.filter((sentence) => sentence !== null).join(' ') || null;
}

function sentenceFor(invitation: InvitationView): string | null {
  switch (invitation.state) {
    case 'sent':
      return invitation.handover === 'copy link' ? t('panel.say.linkReady') : t('panel.say.sent');
    case 'undone':
      return t('panel.say.undone');
    case 'scored':
      return t('panel.say.result');
    case 'failed':
      return t('panel.say.failed');
    case 'unconfirmed':
      return t('panel.say.unconfirmed');
    case 'cancelled':
      return t('panel.say.cancelled');
    default:
      return null;
  }
}
