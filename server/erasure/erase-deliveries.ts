import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../services.ts';
import { connections, deliveries } from '../storage/schema.ts';
import type { FoundDelivery } from './look-for-deliveries.ts';
import { isAbout, type NamedBy, textsAt, toPattern } from './named-by.ts';

/**
 * Empties the bodies of these stored webhooks, which name them, and takes them out of their hints. What is left tells of others, and that a
 * webhook came. Answers the ids.
 */
export async function eraseDeliveries(
  tx: Transaction,
  { rows, named, now }: { rows: readonly FoundDelivery[]; named: NamedBy; now: Date },
): Promise<number[]> {
  const keyPattern = toPattern([...textsAt(named, 'ats'), ...named.externalIds]);
  const relayed = await findRelayed(tx, rows);
  for (const { id, connectionId, hints, relayedAt, outcome } of rows) {
    const waits = relayedAt === null && relayed.has(connectionId);
    const left = hints.filter((hint) => !isAbout(named, hint) || (waits && isPerhapsNew(named, hint)));
    const isErased = left.length === 0;
    await tx
      .update(deliveries)
      .set({
        body: null,
        hints: left,
        error: null,
        outcome: isErased ? 'erased' : outcome,
        relayedAt: isErased ? (relayedAt ?? now) : relayedAt,
        // Its repeat is then another delivery, and finds them erased.
        deliveryKey: sql`case when ${deliveries.deliveryKey} ~* ${keyPattern ?? '$^'} then 'erased:' || ${deliveries.id} else ${deliveries.deliveryKey} end`,
      })
      .where(eq(deliveries.id, id));
  }
  return rows.map(({ id }) => id);
}

/** The connections whose webhooks are passed on; what waits at another one may wait for ever. */
async function findRelayed(tx: Transaction, rows: readonly FoundDelivery[]): Promise<ReadonlySet<string>> {
  const ids = [...new Set(rows.map(({ connectionId }) => connectionId))];
  const on = await tx
    .select({ id: connections.id })
    .from(connections)
    .where(and(inArray(connections.id, ids), eq(connections.enabled, true)));
  return new Set(on.map(({ id }) => id));
}

/** Of the person, by an application that is none of those that go: they may have applied for it since, which the relay finds out. */
function isPerhapsNew({ applicationIds }: NamedBy, { applicationId }: Record<string, unknown>): boolean {
  return typeof applicationId === 'string' && !applicationIds.has(applicationId);
}
