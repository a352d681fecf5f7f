import type { InvitationView, ResultView } from '../../lib/contract/panel.ts';
import { type Assessment, vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import { type Invitation, isOpen } from '../../lib/domain/invitation.ts';
import { type Member, mayActAs } from '../../lib/domain/member.ts';
import type { ReasonCode } from '../../lib/domain/reason.ts';
import { REASON_CODES } from '../../lib/domain/reason.ts';
import { hasPassed, isMarked, shownPercent, type VendorResult } from '../../lib/domain/result.ts';
import type { VendorCapabilities } from '../vendors/port.ts';
import { toPublicLink } from '../vendors/to-public-link.ts';
import { nameOf } from '../workflow/prepare-invitation.ts';
import type { FollowUp } from './follow-ups.ts';
import { reasonWords } from './reason-words.ts';
import { reviewWords } from './review-words.ts';

interface InvitationCase {
  invitation: Invitation;
  assessment: Assessment | null;
  /** Null when the vendor's connection is gone: then nothing can be done there any more. */
  capabilities: VendorCapabilities | null;
  /** What else can be done with it at its vendor. */
  followUps: readonly FollowUp[];
  hasLink: boolean;
  member: Member;
  /** Another invitation for the same assessment is open. */
  isOpenElsewhere: boolean;
  /** For sentences about them. */
  candidateName: string | null;
}

/** One invitation as the panel shows it, with the buttons that can work for this member now, and no others. */
export function invitationView(given: InvitationCase): InvitationView {
  const { invitation, assessment, member } = given;
  const { raisedBy } = invitation;
  return {
    id: invitation.id,
    assessmentId: invitation.assessmentId,
    assessmentName: invitation.assessmentName,
    tag: invitation.tag,
    vendorName: assessment ? vendorNameOfAssessment(assessment) : '',
    kind: assessment?.kind ?? 'test',
    email: invitation.email,
    attempt: invitation.attempt,
    state: invitation.state,
    unverified: invitation.unverified,
    by: {
      name: nameOf(raisedBy),
      isYou: raisedBy.kind === 'member' && raisedBy.memberId === member.id,
      isRule: raisedBy.kind === 'rule',
    },
    dueAt: invitation.dueAt,
    createdAt: invitation.createdAt,
    sentAt: invitation.sentAt,
    startedAt: invitation.startedAt,
    submittedAt: invitation.submittedAt,
    closedAt: invitation.closedAt,
    expiresAt: invitation.expiresAt,
    handover: invitation.handover,
    trouble: troubleOf(invitation),
    ...(invitation.trouble?.values.about === 'address' && { isAddressRefused: true }),
    ...(invitation.trouble?.values.about === 'outside' && { isInvitedOutside: true }),
    ...saidBy(invitation),
    review: reviewWords(invitation, given.candidateName),
    result: invitation.result ? resultView(asSeenBy(member, invitation.result), assessment?.passMark ?? null) : null,
    actions: mayActAs(member.role, 'recruiter') ? actionsOf(given) : [],
  };
}

/** Only while it is open: afterwards we know more than the word. */
function saidBy({ state, options: { vendorSays } }: Invitation): Pick<InvitationView, 'vendorSays'> {
  return vendorSays === undefined || vendorSays === 'sent' || !isOpen(state) ? {} : { vendorSays };
}

function troubleOf(invitation: Invitation): string | null {
  const { trouble } = invitation;
  if (!trouble) return null;
  const code = REASON_CODES.find((known): known is ReasonCode => known === trouble.code);
  return code ? reasonWords({ code, values: { assessment: invitation.assessmentName, ...trouble.values } }) : null;
}

/** A link that opens something by itself is for those who may act. */
function asSeenBy({ role }: Member, result: VendorResult): VendorResult {
  return mayActAs(role, 'recruiter') ? result : { ...result, reportUrl: toPublicLink(result.reportUrl) };
}

function resultView(result: VendorResult, mark: number | null): ResultView {
  const isByMark = isMarked(result) && mark !== null;
  const passMark = result.lacksMaximum ? null : mark;
  const passedBasis = isByMark || result.status === 'voided' ? undefined : result.passed?.basis;
  return { ...result, percent: shownPercent(result.score, passMark), passed: hasPassed(result, passMark), passedBasis, passMark };
}

function actionsOf({ invitation, capabilities, followUps, hasLink, isOpenElsewhere }: InvitationCase): InvitationView['actions'] {
  const { state } = invitation;
  const actions: InvitationView['actions'] = [];
  if (state === 'held') actions.push('undo');
  if (invitation.review) actions.push('close-review');
  if (state === 'sent' || state === 'started' || state === 'unconfirmed') actions.push('cancel');
  if (state === 'unconfirmed' || (state === 'failed' && !isOpenElsewhere)) actions.push('send-again');
  if (state === 'unconfirmed') actions.push('mark-sent');
  if (hasLink && isOpen(state)) actions.push('copy-link');
  const byHand = capabilities?.results === 'by-hand';
  if (byHand && (state === 'sent' || state === 'started' || state === 'submitted' || state === 'scored'))
    actions.push('enter-result');
  const canRetake = capabilities?.retakes !== false;
  if (!isOpen(state) && state !== 'failed' && !isOpenElsewhere && canRetake) actions.push('retake');
  return [...actions, ...followUps];
}
