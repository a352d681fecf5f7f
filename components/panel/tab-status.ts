import type { PanelState } from '../../lib/contract/messages.ts';
import type { InvitationView } from '../../lib/contract/panel.ts';
import type { InvitationState } from '../../lib/domain/invitation.ts';
import type { Tone } from '../ui/status-dot.tsx';
import { t } from '../ui/t.ts';
import type { ApplicationView, PanelNotice } from './panel-commands.ts';
import { scoreText } from './score-text.ts';
import { sortInvitations } from './sort-invitations.ts';

export interface TabStatus {
  tone: Tone;
  word: string;
  /** It came while nobody could see the panel: to be read out too. */
  isNews?: true;
}

const TONES: Record<InvitationState, Tone> = {
  held: 'accent',
  sending: 'accent',
  sent: 'accent',
  started: 'accent',
  submitted: 'accent',
  scored: 'good',
  expired: 'neutral',
  cancelled: 'neutral',
  undone: 'neutral',
  failed: 'bad',
  unconfirmed: 'warn',
};

/** The dot beside the state's word. A result that wants a look is not green. */
export function invitationTone({ state, result }: InvitationView): Tone {
  if (result?.integrity.status === 'flagged' || result?.status === 'voided') return 'warn';
  if (result?.passed === false) return 'neutral';
  return TONES[state];
}

/** What the closed panel says: that there is a notice to be read, or the state of this candidate in one word. */
export function tabStatus(state: PanelState, notice: PanelNotice | null = null): TabStatus {
  if (notice) return { tone: notice.tone === 'info' ? 'accent' : notice.tone, word: t('panel.tab.toRead'), isNews: true };
  if (state.link === 'not-connected') return { tone: 'warn', word: t('panel.link.notConnected') };
  if (state.contradiction) return { tone: 'warn', word: t('panel.tab.needsYou') };
  const { view } = state;
  if (state.outbox.length > 0) return { tone: 'warn', word: t('panel.tab.saved') };
  if (!view)
    return state.link === 'offline'
      ? { tone: 'warn', word: t('panel.link.offline') }
      : { tone: 'neutral', word: t('panel.tab.loading') };
  if (view.kind === 'chooser') return { tone: 'neutral', word: t('panel.tab.choose') };
  // Nothing that this person could mend.
  if (view.kind === 'unavailable' && (view.code === 'role-excludes' || view.code === 'erased'))
    return { tone: 'neutral', word: t('panel.tab.notShown') };
  if (view.kind === 'unavailable') return { tone: 'warn', word: t('panel.tab.needsYou') };
  return applicationStatus(view, state.link === 'offline');
}

function applicationStatus(view: ApplicationView, isOffline: boolean): TabStatus {
  const newest = sortInvitations(view.invitations).current[0];
  if (newest) return { tone: invitationTone(newest), word: newestWord(newest) };
  if (isOffline) return { tone: 'warn', word: t('panel.link.offline') };
  if (view.troubles.length > 0 || view.assessments.length === 0) return { tone: 'warn', word: t('panel.tab.needsYou') };
  const isWaitingForTag = view.stageRole === 'assessment' && !view.assessments.some((choice) => choice.onCandidate);
  return isWaitingForTag ? { tone: 'warn', word: t('panel.tab.noTag') } : { tone: 'neutral', word: t('panel.tab.ready') };
}

function newestWord({ state, result }: InvitationView): string {
  if (!result) return t(`panel.state.${state}`);
  return scoreText(result) ?? result.rating ?? t('panel.state.scored');
}
