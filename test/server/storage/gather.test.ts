import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test, vi } from 'vitest';
import { gather, PACE_MS } from '../../../server/storage/gather.ts';

/** A run that ends when the test says so. */
function held() {
  const groups: string[][] = [];
  const ends: (() => void)[] = [];
  let fails: (items: readonly string[]) => Error | null = () => null;
  const ask = gather(async (items: readonly string[]) => {
    groups.push([...items]);
    await new Promise<void>((resolve) => ends.push(resolve));
    const error = fails(items);
    if (error) throw error;
    return items.map((item) => item.toUpperCase());
  });
  const endAll = async (asked: Promise<unknown>[]) => {
    const timer = setInterval(() => ends.shift()?.(), 1);
    await Promise.allSettled(asked);
    clearInterval(timer);
  };
  return { ask, groups, endAll, failWhere: (decide: typeof fails) => (fails = decide) };
}

test('who asks in the same breath, or while others are under way, goes together, and each gets its own answer', async () => {
  const { ask, groups, endAll } = held();
  const asked = [ask('a'), ask('b')];
  await Promise.resolve();
  asked.push(ask('c'));
  await Promise.resolve();
  asked.push(ask('d'), ask('e'));
  await endAll(asked);
  expect(groups).toEqual([
    ['a', 'b'],
    ['c', 'd', 'e'],
  ]);
  expect(await Promise.all(asked)).toEqual(['A', 'B', 'C', 'D', 'E']);
});

test('one that takes long holds up those who come after it for a moment only', async () => {
  const { ask, groups, endAll } = held();
  const asked = [ask('slow')];
  await Promise.resolve();
  asked.push(ask('next'));
  await expect.poll(() => groups).toEqual([['slow'], ['next']]);
  await endAll(asked);
});

test('what is done once more alone is done in the context of who asked', async () => {
  const who = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  const ask = gather(async (items: readonly string[]) => {
    if (items.length > 1) throw new Error('not together');
    seen.push(who.getStore());
    return items;
  });
  await Promise.all(['a', 'b', 'c'].map((name) => who.run(name, () => ask(name))));
  expect(seen).toEqual(['a', 'b', 'c']);
});

test('what fails together is done one by one, so that only the one at fault fails', async () => {
  const { ask, groups, endAll, failWhere } = held();
  failWhere((items) => (items.includes('b') ? new Error('b is at fault') : null));
  const asked = [ask('a'), ask('b'), ask('c')];
  await endAll(asked);
  expect(groups).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('when the store is down nothing is done again, since it may have been done', async () => {
  const { ask, groups, endAll, failWhere } = held();
  failWhere(() => new Error('Connection terminated unexpectedly'));
  const asked = [ask('a'), ask('b')];
  await endAll(asked);
  expect(groups).toEqual([['a', 'b']]);
  expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('of two that stood in each other’s way nothing was done, and it is done again', async () => {
  const { ask, groups, endAll, failWhere } = held();
  failWhere((items) =>
    items.length > 1 ? Object.assign(new Error('deadlock detected'), { code: '40P01', severity: 'ERROR' }) : null,
  );
  const asked = [ask('a'), ask('b')];
  await endAll(asked);
  expect(groups).toEqual([['a', 'b'], ['a'], ['b']]);
  expect(await Promise.all(asked)).toEqual(['A', 'B']);
});

test('more than fifty go in groups of fifty', async () => {
  const { ask, groups, endAll } = held();
  await endAll(Array.from({ length: 120 }, (_, number) => ask(`${number}`)));
  expect(groups.map(({ length }) => length)).toEqual([50, 50, 20]);
});

test.each([
  ['57014', 'canceling statement due to statement timeout'],
  ['55P03', 'canceling statement due to lock timeout'],
])(
  'one that waits for a lock for too long (%s) fails alone: of what the database ended nothing was done',
  async (code, message) => {
    const { ask, groups, endAll, failWhere } = held();
    const timeout = Object.assign(new Error(message), { code, severity: 'ERROR' });
    failWhere((items) => (items.includes('b') ? new Error('Failed query', { cause: timeout }) : null));
    const asked = [ask('a'), ask('b'), ask('c')];
    await endAll(asked);
    expect(groups).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  },
);

test('those beyond fifty do not wait for a first group that takes long', async () => {
  const { ask, groups, endAll } = held();
  const asked = Array.from({ length: 60 }, (_, number) => ask(`${number}`));
  await expect.poll(() => groups.map(({ length }) => length)).toEqual([50, 10]);
  await endAll(asked);
});

test('those who came while several were under way begin right after them, not when those would have been slow', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const ends: (() => void)[] = [];
    const begun: string[] = [];
    const ask = gather(async (items: readonly string[]) => {
      begun.push(items.join(''));
      await new Promise<void>((resolve) => ends.push(resolve));
      return items;
    });
    const asked = [ask('a'), ask('b'), ask('c')];
    await Promise.resolve();
    asked.push(ask('d'));
    await Promise.resolve();
    ends.shift()?.();
    await Promise.all(asked.slice(0, 3));
    await vi.advanceTimersByTimeAsync(10);
    expect(begun).toEqual(['abc', 'd']);
    ends.shift()?.();
    await Promise.all(asked);
  } finally {
    vi.useRealTimers();
  }
});

test('where several came together the next group waits a moment for more, and else for nobody', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const begun: string[] = [];
    const ask = gather(async (items: readonly string[]) => {
      begun.push(items.join(''));
      return items;
    });
    await Promise.all([ask('a'), ask('b'), ask('c')]);
    const asked = [ask('d')];
    await vi.advanceTimersByTimeAsync(PACE_MS / 2);
    expect(begun).toEqual(['abc']);
    asked.push(ask('e'));
    await vi.advanceTimersByTimeAsync(PACE_MS);
    expect(begun).toEqual(['abc', 'de']);
    await Promise.all(asked);
    await ask('f');
    expect(begun).toEqual(['abc', 'de', 'f']);
  } finally {
    vi.useRealTimers();
  }
});
