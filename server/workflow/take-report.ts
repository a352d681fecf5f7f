import { type Invitation, isOpen, movesForward } from '../../lib/domain/invitation.ts';
import type { Reason, ReasonCode } from '../../lib/domain/reason.ts';
import type { VendorResult } from '../../lib/domain/result.ts';
import type { WorkflowEvent } from './event.ts';
import { heardAgain, isOnlyComment, type Late, lateParts, mergeLate, type ReportedResult } from './merge-result.ts';
import { ownDeadline } from './own-deadline.ts';
import type { Policy } from './policy.ts';
import { nameOf } from './prepare-invitation.ts';
import { withRevision } from './revision.ts';
import { tagOnResult } from './rules/act-on-result.ts';
import { advanceOnPass } from './rules/advance-on-pass.ts';
import { placeOf } from './same-link.ts';
import type { ApplicationState } from './state.ts';
import { ask, because, changeInvitation, findInvitation, type Step } from './step.ts';

type Progress = Extract<WorkflowEvent, { type: 'progress.reported' }>;
type ResultReported = Extract<WorkflowEvent, { type: 'result.reported' }>;

/**
 * Progress from outside only ever moves forward. What is reported of an invitation whose sending was never confirmed settles
 * that too.
 */
export function takeProgress(step: Step, event: Progress, policy: Policy, now: Date): Step {
  const invitation = findInvitation(step.state, event.invitationId);
  if (!invitation) return because(step, 'late-report-dropped', { state: event.state });
  const values = { assessment: invitation.assessmentName, by: nameOf(event.by), state: event.state };
  if (tellsTimeExpired(invitation, event)) {
    const options = { ...invitation.options, timeExpired: true as const };
    return because(changeInvitation(step, invitation.id, { options }), progressReason(event), values);
  }
  if (tellsOverThere(invitation, event)) {
    const options = { ...invitation.options, vendorSays: event.state };
    return because(changeInvitation(step, invitation.id, { options }), 'vendor-says', { ...values, says: event.state });
  }
  const said = { ...values, says: event.says ?? '' };
  if (!isProgress(invitation, event)) {
    if (isOtherWord(invitation, event)) {
      const options = { ...invitation.options, vendorSays: event.says };
      return because(changeInvitation(step, invitation.id, { options }), 'vendor-says', said);
    }
    return because({ ...step, invitationId: invitation.id }, 'late-report-dropped', values);
  }
  const settled = settleSending(step, invitation, policy, now);
  const changed = changeInvitation(settled, invitation.id, progressOf(invitation, event, now));
  const told = because(changed, progressReason(event), values);
  return isOtherWord(invitation, event) ? because(told, 'vendor-says', said) : told;
}

/** A word whose meaning we do not know is shown as it is, once; that it was sent goes without saying. */
function isOtherWord(invitation: Invitation, event: Progress): event is Progress & { says: string } {
  const { state, options } = invitation;
  return event.says !== undefined && state !== 'held' && isOpen(state) && event.says !== (options.vendorSays ?? 'sent');
}

/** Another message may have told before that the candidate is through; that the clock ran out is news all the same. */
function tellsTimeExpired({ state, options }: Invitation, event: Progress): boolean {
  return event.timeExpired === true && state === 'submitted' && options.timeExpired !== true;
}

/**
 * True once the vendor has said itself that nobody can take it any more. Of one that expired by our record alone it is not known: then a
 * result may still come, for as long as the vendor lets the candidate in.
 */
export function isOverThere({ options: { vendorSays } }: Pick<Invitation, 'options'>): boolean {
  return vendorSays === 'expired' || vendorSays === 'cancelled';
}

/** The vendor says so of one that expired here before. */
function tellsOverThere(invitation: Invitation, event: Progress): boolean {
  return invitation.state === 'expired' && saysOver(event) && !isOverThere(invitation);
}

function saysOver({ state, verified }: Progress): boolean {
  return verified && (state === 'expired' || state === 'cancelled');
}

/**
 * What has not gone out cannot have been started: then the vendor speaks of an earlier attempt. That the vendor has it says nothing of what we
 * hand over ourselves: it may still be on its way, or have failed.
 */
function isProgress(invitation: Invitation, event: Pick<Progress, 'state'>): boolean {
  if (event.state === 'sent' && invitation.handover !== 'vendor e-mail') return false;
  return invitation.state !== 'held' && isOpen(invitation.state) && movesForward(invitation.state, event.state);
}

/** Whether a report tells anything beyond the record. A vendor that is asked again and again mostly says the same. */
export function isNews(state: ApplicationState, event: WorkflowEvent): boolean {
  if (event.type !== 'progress.reported' && event.type !== 'result.reported') return true;
  const invitation = findInvitation(state, event.invitationId);
  if (!invitation) return false;
  if (event.type === 'result.reported') return newResult(invitation, event) !== null;
  return [isProgress, tellsTimeExpired, tellsOverThere, isOtherWord].some((tells) => tells(invitation, event));
}

function progressOf(invitation: Invitation, event: Progress, now: Date): Partial<Invitation> {
  const closed = event.state === 'expired' || event.state === 'cancelled' || event.state === 'scored';
  return {
    state: event.state,
    unverified: !event.verified,
    startedAt: event.startedAt ?? invitation.startedAt ?? (event.state === 'started' ? now.toISOString() : null),
    submittedAt: event.submittedAt ?? invitation.submittedAt ?? (event.state === 'submitted' ? now.toISOString() : null),
    options: {
      ...invitation.options,
      ...(event.timeExpired && { timeExpired: true }),
      ...(event.says !== undefined && { vendorSays: event.says }),
      ...(saysOver(event) && { vendorSays: event.state }),
    },
    closedAt: closed ? now.toISOString() : null,
    trouble: null,
  };
}

function progressReason(event: Progress): ReasonCode {
  switch (event.state) {
    case 'sent':
      return 'invitation-sent';
    case 'started':
      return event.verified ? 'invitation-started' : 'invitation-started-unverified';
    case 'submitted':
      return event.verified ? 'invitation-submitted' : 'invitation-submitted-unverified';
    case 'scored':
      return event.verified ? 'result-pending' : 'result-reported-unverified';
    case 'expired':
      return 'invitation-expired';
    case 'cancelled':
      return 'invitation-cancelled';
  }
}

/**
 * A sign of life proves that the invitation went out, so its note is due even if the vendor's answer was lost, and so are its deadline and
 * the reminders before it. The vendor's own answer, when it comes after all, names the deadline anew.
 */
function settleSending(step: Step, invitation: Invitation, policy: Policy, now: Date): Step {
  if (invitation.sentAt) return step;
  const sentAt = now.toISOString();
  const sent = { sentAt, expiresAt: ownDeadline(invitation, sentAt, policy) };
  return askForSentNote(changeInvitation(step, invitation.id, sent), { ...invitation, ...sent });
}

/** The note follows from the invitation having gone out, never from the decision to send it. One per sending. */
export function askForSentNote(step: Step, invitation: Invitation): Step {
  const sendings = step.state.effectKeys.filter((key) => key.startsWith(`send:${invitation.id}:`)).length;
  return ask(step, {
    kind: 'write-note',
    key: `note:${invitation.id}:sent:${Math.max(1, sendings)}`,
    invitationId: invitation.id,
    note: {
      about: 'invitation-sent',
      assessment: invitation.assessmentName,
      email: invitation.email,
      at: invitation.sentAt ?? invitation.createdAt,
      because: sentBecause(invitation),
      byName: invitation.raisedBy.kind === 'member' ? invitation.raisedBy.name : null,
    },
  });
}

function sentBecause({ raisedBy, assessmentName, tag }: Invitation): Reason {
  return raisedBy.kind === 'rule'
    ? { code: 'sent-on-stage-entry', values: { assessment: assessmentName, tag, stage: raisedBy.stage } }
    : { code: 'send-requested', values: { assessment: assessmentName, by: nameOf(raisedBy) } };
}

/**
 * A result is never overwritten: what changes it makes the next version (see mergeResult), the same once more changes nothing. Nor does a
 * webhook's word that is older than what is known change what was said since.
 */
export function takeResult(step: Step, event: ResultReported, policy: Policy, now: Date): Step {
  const invitation = findInvitation(step.state, event.invitationId);
  if (!invitation) return because(step, 'late-report-dropped', { state: 'scored' });
  const values = { assessment: invitation.assessmentName, by: nameOf(event.by) };
  const before = invitation.result;
  if (invitation.state === 'held' || invitation.state === 'undone')
    return because({ ...step, invitationId: invitation.id }, 'not-saved', values);
  const late = event.claimed ? lateParts(before, event.result, event.claimed, now) : undefined;
  const reported = newResult(invitation, event, late);
  if (!reported) return takeUnchanged(step, { invitation, event, late, values });
  const revised = withRevision(before, reported, event.result.revision);
  const result: VendorResult = { ...revised, version: (before?.version ?? 0) + 1 };
  const settled = settleSending(step, invitation, policy, now);
  const changed = changeInvitation(settled, invitation.id, {
    state: 'scored',
    result,
    unverified: !result.verified,
    submittedAt: invitation.submittedAt ?? now.toISOString(),
    closedAt: invitation.closedAt ?? now.toISOString(),
    trouble: null,
  });
  const noted = askForResultNote(changed, { invitation, result, policy });
  const told = because(noted, resultReason(event), values);
  const given = { invitation, result, snapshot: event.snapshot, policy, now };
  return advanceOnPass(tagOnResult(told, given), given);
}

/**
 * That the vendor said the same once more is kept all the same: what came in between is older than that. So is the newest link, for the one
 * before may no longer open.
 */
function takeUnchanged(
  step: Step,
  given: { invitation: Invitation; event: ResultReported; late: Late | undefined; values: Record<string, string> },
): Step {
  const { invitation, event, late, values } = given;
  const known = invitation.result;
  const isLate = late !== undefined && late.size > 0;
  const again = known ? toldAgain(known, event, late) : null;
  const besides = (result: VendorResult | null) => JSON.stringify([result?.heardAt, result?.reportUrl]);
  const isNew = besides(again) !== besides(known);
  const same = { ...step, invitationId: invitation.id };
  const after = again && isNew ? changeInvitation(step, invitation.id, { result: again }) : same;
  return isLate
    ? because(after, 'late-report-dropped', { ...values, state: 'scored' })
    : because(after, 'result-unchanged', values);
}

/** The known result with what is no news: when it was heard, and how it is opened. */
function toldAgain(known: VendorResult, event: ResultReported, late: Late | undefined): VendorResult {
  const merged = mergeLate(known, event.result, { ...event, late });
  const heard = event.claimed ? heardAgain(known, merged) : known;
  return { ...heard, reportUrl: merged.reportUrl };
}

/** What only a comment is new in needs no other note, unless comments stand in it. */
function askForResultNote(
  step: Step,
  { invitation, result, policy }: { invitation: Invitation; result: VendorResult; policy: Policy },
): Step {
  const { id: invitationId, assessmentName: assessment, vendorConnectionId } = invitation;
  const withComment = result.comment !== undefined && policy.commentsInNotes.includes(vendorConnectionId);
  const before = invitation.result;
  if (!withComment && before && saysTheSame(withoutComment(before), withoutComment(result))) return step;
  return ask(step, {
    kind: 'write-note',
    key: `note:${invitationId}:result:${result.version}`,
    invitationId,
    note: { about: 'result', assessment, version: result.version, ...(withComment && { withComment }) },
  });
}

function withoutComment<Result extends ReportedResult>({ comment: _, ...rest }: Result): Omit<Result, 'comment'> {
  return rest;
}

function resultReason(event: ResultReported): ReasonCode {
  if (event.by.kind === 'member') return 'result-entered';
  return event.result.verified ? 'result-reported' : 'result-reported-unverified';
}

/** What the record says after this report; null when it tells nothing new, or nothing that makes a result yet. */
function newResult(
  { state, options, result: before }: Invitation,
  { result: next, claimed }: Pick<ResultReported, 'result' | 'claimed'>,
  late?: Late,
): ReportedResult | null {
  const isOver = before !== null || state === 'submitted' || state === 'scored';
  if (!isOver && isOnlyComment(next)) return null;
  const told = mergeLate(before, next, { claimed, late });
  const merged = options.timeExpired ? { ...told, timeExpired: true } : told;
  return before && saysTheSame(before, merged) ? null : merged;
}

/** When it was reported and heard, what it took the place of, and with what the report is opened, does not make it another result. */
function saysTheSame(a: ReportedResult, b: ReportedResult): boolean {
  const noNews = { version: 0, reportedAt: '', heardAt: undefined, revision: undefined };
  const content = (result: ReportedResult) =>
    JSON.stringify(sorted({ ...result, ...noNews, reportUrl: placeOf(result.reportUrl) }));
  return content(a) === content(b);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
