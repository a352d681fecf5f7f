import { isOpen } from '../../../lib/domain/invitation.ts';
import type { WorkflowEvent } from '../event.ts';
import type { Policy } from '../policy.ts';
import { nameOf, personKey, recordOutside } from '../prepare-invitation.ts';
import { addInvitation, because, type Step } from '../step.ts';

type Attached = Extract<WorkflowEvent, { type: 'invitation.attached' }>;

/**
 * Somebody was invited at the vendor by hand, and a person says that it belongs here. Nothing is sent, no note says that anything was; from now
 * on it is like any other. One that we know already, here or elsewhere, is not taken in twice.
 */
export function attach(step: Step, event: Attached, policy: Policy, now: Date): Step {
  const { snapshot, email, externalId } = event;
  const assessment = policy.assessments.find(({ id }) => id === event.assessmentId);
  const values = { assessment: assessment?.name ?? '', by: nameOf(event.by), email };
  if (!assessment || !snapshot) return because(step, 'not-attached', values);
  const elsewhere = step.state.elsewhere.find((other) => isSame(other, event, assessment) && other.state !== 'undone');
  if (elsewhere) return because(step, 'not-attached-elsewhere', { ...values, job: elsewhere.jobName ?? '' });
  const here = step.state.invitations.some((own) => isSame(own, event, assessment) && own.state !== 'undone');
  if (here) return because(step, 'not-attached-known', values);
  const sentAt = event.invitedAt ?? now.toISOString();
  const wish = {
    id: event.invitationId,
    assessment,
    email,
    raisedBy: event.by,
    options: {},
    retake: true,
    holdSeconds: 0,
  };
  const invitation = {
    ...recordOutside({ state: step.state, snapshot, policy, now, wish }),
    state: 'sent' as const,
    sentAt,
    externalId,
    expiresAt: event.expiresAt,
  };
  return because(addInvitation(step, invitation), 'invitation-attached', values);
}

interface Known {
  vendorConnectionId: string;
  assessmentExternalId: string;
  person: string;
  state: Parameters<typeof isOpen>[0];
  externalId?: string | null;
}

/** The vendor's id says it. Without one, or while one is open, a vendor tells nobody of several invitations of one person apart. */
function isSame(
  one: Known,
  { externalId, email }: Attached,
  assessment: { vendorConnectionId: string; externalId: string },
): boolean {
  if (one.vendorConnectionId !== assessment.vendorConnectionId) return false;
  if (externalId !== null && one.externalId === externalId) return true;
  const isOfPerson = one.assessmentExternalId === assessment.externalId && one.person === personKey(email);
  return isOfPerson && (externalId === null || isOpen(one.state));
}
