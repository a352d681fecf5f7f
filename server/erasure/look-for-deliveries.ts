import { and, asc, eq, notInArray, or, type SQL, sql } from 'drizzle-orm';
import type { Services, Transaction } from '../services.ts';
import { listOf } from '../storage/list-of.ts';
import { deliveries } from '../storage/schema.ts';
import { deliveryPieces, isInPiece, PIECE, type PieceSize } from './delivery-pieces.ts';
import { type NamedBy, textsAt, toSearches } from './named-by.ts';

/**
 * A number is drawn before what has it can be seen, so that a smaller one may come to light after a greater. What came in within this time
 * before the look began is left for the second one; the statement that stores it is given a sixth of it.
 */
const SETTLED_MS = 60_000;

/** Somebody of one ATS connection. */
export interface Wanted {
  connectionId: string;
  named: NamedBy;
}

/** What a look through the stored webhooks has found so far, before anything was locked. */
export interface DeliveryLook {
  /** For all of these at once. */
  wanted: readonly Wanted[];
  ids: number[];
  /** The last that was looked at. */
  upTo: number;
  size: PieceSize;
}

export function beginLook(wanted: readonly Wanted[], size: PieceSize = PIECE): DeliveryLook {
  return { wanted, ids: [], upTo: 0, size };
}

/**
 * Finds every stored webhook that names one of them, wherever in it that is. Reads every body that is kept, which are those of 30 days at
 * most, and the little that is left of older ones: in pieces, each a statement of its own, so that there may be any number of them. Outside
 * of a transaction, for it may take minutes. False: it may not go on just now, which is asked after each piece; later it is to go on where it ended.
 */
export async function lookOn(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  look: DeliveryLook,
  mayGoOn: () => Promise<boolean> = async () => true,
): Promise<boolean> {
  for (;;) {
    const settledBefore = new Date(clock.now().getTime() - SETTLED_MS);
    let pieces = 0;
    for await (const piece of deliveryPieces(db, { size: look.size, from: look.upTo, settledBefore })) {
      const found = await db
        .select({ id: deliveries.id })
        .from(deliveries)
        .where(and(isInPiece(piece), isNaming(look.wanted)));
      look.ids.push(...found.map(({ id }) => id));
      look.upTo = piece.last;
      pieces += 1;
      if (!(await mayGoOn())) return false;
    }
    // What came in during a long look is not left to be looked through under locks.
    if (pieces <= 1) return true;
  }
}

/** All at once, for one. */
export async function lookForDeliveries(
  services: Pick<Services, 'db' | 'clock'>,
  { size, ...wanted }: Wanted & { size?: PieceSize },
): Promise<DeliveryLook> {
  const look = beginLook([wanted], size);
  await lookOn(services, look);
  return look;
}

export type FoundDelivery = Pick<typeof deliveries.$inferSelect, 'id' | 'connectionId' | 'hints' | 'relayedAt' | 'outcome'>;

/**
 * Locks those that were found and name this one still, and those that have come in since, in the order of their ids. `wanted` must hold
 * nothing that was not looked for.
 */
export async function lockDeliveries(tx: Transaction, look: DeliveryLook, wanted: Wanted): Promise<FoundDelivery[]> {
  const { id, connectionId, hints, relayedAt, outcome } = deliveries;
  const rows: FoundDelivery[] = [];
  const found = sql`${id} = any${listOf('bigint', look.ids)}`;
  const parts = [...(look.ids.length > 0 ? [{ from: 0, only: found }] : []), { from: look.upTo, only: undefined }];
  for (const { from, only } of parts) {
    for await (const piece of deliveryPieces(tx, { size: look.size, from, only })) {
      const locked = await tx
        .select({ id, connectionId, hints, relayedAt, outcome })
        .from(deliveries)
        .where(and(isInPiece(piece), only, isNaming([wanted])))
        .orderBy(asc(id))
        .for('update');
      rows.push(...locked);
    }
  }
  return rows;
}

/** Whether one that names them has come to light since these `rows` were locked. Locks nothing, and reads what came in of late alone. */
export async function cameBetween(
  tx: Transaction,
  look: DeliveryLook,
  { rows, ...wanted }: Wanted & { rows: readonly FoundDelivery[] },
): Promise<boolean> {
  const locked = new Set(rows.map(({ id }) => id));
  for await (const piece of deliveryPieces(tx, { size: look.size, from: look.upTo })) {
    const found = await tx
      .select({ id: deliveries.id })
      .from(deliveries)
      .where(and(isInPiece(piece), isNaming([wanted])));
    if (found.some(({ id }) => !locked.has(id))) return true;
  }
  return false;
}

/** Whether all by which they are named now was looked for. */
export function wasLookedFor(before: NamedBy, now: NamedBy): boolean {
  return (['ats', 'vendor'] as const).every((side) => {
    const texts = new Set(textsAt(before, side));
    return textsAt(now, side).every((text) => texts.has(text));
  });
}

/** Each of them by what they are named by at their own ATS, and everywhere else by what means the same there. */
function isNaming(wanted: readonly Wanted[]): SQL | undefined {
  const own = [...new Set(wanted.map(({ connectionId }) => connectionId))];
  const textsIn = (place: string | null) => [
    ...new Set(wanted.flatMap(({ connectionId, named }) => textsAt(named, connectionId === place ? 'ats' : 'vendor'))),
  ];
  const { connectionId } = deliveries;
  return or(
    ...own.map((id) => and(eq(connectionId, id), holdsAny(textsIn(id)))),
    and(notInArray(connectionId, own), holdsAny(textsIn(null))),
  );
}

/**
 * Whether any of these stands in it as a whole word. To find a text is many times faster than to try a pattern with all of them, so a pattern
 * is tried only for one that is found; the whole is laid out once for all of them.
 */
function holdsAny(texts: readonly string[]): SQL {
  const wanted = toSearches(texts);
  const { body, hints, deliveryKey, error } = deliveries;
  const whole = sql`lower(concat_ws(' ', encode(coalesce(${body}, ''::bytea), 'escape'), ${hints}::text, ${deliveryKey}, ${error}) collate "C")`;
  const needles = sql.param(wanted.map(({ needle }) => needle));
  const patterns = sql.param(wanted.map(({ pattern }) => pattern));
  return sql`(select exists (select from unnest(${needles}::text[], ${patterns}::text[]) as search(needle, pattern)
      where case when strpos(held.whole, needle) > 0 then held.whole ~ pattern else false end)
    from (select ${whole} as whole offset 0) as held)`;
}
