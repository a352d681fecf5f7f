/**
 * Why something happened, or did not. The code names a sentence of the message catalogue (`reason` in locales/en.json),
 * the values fill its gaps, the mend names what the reader can do about it. Only the edge turns it into words.
 */
export interface Reason {
  code: ReasonCode;
  values: Record<string, string>;
  mend?: Mend;
}

/** Each is one button in the panel. */
export type Mend =
  | { kind: 'send-now'; assessmentId?: string }
  | { kind: 'send-again'; invitationId: string }
  | { kind: 'enter-email'; assessmentId?: string }
  | { kind: 'open-settings'; section: 'greenhouse' | 'lever' | 'vendors' | 'assessments' | 'stages' | 'rules' }
  | { kind: 'check-again' };

export const REASON_CODES = [
  'sent-on-stage-entry',
  'send-requested',
  'send-released',
  'send-undone',
  'invitation-sent',
  'invitation-sent-by-link',
  'invitation-failed',
  'invitation-unconfirmed',
  'invitation-started',
  'invitation-started-unverified',
  'invitation-submitted',
  'invitation-submitted-unverified',
  'invitation-expired',
  'invitation-cancelled',
  'cancel-requested',
  'cancel-failed',
  'result-reported',
  'result-reported-unverified',
  'result-entered',
  'result-unchanged',
  'result-pending',
  'not-sent-no-tag',
  'not-sent-several-tags',
  'not-sent-unknown-tag',
  'not-sent-no-email',
  'not-sent-do-not-email',
  'not-sent-already-open',
  'not-sent-open-elsewhere',
  'not-sent-attempted-before',
  'not-sent-rule-off',
  'not-sent-before-start',
  'not-sent-left-stage',
  'not-sent-not-active',
  'not-sent-not-visible',
  'not-sent-anonymised',
  'not-sent-deleted',
  'not-sent-undated',
  'not-sent-stage-gone',
  'not-sent-vendor-off',
  'not-sent-assessment-gone',
  'not-sent-late-click',
  'looking-again-for-tag',
  'stage-entered',
  'own-move-echo',
  'leaving-grace',
  'left-cancelled',
  'left-started-ask',
  'left-nothing-open',
  'came-back',
  'advanced-on-pass',
  'not-advanced-not-passed',
  'not-advanced-flagged',
  'not-advanced-unverified',
  'not-advanced-other-open',
  'not-advanced-rule-off',
  'not-advanced-no-target',
  'not-advanced-left-stage',
  'not-advanced-no-verdict',
  'move-requested',
  'stage-moved',
  'stage-move-failed',
  'tag-requested',
  'tag-added',
  'tag-failed',
  'note-written',
  'note-failed',
  'note-unconfirmed',
  'outcome-changed',
  'application-archived',
  'application-hired',
  'not-visible',
  'candidate-anonymised',
  'application-deleted',
  'late-report-dropped',
  'visible-again',
  'not-cancelled',
  'not-sent-again',
  'not-saved',
  'tag-removed',
  'tag-not-removed',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];
