import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../services.ts';
import { invitations } from './schema.ts';

const uuidSchema = z.uuid();

/**
 * Of what a vendor found, all but those that carry the id of an invitation of this connection. An id that nobody here knows is of another
 * server of ours, or was given after the backup from which this one went on: that one is as much from outside as one that was made by hand.
 */
export async function withoutOwn<Found extends { invitationId: string | null }>(
  db: Database,
  found: readonly Found[],
  { vendorConnectionId }: { vendorConnectionId: string },
): Promise<Found[]> {
  const ids = found.flatMap(({ invitationId }) => uuidSchema.safeParse(invitationId).data ?? []);
  if (ids.length === 0) return [...found];
  const isOwn = and(inArray(invitations.id, ids), eq(invitations.vendorConnectionId, vendorConnectionId));
  const own = new Set((await db.select({ id: invitations.id }).from(invitations).where(isOwn)).map(({ id }) => id));
  return found.filter(({ invitationId }) => invitationId === null || !own.has(invitationId.toLowerCase()));
}
