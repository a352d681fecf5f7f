import { and, eq, inArray, notInArray } from 'drizzle-orm';
import { z } from 'zod';
import type { InvitationState } from '../../lib/domain/invitation.ts';
import type { Database } from '../services.ts';
import { invitations } from './schema.ts';

const uuidSchema = z.uuid();

/** Of these nobody here would know, if the vendor had one. */
const REACHED_NOBODY = ['undone', 'failed'] as const satisfies readonly InvitationState[];

/**
 * Of what a vendor found, all but those that carry the id of an invitation that went out from here. An id that nobody here knows is of
 * another server of ours, or was given after the backup from which this one went on; and with that of one that failed here another server
 * may have reached somebody. Those are as much from outside as one that was made by hand.
 */
export async function withoutOwn<Found extends { invitationId: string | null }>(
  db: Database,
  found: readonly Found[],
  { vendorConnectionId }: { vendorConnectionId: string },
): Promise<Found[]> {
  const ids = found.flatMap(({ invitationId }) => uuidSchema.safeParse(invitationId).data ?? []);
  if (ids.length === 0) return [...found];
  const isOwn = and(
    inArray(invitations.id, ids),
    eq(invitations.vendorConnectionId, vendorConnectionId),
    notInArray(invitations.state, [...REACHED_NOBODY]),
  );
  const own = new Set((await db.select({ id: invitations.id }).from(invitations).where(isOwn)).map(({ id }) => id));
  return found.filter(({ invitationId }) => invitationId === null || !own.has(invitationId.toLowerCase()));
}
