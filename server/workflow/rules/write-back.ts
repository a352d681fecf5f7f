import type { Snapshot } from '../../../lib/domain/application.ts';
import { ATS_NAMES } from '../../../lib/domain/ats.ts';
import type { Invitation } from '../../../lib/domain/invitation.ts';
import type { VendorResult } from '../../../lib/domain/result.ts';
import { fieldStatusOf } from '../field-status.ts';
import type { Policy } from '../policy.ts';
import { isSameLink } from '../same-link.ts';
import type { ApplicationState } from '../state.ts';
import { ask, because, findInvitation, type Step } from '../step.ts';

interface WriteBackCase {
  before: ApplicationState;
  snapshot: Snapshot | null;
  policy: Pick<Policy, 'writeBack'>;
}

/**
 * Rule: what became of an invitation is written where the company wants to read it in the ATS. Whatever changed an invitation, it shows
 * in the difference between the record before and after, so that no way of changing one can be forgotten here.
 */
export function writeBack(step: Step, given: WriteBackCase): Step {
  const isGone = step.state.deleted || given.snapshot?.anonymised === true;
  if (isGone) return step;
  return step.state.invitations.reduce((soFar, invitation) => {
    const before = findInvitation(given.before, invitation.id);
    return before === invitation ? soFar : writeOne(soFar, { ...given, invitation, earlier: before });
  }, step);
}

interface Changed extends WriteBackCase {
  invitation: Invitation;
  earlier: Invitation | undefined;
}

function writeOne(step: Step, changed: Changed): Step {
  const { invitation, earlier } = changed;
  const written = writeFields(step, changed);
  const { result } = invitation;
  if (!result || result.version === earlier?.result?.version) return written;
  return writeResult(written, { ...changed, result });
}

/** The key says state, result and sending; the words themselves are found when it is written, so that the last one to run is right. */
function writeFields(step: Step, { invitation, earlier, policy }: Changed): Step {
  const version = (of: Invitation | undefined) => of?.result?.version ?? 0;
  const status = fieldStatusOf(invitation.state);
  const isOtherStatus = earlier === undefined || fieldStatusOf(earlier.state) !== status;
  const isOtherResult = version(earlier) !== version(invitation);
  const isNews = (policy.writeBack.status && isOtherStatus) || (policy.writeBack.score && isOtherResult);
  if (status === null || !isNews) return step;
  // One that is sent once more may go through the same states again.
  const sendings = step.state.effectKeys.filter((key) => key.startsWith(`send:${invitation.id}:`)).length;
  const key = `fields:${invitation.id}:${sendings}:${status}:${version(invitation)}`;
  return ask(step, { kind: 'write-fields', key, invitationId: invitation.id });
}

function writeResult(step: Step, given: Changed & { result: VendorResult }): Step {
  const { invitation, earlier, result, policy } = given;
  const { id: invitationId } = invitation;
  const isNewLink = result.reportUrl !== null && !isSameLink(result.reportUrl, earlier?.result?.reportUrl ?? null);
  const linked =
    policy.writeBack.reportLink && isNewLink
      ? ask(step, { kind: 'add-link', key: `link:${invitationId}:${result.version}`, invitationId })
      : step;
  // A file that is out of date by tomorrow would stay in the ATS for ever.
  const attached =
    policy.writeBack.reportFile && result.status === 'final'
      ? ask(linked, { kind: 'attach-report', key: `report:${invitationId}:${result.version}`, invitationId })
      : linked;
  return policy.writeBack.feedback ? writeFeedback(attached, given) : attached;
}

/**
 * Once, for the first result that is final and whose integrity check is over. A revised result adds no second form: two opinions in one
 * author's name would contradict each other. The note says "revised", and what happened says that the form was left as it was.
 */
function writeFeedback(step: Step, { invitation, earlier, result, snapshot }: Changed & { result: VendorResult }): Step {
  const key = `feedback:${invitation.id}`;
  if (step.state.effectKeys.includes(key)) {
    const values = { assessment: invitation.assessmentName, ats: snapshot ? ATS_NAMES[snapshot.ats] : '' };
    return earlier?.result && isOtherGrade(earlier.result, result) ? because(step, 'feedback-not-revised', values) : step;
  }
  if (result.status !== 'final' || result.integrity.status === 'pending') return step;
  // What nobody could verify is not said in a person's name.
  if (!result.verified) return because(step, 'feedback-not-verified', { assessment: invitation.assessmentName });
  return ask(step, { kind: 'write-feedback', key, invitationId: invitation.id });
}

/** Other words or another link leave an opinion as it was. */
function isOtherGrade(before: VendorResult, now: VendorResult): boolean {
  const grade = ({ status, score, rating, verdict, passed, integrity }: VendorResult) =>
    JSON.stringify([status, score?.value, score?.max, rating, verdict, passed?.value, integrity.status]);
  return grade(before) !== grade(now);
}
