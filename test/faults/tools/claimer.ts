/**
 * A process of its own that claims lanes and effects of a shared database with the server's own code, as fast as it can, and does nothing
 * with them. Started by the check of double claims; tells its parent from when to when it held what. All processes of a machine share the
 * monotonic clock by which it says so.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { z } from 'zod';
import { withEffectLock } from '../../../server/storage/effect-lock.ts';
import { releaseLease, takeLease } from '../../../server/storage/lease.ts';
import { openDatabase } from '../../../server/storage/open-database.ts';
import { showPresence } from '../../../server/storage/presence.ts';
import { createStandingSession } from '../../../server/storage/standing-session.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { eachAtOnce } from './each-at-once.ts';

export const claimerStartSchema = z.object({
  address: z.object({ host: z.string(), port: z.number(), user: z.string(), database: z.string() }),
  processId: z.string(),
  seed: z.number(),
  keys: z.array(z.string()),
  claims: z.number(),
  /** Of the keys, how many nobody else is asking for at the same time; few, so that they meet. */
  lanes: z.number(),
});
export type ClaimerStart = z.infer<typeof claimerStartSchema>;

/** One thing that was held: index of the key, and from when to when in nanoseconds. */
export type Held = [key: number, from: string, to: string];
export interface ClaimerEnd {
  lanes: Held[];
  effects: Held[];
  refused: number;
}

if (process.send) {
  const start = claimerStartSchema.parse(JSON.parse(process.env.CLAIMER ?? ''));
  const end = await claimAll(start);
  process.send(end, () => process.exit());
}

async function claimAll({ address, processId, seed, keys, claims, lanes }: ClaimerStart): Promise<ClaimerEnd> {
  const log = pino({ level: 'silent' });
  const random = createSeededRandom(seed);
  const { db, pool, close } = await openDatabase({ address, log, poolSize: lanes });
  const prepare = (session: Parameters<typeof showPresence>[0]) => showPresence(session, processId);
  const standing = createStandingSession({ address, log, prepare, onAgain: () => undefined });
  await standing.start();
  const end: ClaimerEnd = { lanes: [], effects: [], refused: 0 };
  const clock = () => process.hrtime.bigint().toString();
  const hold = async (held: Held[], index: number) => {
    const from = clock();
    // Long enough for another's statement to come in between.
    if (random.chance(0.1)) await pause(1);
    held.push([index, from, clock()]);
  };
  const claimLane = async (index: number, number: number) => {
    const key = keys[index] ?? '';
    const token = `00000000-0000-4000-8000-${(seed % 2 ** 16).toString(16).padStart(4, '0')}${number.toString(16).padStart(8, '0')}`;
    if (!(await takeLease(db, key, { token, holder: processId }, new Date()))) {
      end.refused += 1;
      return;
    }
    await hold(end.lanes, index);
    await releaseLease(db, key, token);
  };
  const claimEffect = async (index: number) => {
    const claimed = await withEffectLock(pool, keys[index] ?? '', () => hold(end.effects, index));
    if (claimed === 'busy') end.refused += 1;
  };
  await eachAtOnce(
    Array.from({ length: claims }, (_, number) => number),
    lanes,
    async (number) => {
      const index = random.int(0, keys.length - 1);
      await (number % 2 ? claimLane(index, number) : claimEffect(index));
    },
  );
  await standing.stop();
  await close();
  return end;
}
