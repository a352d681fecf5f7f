import type { Services } from '../services.ts';
import { hashSecret } from '../storage/hash-secret.ts';
import { countTry, readTries } from '../storage/try-counters.repository.ts';
import { ApiError } from './api-error.ts';

const QUARTER_HOUR_MS = 15 * 60_000;
/** A person who mistypes needs three or four tries; behind one company address several people may pair at once. */
const TRIES_PER_ADDRESS = 20;
/** Bounds guessing from many addresses; far above what a company's own mistakes reach. */
const TRIES_IN_ALL = 300;

export interface GuessLimit {
  /** @throws ApiError `too-many-tries` while this address, or everybody together, has guessed wrong too often. */
  refuseIfTooMany(address: string): Promise<void>;
  countWrong(address: string): Promise<void>;
}

/** Slows down guessing of pairing codes. Counted in the database, so that several server processes count together. */
export function limitGuessing({ db, clock }: Pick<Services, 'db' | 'clock'>): GuessLimit {
  return {
    async refuseIfTooMany(address) {
      const now = clock.now();
      const limits = limitsFor(address);
      for (const row of await readTries(db, { keys: limits.map(({ key }) => key), now })) {
        const most = limits.find(({ key }) => key === row.key)?.most ?? 0;
        if (row.tries < most) continue;
        const retryAfterSeconds = Math.ceil((row.resetsAt.getTime() - now.getTime()) / 1000);
        throw new ApiError('too-many-tries', { retryAfterSeconds });
      }
    },
    async countWrong(address) {
      for (const { key } of limitsFor(address)) await countTry(db, { key, windowMs: QUARTER_HOUR_MS, now: clock.now() });
    },
  };
}

/** The address is kept only as a hash, and no longer than its window. */
function limitsFor(address: string) {
  return [
    { key: `pairing:${hashSecret(address).slice(0, 32)}`, most: TRIES_PER_ADDRESS },
    { key: 'pairing:all', most: TRIES_IN_ALL },
  ];
}
