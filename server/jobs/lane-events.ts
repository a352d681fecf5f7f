import type { Snapshot } from '../../lib/domain/application.ts';
import type { RaisedBy } from '../../lib/domain/invitation.ts';
import type { WorkflowEvent } from '../workflow/event.ts';
import type { Input, ReportedProgress } from '../workflow/input.ts';
import type { Claimed } from '../workflow/merge-result.ts';

/** What a vendor's API answered for an input, or why it could not be asked. */
export type VendorAnswer = { kind: 'report'; report: ReportedProgress } | { kind: 'claim' } | { kind: 'nothing' };

/** The events that an input stands for, now that what it hints at has been read. Pure. */
export function eventsOfInput(
  input: Input,
  given: { snapshot: Snapshot | null; freshId: string; answer: VendorAnswer },
): WorkflowEvent[] {
  const base = { snapshot: given.snapshot, freshId: given.freshId };
  switch (input.kind) {
    case 'send':
      return [{ ...base, ...input, type: 'invitation.requested', invitationId: given.freshId }];
    case 'attach':
      return attachEvents(base, input);
    case 'add-tag':
      return [{ ...base, ...input, type: 'tag.requested' }];
    case 'undone':
      return [{ ...base, ...input, type: 'invitation.undone' }];
    case 'called-off':
      return [{ ...base, ...input, type: 'invitation.called-off' }];
    case 'take-back':
      return [{ ...base, ...input, type: 'invitation.taken-back' }];
    case 'cancel':
      return [{ ...base, ...input, type: 'cancel.requested' }];
    case 'send-again':
      return [{ ...base, ...input, type: 'retry.requested' }];
    case 'resend':
      return [{ ...base, ...input, type: 'resend.requested' }];
    case 'extend':
      return [{ ...base, ...input, type: 'extension.requested' }];
    case 'extra-time':
      return [{ ...base, ...input, type: 'extra-time.requested' }];
    case 'correct-email':
      return [{ ...base, ...input, type: 'correction.requested' }];
    case 'mark-sent':
      return [{ ...base, ...input, type: 'sending.confirmed' }];
    case 'close-review':
      return [{ ...base, ...input, type: 'review.closed' }];
    case 'move':
      return [{ ...base, ...input, type: 'move.requested' }];
    case 'change':
      return [{ ...base, ...input, type: 'change.requested' }];
    case 'enter-result':
      return [{ ...base, type: 'result.reported', invitationId: input.invitationId, by: input.by, result: input.result }];
    case 'vendor-hint':
      return reportEvents(base, input.invitationId, { kind: 'vendor', vendor: input.vendor }, input, given.answer);
    // Whoever is meant is erased before anything is decided (find-erasure-word.ts).
    case 'anonymised':
      return [];
    // What a deletion means is taken from the reading, for which it stands.
    case 'deleted':
      return [];
    case 'poll':
      return reportEvents(base, input.invitationId, { kind: 'vendor', vendor: input.vendor }, null, given.answer);
    case 'effect':
      return [{ ...base, ...input.report }];
  }
}

/**
 * What a hint tells while the result behind it cannot be read yet: that the candidate is through, not verified. The result itself
 * waits for the vendor's answer. Pure.
 */
export function meanwhileEvents(input: Input, base: { snapshot: Snapshot | null; freshId: string }): WorkflowEvent[] {
  if (input.kind !== 'vendor-hint' || input.claim.result === null || input.claim.state !== 'scored') return [];
  const by: RaisedBy = { kind: 'vendor', vendor: input.vendor };
  const { startedAt, submittedAt } = input.claim;
  const { invitationId } = input;
  return [{ ...base, type: 'progress.reported', invitationId, by, state: 'submitted', verified: false, startedAt, submittedAt }];
}

/** It is taken in first; then what the vendor says of it is a report like any other. */
function attachEvents(
  base: { snapshot: Snapshot | null; freshId: string },
  input: Extract<Input, { kind: 'attach' }>,
): WorkflowEvent[] {
  const { kind: _, vendor, trusted, claim, ...wanted } = input;
  const attached: WorkflowEvent = { ...base, ...wanted, type: 'invitation.attached', invitationId: base.freshId };
  if (claim.state === 'sent' && !claim.result) return [attached];
  const by: RaisedBy = { kind: 'vendor', vendor };
  return [attached, ...reportEvents(base, base.freshId, by, { claim, trusted }, { kind: 'claim' })];
}

function reportEvents(
  base: { snapshot: Snapshot | null; freshId: string },
  invitationId: string,
  by: RaisedBy,
  hint: { claim: ReportedProgress; trusted: boolean } | null,
  answer: VendorAnswer,
): WorkflowEvent[] {
  if (answer.kind === 'nothing') return [];
  if (answer.kind === 'claim' && !hint) return [];
  const report = answer.kind === 'report' ? answer.report : hint?.claim;
  if (!report) return [];
  const verified = answer.kind === 'report' || hint?.trusted === true;
  if (report.result) {
    const isVerified = verified && report.result.verified;
    const result = { ...report.result, ...besidesOf(report.result, hint), verified: isVerified, enteredBy: null };
    return [{ ...base, type: 'result.reported', invitationId, by, result, ...claimedBy(hint, answer) }];
  }
  const { state, startedAt, submittedAt } = report;
  const isExpired = (report.timeExpired ?? hint?.claim.timeExpired) === true && state === 'submitted';
  const progress = {
    state,
    verified,
    startedAt,
    submittedAt,
    ...(isExpired && { timeExpired: true as const }),
    ...saidBy(report),
  };
  return [{ ...base, type: 'progress.reported', invitationId, by, ...progress }];
}

/** How old a webhook's word is: it may have been stored for long before it was taken, by hand perhaps, and a newer one came in between. */
function claimedBy(hint: { claim: ReportedProgress } | null, answer: VendorAnswer): { claimed?: Claimed } {
  const at = hint?.claim.result?.reportedAt;
  return at === undefined ? {} : { claimed: { what: answer.kind === 'claim' ? 'all' : 'besides', at } };
}

function saidBy({ says }: ReportedProgress): { says?: string } {
  return says === undefined ? {} : { says };
}

/**
 * What no report of an API tells, only the hint that made us read it: a reviewer's comment, that the clock ran out, and a thumb where the
 * report has none. Not every report has a place for one; it stays a claim, which never moves anybody.
 */
function besidesOf(
  result: NonNullable<ReportedProgress['result']>,
  hint: { claim: ReportedProgress } | null,
): Partial<NonNullable<ReportedProgress['result']>> {
  const { comment, verdict = null } = hint?.claim.result ?? {};
  const isClaimed = result.verdict === null && verdict !== null;
  const isExpired = hint?.claim.timeExpired === true || hint?.claim.result?.timeExpired === true;
  return {
    timeExpired: result.timeExpired || isExpired,
    ...(comment !== undefined && { comment }),
    ...(isClaimed && { verdict, claimedVerdict: true as const }),
  };
}
