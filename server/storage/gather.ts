import { AsyncLocalStorage } from 'node:async_hooks';
import { isStoreDown, wasInTheWay } from './is-store-down.ts';

/**
 * Where several came with the last group more are on their way: so long the next one waits for them. Nobody who comes alone waits.
 */
export const PACE_MS = 6;
export const SEVERAL = 3;
/** A group that takes longer (it waits for a lock, say) holds up no other any more, up to so many. */
const SLOW_MS = 100;
const GROUPS_AT_ONCE = 4;
const MOST = 50;

interface Asked<Item, Result> {
  item: Item;
  answer(result: Result): void;
  fail(error: unknown): void;
  /** In the asynchronous context of who asked. */
  alone(run: () => Promise<void>): Promise<void>;
}

/**
 * What many do at the same moment is done for all of them with one way to the database. Who comes alone is served at once; who comes while
 * others are under way is served with those who wait, by a run that begins after the asking. `run` answers in the order of what it is given.
 *
 * What fails together is done once more one by one, so that each fails for itself alone (also where one of them waits for a lock that a stopped
 * process holds); not when the store is down, since then it may have been done. `atOnce`: so many groups side by side at most.
 */
export function gather<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  { atOnce = GROUPS_AT_ONCE }: { atOnce?: number } = {},
): (item: Item) => Promise<Result> {
  let waiting: Asked<Item, Result>[] = [];
  let underWay = 0;
  let startedAt = 0;
  let lastSize = 0;
  let next: { at: number; timer: NodeJS.Timeout } | null = null;

  const one = (asked: Asked<Item, Result>) =>
    asked.alone(async () => {
      try {
        const [result] = await run([asked.item]);
        asked.answer(result as Result);
      } catch (error) {
        asked.fail(error);
      }
    });
  const group = async (asked: readonly Asked<Item, Result>[]) => {
    const [first, ...others] = asked;
    if (first && others.length === 0) return await one(first);
    try {
      const results = await run(asked.map(({ item }) => item));
      for (const [index, { answer }] of asked.entries()) answer(results[index] as Result);
    } catch (error) {
      if (isStoreDown(error) && !wasInTheWay(error)) for (const { fail } of asked) fail(error);
      else for (const single of asked) await one(single);
    }
  };
  const lookAgainIn = (ms: number) => {
    const at = performance.now() + ms;
    if (next && next.at <= at) return;
    clearTimeout(next?.timer);
    const timer = setTimeout(() => {
      next = null;
      start();
    }, ms);
    next = { at, timer };
  };
  const start = () => {
    if (waiting.length === 0) return;
    const sinceMs = performance.now() - startedAt;
    const isFull = underWay > 0 && (sinceMs < SLOW_MS || underWay >= atOnce);
    const isSoon = lastSize >= SEVERAL && waiting.length < MOST && sinceMs < PACE_MS;
    if (isFull || isSoon) return lookAgainIn(isFull ? SLOW_MS : PACE_MS - sinceMs);
    const asked = waiting.slice(0, MOST);
    waiting = waiting.slice(MOST);
    lastSize = asked.length;
    underWay += 1;
    startedAt = performance.now();
    void group(asked).finally(() => {
      underWay -= 1;
      start();
    });
    // Those for whom there was no room look again, too.
    if (waiting.length > 0) lookAgainIn(SLOW_MS);
  };
  return (item) =>
    new Promise((answer, fail) => {
      waiting.push({ item, answer, fail, alone: AsyncLocalStorage.snapshot() });
      // Those who ask in the same breath go together.
      if (waiting.length === 1) queueMicrotask(start);
    });
}

/** One for each `of`, a database mostly, made when it is first asked for. */
export function oneFor<Of extends object, Made>(make: (of: Of) => Made): (of: Of) => Made {
  const made = new WeakMap<Of, Made>();
  return (of) => {
    const known = made.get(of) ?? make(of);
    made.set(of, known);
    return known;
  };
}
