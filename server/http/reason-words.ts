import type { Happening } from '../../lib/contract/panel.ts';
import type { Reason, ReasonCode } from '../../lib/domain/reason.ts';
import { say } from '../say.ts';

/** Values that a sentence may mention and an event may not know; an empty word reads better than no sentence. */
const BLANKS = {
  assessment: '',
  vendor: '',
  word: '',
  says: '',
  hook: 'Another system',
  event: '',
  stage: '',
  tag: '',
  tags: '',
  by: 'Tagalong',
  email: '',
  detail: '',
  how: '',
  ats: 'the ATS',
  minutes: '',
  seconds: '',
  state: '',
  status: '',
  job: 'another job',
  reason: '',
  nextStep: '',
  offerStatus: '',
  until: '',
  before: '',
};

/** A reason as the sentence that a recruiter reads. */
export function reasonWords(reason: Reason): string {
  const values = Object.fromEntries(Object.entries(reason.values).filter(([, value]) => value !== ''));
  return (
    say(`reason.${reason.code}`, { ...BLANKS, ...values, how: howWords(values.how) })
      .replace(/ {2,}/g, ' ')
      // Closed for a reason that the ATS does not tell.
      .replace(/: *\.$/, '.')
      .trim()
  );
}

/** How a candidate left, as the end of a sentence; moving on is the plain case and needs no words. */
function howWords(how: string | undefined): string {
  if (how === 'archived') return say('server.how.archived');
  if (how === 'deleted') return say('server.how.deleted');
  return how === 'hired' ? say('server.how.hired') : '';
}

/** Steps on the way that would only hide what matters; they stay in the record. What can be mended is never one of them. */
const QUIET: ReadonlySet<ReasonCode> = new Set([
  'stage-entered',
  'not-sent-before-start',
  'left-nothing-open',
  'send-released',
  'late-report-dropped',
  // The send itself says so already.
  'already-called-off',
  'undo-not-needed',
  'result-unchanged',
  'outcome-kept',
  'reminder-due',
  'reminder-skipped',
  'settings-kept',
  'advance-still-waits',
]);

export function isQuiet({ code, mend }: Reason): boolean {
  return QUIET.has(code) && !mend;
}

const ATTENTION: ReadonlySet<ReasonCode> = new Set([
  'invitation-failed',
  'invitation-unconfirmed',
  'tag-failed',
  'tag-unconfirmed',
  'tag-not-removed',
  'tag-removal-unconfirmed',
  'note-failed',
  'note-unconfirmed',
  'fields-failed',
  'fields-unconfirmed',
  'link-failed',
  'link-unconfirmed',
  'report-failed',
  'report-unconfirmed',
  'feedback-failed',
  'feedback-unconfirmed',
  'feedback-not-revised',
  'stage-move-failed',
  'stage-move-unconfirmed',
  'outcome-not-told',
  'outcome-unconfirmed',
  'advance-failed',
  'transfer-failed',
  'reject-failed',
  'archive-failed',
  'unreject-failed',
  'hire-failed',
  'change-unconfirmed',
  'cancel-failed',
  'cancel-unconfirmed',
  'resend-failed',
  'resend-unconfirmed',
  'extension-failed',
  'extension-unconfirmed',
  'settings-failed',
  'settings-unconfirmed',
  'reminder-failed',
  'reminder-unconfirmed',
  'left-started-ask',
  'review-needed',
  'not-advanced-flagged',
  'not-advanced-stages-unread',
  'not-undone',
  'not-visible',
  'candidate-anonymised',
  'application-deleted',
]);

const DONE: ReadonlySet<ReasonCode> = new Set([
  'resend-done',
  'extension-done',
  'reminder-sent',
  'invitation-sent',
  'invitation-sent-by-link',
  'result-reported',
  'result-entered',
  'stage-moved',
  'advance-done',
  'transfer-done',
  'reject-done',
  'archive-done',
  'unreject-done',
  'hire-done',
  'invitation-cancelled',
]);

export function toneOf(code: ReasonCode): Happening['tone'] {
  if (code.startsWith('not-sent-') || ATTENTION.has(code)) return 'attention';
  return DONE.has(code) ? 'done' : 'info';
}

/** True when a decision said no to what was asked. */
export function isRefusal(code: ReasonCode): boolean {
  return code.startsWith('not-') || code === 'cancel-failed' || code === 'late-report-dropped';
}
