import { randomInt } from 'node:crypto';

/** Chance that can be repeated: the same seed gives the same choices. */
export interface SeededRandom {
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number;
  chance(probability: number): boolean;
  /** Throws when there is nothing to choose from. */
  pick<T>(from: readonly T[]): T;
  /** `count` different ones at most, in no order. */
  some<T>(from: readonly T[], count: number): T[];
}

/** From FAULT_SEED, to play a run again; otherwise another one each time. */
export function chooseSeed(): number {
  const given = process.env.FAULT_SEED;
  if (given === undefined || given === '') return randomInt(1, 2 ** 31);
  const seed = Number(given);
  if (!Number.isSafeInteger(seed)) throw new Error(`FAULT_SEED is a whole number, not "${given}"`);
  return seed;
}

/** The generator is mulberry32: 32 bits of state, good enough to choose moments with. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  const some = <T>(from: readonly T[], count: number) => {
    const left = [...from];
    return Array.from({ length: Math.min(count, left.length) }, () => left.splice(int(0, left.length - 1), 1)).flat();
  };
  return {
    int,
    chance: (probability) => next() < probability,
    some,
    pick(from) {
      const [one] = some(from, 1);
      if (one === undefined) throw new Error('nothing to choose from');
      return one;
    },
  };
}
