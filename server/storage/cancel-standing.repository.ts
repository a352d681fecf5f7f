import { and, eq, gt, inArray, ne } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../services.ts';
import { stageIdOfKey } from '../workflow/known-entries.ts';
import { applications, effects, invitations } from './schema.ts';

/** What holds by now about an invitation whose cancelling had to wait. */
export interface CancelStanding {
  /** The application is active, and in the stage that the invitation belongs to. */
  isBack: boolean;
  /** Since when it has been gone without a break, ISO 8601, where that is known. */
  goneSince: string | null;
  /** Somebody has had it sent, or sent again, after the cancelling was asked for. */
  sentAgain: boolean;
}

/** Null where the invitation is gone. */
export async function readCancelStanding(
  db: Database,
  { effectKey, invitationId }: { effectKey: string; invitationId: string },
): Promise<CancelStanding | null> {
  const [row] = await db
    .select({ state: applications.state, snapshot: applications.snapshot, stageEntryKey: invitations.stageEntryKey })
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
        // What was asked for and refused went to nobody.
        ne(effects.state, 'failed'),
      ),
    )
    .limit(1);
  const { state, snapshot, stageEntryKey } = row;
  const isHere = !state.deleted && (snapshot?.status === 'active' || snapshot?.status === 'prospect');
  return {
    isBack: isHere && (stageEntryKey === null || stageIdOfKey(stageEntryKey) === snapshot.stage?.id),
    goneSince: state.leaving?.first ?? state.leaving?.since ?? null,
    sentAgain: later.length > 0,
  };
}
