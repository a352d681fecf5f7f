import { and, eq, inArray, lte } from 'drizzle-orm';
import type { Services } from '../services.ts';
import { failureKeys } from '../storage/failures.repository.ts';
import { failures } from '../storage/schema.ts';

/** A look at the ATS came to its end, though perhaps not by the list of changes: the looks work again. */
export async function settleLook({ db, clock }: Services, connectionId: string): Promise<void> {
  await db
    .update(failures)
    .set({ state: 'settled', closedAt: clock.now() })
    .where(and(eq(failures.key, failureKeys.job('sweep', connectionId)), inArray(failures.state, ['open', 'retried'])));
}

/**
 * A look at the ATS saw all that has changed: what webhooks missed until then is found. So a gap is settled for which somebody asked for this
 * look, or for an earlier one; and the looks work again.
 */
export async function settleSwept(
  services: Services,
  { connectionId, startedAt }: { connectionId: string; startedAt: Date },
): Promise<void> {
  const { db, clock } = services;
  await settleLook(services, connectionId);
  await db
    .update(failures)
    .set({ state: 'settled', closedAt: clock.now() })
    .where(
      and(
        eq(failures.connectionId, connectionId),
        eq(failures.kind, 'gap'),
        eq(failures.state, 'retried'),
        lte(failures.closedAt, startedAt),
      ),
    );
}
