import type { Assessment } from '../../lib/domain/assessment.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import type { InvitationOrder } from '../../server/vendors/port.ts';

export const INVITATION_ID = '0f8fad5b-d9cb-469f-a165-70867728950e';

/** An order to invite Ada, with the assessment changed as given. */
export function makeOrder(assessment: Partial<Assessment> = {}, order: Partial<InvitationOrder> = {}): InvitationOrder {
  return {
    invitationId: INVITATION_ID,
    assessment: {
      id: 'assessment-1',
      vendorConnectionId: 'connection-1',
      vendor: 'coderbyte',
      externalId: 'senior-swe-1',
      name: 'Senior SWE',
      kind: 'test',
      durationMinutes: 60,
      tag: 'Senior SWE',
      passMark: 70,
      deadlineDays: 7,
      linkTemplate: 'https://vendor.example/start?who={email}&name={name}&ref={invitation}',
      handover: 'our e-mail',
      archived: false,
      ...assessment,
    },
    email: 'ada+jobs@example.com',
    candidateName: 'Ada Lovelace',
    message: 'See you soon',
    expiresAt: '2026-11-28T12:00:00.000Z',
    attempt: 1,
    profileUrl: 'https://hire.lever.co/candidates/1',
    ...order,
  };
}

/** The invitation that came of `makeOrder`, now out. */
export function makeInvitation(change: Partial<Invitation> = {}): Invitation {
  const { assessment, email } = makeOrder();
  return {
    id: INVITATION_ID,
    vendorConnectionId: assessment.vendorConnectionId,
    assessmentId: assessment.id,
    assessmentExternalId: assessment.externalId,
    assessmentName: assessment.name,
    tag: assessment.tag,
    person: email,
    email,
    attempt: 1,
    state: 'sent',
    raisedBy: { kind: 'member', memberId: 'member-1', name: 'Ben' },
    stageEntryKey: null,
    dueAt: null,
    createdAt: '2026-11-21T11:59:00.000Z',
    sentAt: '2026-11-21T12:00:00.000Z',
    startedAt: null,
    submittedAt: null,
    closedAt: null,
    expiresAt: null,
    externalId: null,
    unverified: false,
    handover: 'our e-mail',
    options: {},
    trouble: null,
    result: null,
    version: 1,
    ...change,
  };
}
