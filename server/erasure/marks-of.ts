import type { InferSelectModel } from 'drizzle-orm';
import type { invitations } from '../storage/schema.ts';
import type { ErasedMark } from './erased-marks.ts';
import type { ErasureSubject } from './erasure-subject.ts';
import type { FoundApplication } from './find-applications.ts';

type InvitationRow = InferSelectModel<typeof invitations>;

/** What the ATS itself would name them by. */
export function marksOfSubject(
  connectionId: string,
  { applicationIds, candidateIds, goneCandidateIds }: ErasureSubject,
): ErasedMark[] {
  return [
    ...applicationIds.map((id) => ({ what: 'application', scope: connectionId, id }) as const),
    ...[...candidateIds, ...goneCandidateIds].map((id) => ({ what: 'candidate', scope: connectionId, id }) as const),
  ];
}

/** What else they are named by: their applications, and their invitations at the vendors. */
export function marksOfRows(
  connectionId: string,
  {
    found,
    invited,
    last = [],
  }: { found: readonly FoundApplication[]; invited: readonly InvitationRow[]; last?: readonly string[] },
): ErasedMark[] {
  return [
    ...last.map((id) => ({ what: 'last-candidate', scope: connectionId, id }) as const),
    ...found.map(({ applicationId }) => ({ what: 'application', scope: connectionId, id: applicationId }) as const),
    ...invited.flatMap(({ id, vendorConnectionId: scope, externalId, person }): ErasedMark[] => [
      { what: 'invitation', scope, id },
      ...(externalId ? [{ what: 'vendor-invitation', scope, id: externalId } as const] : []),
      { what: 'vendor-person', scope, id: person },
    ]),
  ];
}
