import { and, asc, eq, gt, lte, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Services, Transaction } from '../services.ts';
import { listOf } from '../storage/list-of.ts';
import { deliveries } from '../storage/schema.ts';
import { deliveryPieces, PIECE, type Piece, type PieceSize } from './delivery-pieces.ts';
import { type NamedBy, textsAt, toPattern } from './named-by.ts';

/**
 * A number is drawn before what has it can be seen, so that a smaller one may come to light after a greater. What came in within this time
 * before the look began is left for the second one; the statement that stores it is given a sixth of it.
 */
const SETTLED_MS = 60_000;

/** What a look through the stored webhooks has found, before anything was locked. */
export interface DeliveryLook {
  connectionId: string;
  /** By what they were looked for. */
  named: NamedBy;
  ids: number[];
  /** The last that was looked at. */
  upTo: number;
  size: PieceSize;
}

/**
 * Finds every stored webhook that names them, wherever in it that is. Reads every body that is kept, which are those of 30 days at most: in
 * pieces, each a statement of its own, so that there may be any number of them. Outside of a transaction, for it may take minutes.
 */
export async function lookForDeliveries(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { connectionId, named, size = PIECE }: { connectionId: string; named: NamedBy; size?: PieceSize },
): Promise<DeliveryLook> {
  const look: DeliveryLook = { connectionId, named, ids: [], upTo: 0, size };
  const settledBefore = new Date(clock.now().getTime() - SETTLED_MS);
  for await (const piece of deliveryPieces(db, { size, settledBefore })) {
    const found = await db
      .select({ id: deliveries.id })
      .from(deliveries)
      .where(and(isIn(piece), isNaming(look, named)));
    look.ids.push(...found.map(({ id }) => id));
    look.upTo = piece.last;
  }
  return look;
}

export type FoundDelivery = Pick<typeof deliveries.$inferSelect, 'id' | 'hints' | 'relayedAt' | 'outcome'>;

/**
 * Locks those that were found and name them still, and those that have come in since, in the order of their ids. `named` must hold nothing
 * that was not looked for.
 */
export async function lockDeliveries(tx: Transaction, look: DeliveryLook, named: NamedBy): Promise<FoundDelivery[]> {
  const { id, hints, relayedAt, outcome } = deliveries;
  const rows: FoundDelivery[] = [];
  const found = sql`${id} = any${listOf('bigint', look.ids)}`;
  const parts = [...(look.ids.length > 0 ? [{ from: 0, only: found }] : []), { from: look.upTo, only: undefined }];
  for (const { from, only } of parts) {
    for await (const piece of deliveryPieces(tx, { size: look.size, from, only })) {
      const locked = await tx
        .select({ id, hints, relayedAt, outcome })
        .from(deliveries)
        .where(and(isIn(piece), only, isNaming(look, named)))
        .orderBy(asc(id))
        .for('update');
      rows.push(...locked);
    }
  }
  return rows;
}

/** Whether all by which they are named now was looked for. */
export function wasLookedFor(before: NamedBy, now: NamedBy): boolean {
  return (['ats', 'vendor'] as const).every((side) => {
    const texts = new Set(textsAt(before, side));
    return textsAt(now, side).every((text) => texts.has(text));
  });
}

function isIn({ after, last }: Piece): SQL | undefined {
  return and(gt(deliveries.id, after), lte(deliveries.id, last));
}

function isNaming({ connectionId }: Pick<DeliveryLook, 'connectionId'>, named: NamedBy): SQL | undefined {
  const names = (side: 'ats' | 'vendor') => {
    const pattern = toPattern(textsAt(named, side));
    return pattern === null
      ? sql`false`
      : sql`(encode(coalesce(${deliveries.body}, ''::bytea), 'escape') ~* ${pattern} or ${deliveries.hints}::text ~* ${pattern}
          or ${deliveries.deliveryKey} ~* ${pattern} or coalesce(${deliveries.error}, '') ~* ${pattern})`;
  };
  return or(
    and(eq(deliveries.connectionId, connectionId), names('ats')),
    and(ne(deliveries.connectionId, connectionId), names('vendor')),
  );
}
