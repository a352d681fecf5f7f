import { and, eq, gt, inArray } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../services.ts';
import { applications, effects, invitations } from './schema.ts';

/** What holds by now about an invitation whose cancelling had to wait. */
export interface CancelStanding {
  /** Since when its application has left, ISO 8601; null while it is where the invitation belongs. */
  leavingSince: string | null;
  /** By the word of the ATS. */
  isDeleted: boolean;
  /** Somebody has had it sent, or sent again, after the cancelling was asked for. */
  sentAgain: boolean;
}

/** Null where the invitation is gone. */
export async function readCancelStanding(
  db: Database,
  { effectKey, invitationId }: { effectKey: string; invitationId: string },
): Promise<CancelStanding | null> {
  const [row] = await db
    .select({ state: applications.state })
    .from(invitations)
    .innerJoin(applications, eq(applications.key, invitations.applicationKey))
    .where(eq(invitations.id, invitationId));
  if (!row) return null;
  const own = alias(effects, 'own');
  const later = await db
    .select({ id: effects.id })
    .from(effects)
    .innerJoin(own, eq(own.key, effectKey))
    .where(
      and(
        eq(effects.invitationId, invitationId),
        inArray(effects.kind, ['send-invitation', 'resend-invitation']),
        gt(effects.createdAt, own.createdAt),
      ),
    )
    .limit(1);
  return { leavingSince: row.state.leaving?.since ?? null, isDeleted: row.state.deleted === true, sentAgain: later.length > 0 };
}
