import { and, asc, gt, lte, type SQL, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../services.ts';
import { deliveries } from '../storage/schema.ts';

/** How much is looked through with one statement; it is more by one body at most. */
export interface PieceSize {
  rows: number;
  bytes: number;
}

/**
 * To look for one person takes some 20 ms for each MB, for twenty together some 150 ms, on a small machine ten times as much, and a statement
 * is given 10 s. The rows are for those whose body is gone: of them some hundred bytes are left, which name somebody still.
 */
export const PIECE: PieceSize = { rows: 5000, bytes: 4 * 1024 * 1024 };

/** Ids above `after`, up to `last`. */
export interface Piece {
  after: number;
  last: number;
}

export function isInPiece({ after, last }: Piece): SQL | undefined {
  return and(gt(deliveries.id, after), lte(deliveries.id, last));
}

/**
 * Goes through the stored webhooks in the order of their ids, one piece after the other: those that are meant by `only`, or all, and with
 * `settledBefore` no further than to the first that was received since.
 */
export async function* deliveryPieces(
  db: Database | Transaction,
  given: { size: PieceSize; from?: number; only?: SQL; settledBefore?: Date },
): AsyncGenerator<Piece> {
  for (let after = given.from ?? 0; ; ) {
    const { last, isEnd } = await findPiece(db, { ...given, after });
    if (last !== null) yield { after, last };
    if (last === null || isEnd) return;
    after = last;
  }
}

/** The size of a body stands beside it, so that none is read for this. */
async function findPiece(
  db: Database | Transaction,
  { after, size, only, settledBefore }: { after: number; size: PieceSize; only?: SQL; settledBefore?: Date },
): Promise<{ last: number | null; isEnd: boolean }> {
  const next = db
    .select({
      id: deliveries.id,
      receivedAt: deliveries.receivedAt,
      bytes: sql<number>`coalesce(octet_length(${deliveries.body}), 0)`.as('bytes'),
    })
    .from(deliveries)
    .where(and(gt(deliveries.id, after), only))
    .orderBy(asc(deliveries.id))
    .limit(size.rows)
    .as('next');
  const isSince = settledBefore ? sql`${next.receivedAt} >= ${settledBefore.toISOString()}::timestamptz` : sql`false`;
  const summed = db
    .select({
      id: next.id,
      fits: sql<boolean>`coalesce(sum(${next.bytes}) over (order by ${next.id} rows between unbounded preceding and 1 preceding), 0)
        < ${size.bytes}`.as('fits'),
      // Also after one that is not: a number in between may be drawn and not yet be seen.
      isSettled: sql<boolean>`not bool_or(${isSince}) over (order by ${next.id})`.as('is_settled'),
    })
    .from(next)
    .as('summed');
  const [found] = await db
    .select({
      last: sql<number | null>`max(${summed.id}) filter (where ${summed.fits} and ${summed.isSettled})`.mapWith(Number),
      isEnd: sql<boolean>`coalesce(bool_or(${summed.fits} and not ${summed.isSettled}), false)`,
    })
    .from(summed);
  return found ?? { last: null, isEnd: true };
}
