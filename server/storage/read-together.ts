import { setTimeout as pause } from 'node:timers/promises';
import { PACE_MS, SEVERAL } from './gather.ts';

/**
 * Reads that many ask for at once, made once for all of them, by key. Whoever asks gets a reading that began after the asking, never one
 * that was under way: so nobody rests on what was changed before, and yet one reading serves all who came while the one before it ran.
 */
export function readTogether<Key, Value>(read: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  const underWay = new Map<Key, UnderWay<Value>>();

  const start = (key: Key): Promise<Value> => {
    const running = read(key);
    const state: UnderWay<Value> = { running, next: null, waiting: 0, startedAt: performance.now() };
    underWay.set(key, state);
    const end = () => {
      // Those who come now may still join the next one, as long as that has not begun.
      if (state.next === null && underWay.get(key) === state) underWay.delete(key);
    };
    running.then(end, end);
    return running;
  };
  return (key) => {
    const state = underWay.get(key);
    if (!state) return start(key);
    state.waiting += 1;
    const begin = async () => {
      await othersToCome(state);
      return await start(key);
    };
    state.next ??= state.running.then(begin, begin);
    return state.next;
  };
}

interface UnderWay<Value> {
  running: Promise<unknown>;
  next: Promise<Value> | null;
  /** How many came while it ran. */
  waiting: number;
  startedAt: number;
}

/** Where several came during one reading more are on their way: the next one begins no sooner than this after it. */
async function othersToCome({ waiting, startedAt }: UnderWay<unknown>): Promise<void> {
  const leftMs = PACE_MS - (performance.now() - startedAt);
  if (waiting >= SEVERAL && leftMs > 0) await pause(leftMs);
}
