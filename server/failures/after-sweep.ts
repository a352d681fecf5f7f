import { and, eq, inArray, lte, or } from 'drizzle-orm';
import type { Services } from '../services.ts';
import { failureKeys } from '../storage/failures.repository.ts';
import { failures } from '../storage/schema.ts';

/**
 * A look at the ATS came to its end: what webhooks missed until then is found. So a gap is settled for which somebody asked for this look, or
 * for an earlier one; and the looks work again.
 */
export async function settleSwept(
  { db, clock }: Services,
  { connectionId, startedAt }: { connectionId: string; startedAt: Date },
): Promise<void> {
  const isAskedFor = and(eq(failures.kind, 'gap'), eq(failures.state, 'retried'), lte(failures.closedAt, startedAt));
  const isLook = and(eq(failures.key, failureKeys.job('sweep', connectionId)), inArray(failures.state, ['open', 'retried']));
  await db
    .update(failures)
    .set({ state: 'settled', closedAt: clock.now() })
    .where(and(eq(failures.connectionId, connectionId), or(isAskedFor, isLook)));
}
