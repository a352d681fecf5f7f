import { and, isNotNull } from 'drizzle-orm';
import { deliveryPieces, isInPiece, PIECE, type PieceSize } from '../erasure/delivery-pieces.ts';
import type { Services } from '../services.ts';
import { deliveries } from '../storage/schema.ts';

/** Raw webhook bodies hold personal data and are only needed to look into a fault. */
const KEEP_MS = 30 * 24 * 60 * 60_000;
/** So long a run lasts; what is left then is for the next. Only what is stuck lasts much longer. */
const RUN_MS = 60_000;

/**
 * A chore that empties the bodies of all stored webhooks that are old: in pieces, each a statement of its own, so that there may be any
 * number of them, from the oldest to the first that is younger. What one run has gone through no other looks at again while the process
 * lives. Answers 1 when the time was up before the end, else 0.
 */
export function createBodyDropper(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { size = PIECE, steadyMs = () => performance.now() }: { size?: PieceSize; steadyMs?: () => number } = {},
): () => Promise<number> {
  let from = 0;
  return async () => {
    const until = steadyMs() + RUN_MS;
    const settledBefore = new Date(clock.now().getTime() - KEEP_MS);
    for await (const piece of deliveryPieces(db, { size, from, settledBefore })) {
      await db
        .update(deliveries)
        .set({ body: null })
        .where(and(isInPiece(piece), isNotNull(deliveries.body)));
      from = piece.last;
      if (steadyMs() >= until) return 1;
    }
    return 0;
  };
}
