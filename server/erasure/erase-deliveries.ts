import { and, asc, eq, inArray, ne, or, sql } from 'drizzle-orm';
import type { Transaction } from '../services.ts';
import { deliveries } from '../storage/schema.ts';
import { isAbout, type NamedBy, textsAt, toPattern } from './named-by.ts';

/**
 * Empties the body of every stored webhook that names them, wherever in it that is, and takes them out of its hints. What is left tells
 * of others, and that a webhook came. Answers the ids. Reads every body that is kept, which are those of 30 days at most.
 */
export async function eraseDeliveries(
  tx: Transaction,
  { connectionId, named, now }: { connectionId: string; named: NamedBy; now: Date },
): Promise<number[]> {
  const names = (side: 'ats' | 'vendor') => {
    const pattern = toPattern(textsAt(named, side));
    return pattern === null
      ? sql`false`
      : sql`(encode(coalesce(${deliveries.body}, ''::bytea), 'escape') ~* ${pattern} or ${deliveries.hints}::text ~* ${pattern}
          or ${deliveries.deliveryKey} ~* ${pattern} or coalesce(${deliveries.error}, '') ~* ${pattern})`;
  };
  const rows = await tx
    .select({ id: deliveries.id, hints: deliveries.hints, relayedAt: deliveries.relayedAt, outcome: deliveries.outcome })
    .from(deliveries)
    .where(
      or(
        and(eq(deliveries.connectionId, connectionId), names('ats')),
        and(ne(deliveries.connectionId, connectionId), names('vendor')),
      ),
    )
    .orderBy(asc(deliveries.id))
    .for('update');
  const keyPattern = toPattern([...textsAt(named, 'ats'), ...named.externalIds]);
  for (const { id, hints, relayedAt, outcome } of rows) {
    const left = hints.filter((hint) => !isAbout(named, hint));
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
      .where(inArray(deliveries.id, [id]));
  }
  return rows.map(({ id }) => id);
}
