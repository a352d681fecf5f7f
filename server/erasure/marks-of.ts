import type { InferSelectModel } from 'drizzle-orm';
import type { invitations } from '../storage/schema.ts';
import type { ErasedMark } from './erased-marks.ts';
import type { ErasureSubject } from './erasure-subject.ts';
import type { FoundApplication } from './find-applications.ts';

type InvitationRow = InferSelectModel<typeof invitations>;

/** In lower case, each once: those that the ATS showed last, those that were invited, and `others`. */
export function addressesOf({
  found,
  invited,
  others = [],
}: {
  found: readonly FoundApplication[];
  invited: readonly InvitationRow[];
  others?: readonly string[];
}): string[] {
  const all = [
    ...found.flatMap(({ snapshot }) => snapshot?.emails ?? []),
    ...invited.flatMap(({ person, email }) => [person, email]),
    ...others,
  ];
  return [...new Set(all.map((email) => email.trim().toLowerCase()))].filter(Boolean);
}

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

/**
 * What else they are named by: their applications, their invitations at the vendors, and every address of theirs, with which somebody may
 * have invited them by hand; not what was only typed into a click, which may be anybody's. That others have it, too, or will, is asked where
 * a mark is looked for.
 */
export function marksOfRows(
  connectionId: string,
  {
    found,
    invited,
    last = [],
  }: {
    found: readonly FoundApplication[];
    invited: readonly InvitationRow[];
    last?: readonly string[];
  },
): ErasedMark[] {
  const addresses = addressesOf({ found, invited });
  return [
    ...addresses.map((id) => ({ what: 'address', scope: '', id }) as const),
    ...last.map((id) => ({ what: 'last-candidate', scope: connectionId, id }) as const),
    ...found.map(({ applicationId }) => ({ what: 'application', scope: connectionId, id: applicationId }) as const),
    ...invited.flatMap(({ id, vendorConnectionId: scope, externalId, person }): ErasedMark[] => [
      { what: 'invitation', scope, id },
      ...(externalId ? [{ what: 'vendor-invitation', scope, id: externalId } as const] : []),
      { what: 'vendor-person', scope, id: person },
    ]),
  ];
}
