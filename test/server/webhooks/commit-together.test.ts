import { describe, expect, it, vi } from 'vitest';
import { commitTogether, StoreBusy, type TogetherOptions } from '../../../server/webhooks/commit-together.ts';

/** A store that answers when it is told to. */
function heldStore() {
  const groups: { items: readonly string[]; commit(): void; fail(error: Error): void }[] = [];
  const write = (items: readonly string[]) =>
    new Promise<string[]>((resolve, reject) => {
      groups.push({ items, commit: () => resolve(items.map((item) => `${item} stored`)), fail: reject });
    });
  return { groups, write };
}

function together(given: Partial<TogetherOptions<string, string>> & Pick<TogetherOptions<string, string>, 'write'>) {
  return commitTogether<string, string>({
    mayBeOneOfThem: () => false,
    sizeOf: (item) => item.length,
    most: { items: 100, bytes: 1_000 },
    waitingBytes: 1_000,
    withinMs: 5_000,
    writers: 1,
    beside: { items: 100, afterMs: 5_000 },
    ...given,
  });
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('a commit that is shared', () => {
  it('is told to nobody before it is done, and what comes meanwhile shares the next', async () => {
    const { groups, write } = heldStore();
    const { add } = together({ write });
    const told: string[] = [];
    const tell = (outcome: string) => told.push(outcome);
    const all = ['a', 'b'].map((item) => add(item).then(tell));
    await nextTurn();
    all.push(add('c').then(tell), add('d').then(tell));
    await nextTurn();
    expect(groups.map(({ items }) => items)).toEqual([['a', 'b']]);
    expect(told).toEqual([]);
    groups[0]?.commit();
    await Promise.all(all.slice(0, 2));
    expect(told).toEqual(['a stored', 'b stored']);
    expect(groups.map(({ items }) => items)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    groups[1]?.commit();
    await Promise.all(all);
  });

  it('begins at once when enough have come, in the middle of a turn', async () => {
    const { groups, write } = heldStore();
    const { add } = together({ write, beside: { items: 2, afterMs: 60_000 } });
    const all = [add('a')];
    expect(groups).toEqual([]);
    all.push(add('b'));
    expect(groups.map(({ items }) => items)).toEqual([['a', 'b']]);
    // As many as there are writers.
    all.push(add('c'), add('d'));
    await nextTurn();
    expect(groups).toHaveLength(1);
    groups[0]?.commit();
    await Promise.all(all.slice(0, 2));
    groups[1]?.commit();
    expect(await Promise.all(all)).toEqual(['a stored', 'b stored', 'c stored', 'd stored']);
  });

  it('has its own time, also when those before it in the same turn have had their answer', async () => {
    let calls = 0;
    const write = async (): Promise<string[]> => {
      calls += 1;
      if (calls === 1) throw new StoreBusy('gone');
      return await new Promise<never>(() => undefined);
    };
    const { add } = together({ write, withinMs: 30, beside: { items: 2, afterMs: 60_000 } });
    expect((await Promise.allSettled([add('a'), add('b')])).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(add('c')).rejects.toBeInstanceOf(StoreBusy);
    expect(calls).toBe(2);
  });

  it('begins beside another when enough wait for it', async () => {
    const { groups, write } = heldStore();
    const { add } = together({ write, writers: 2, beside: { items: 2, afterMs: 60_000 } });
    const all = [add('a')];
    await nextTurn();
    all.push(add('b'));
    await nextTurn();
    expect(groups.map(({ items }) => items)).toEqual([['a']]);
    all.push(add('c'));
    await nextTurn();
    expect(groups.map(({ items }) => items)).toEqual([['a'], ['b', 'c']]);
    for (const group of groups) group.commit();
    await Promise.all(all);
  });

  it('begins beside another that takes long, however few wait', async () => {
    const { groups, write } = heldStore();
    const { add } = together({ write, writers: 2, beside: { items: 100, afterMs: 10 } });
    const all = [add('a')];
    await nextTurn();
    all.push(add('b'));
    await vi.waitFor(() => expect(groups.map(({ items }) => items)).toEqual([['a'], ['b']]));
    all.push(add('c'));
    await nextTurn();
    expect(groups).toHaveLength(2);
    groups[0]?.commit();
    await vi.waitFor(() => expect(groups.map(({ items }) => items)).toEqual([['a'], ['b'], ['c']]));
    for (const group of groups) group.commit();
    expect(await Promise.all(all)).toEqual(['a stored', 'b stored', 'c stored']);
  });

  it('holds no more than it may', async () => {
    const { groups, write } = heldStore();
    const { add } = together({ write, most: { items: 2, bytes: 5 } });
    const all = ['aa', 'bb', 'cc', 'dddd', 'ee', 'a body larger than a group'].map(add);
    const expected = [['aa', 'bb'], ['cc'], ['dddd'], ['ee'], ['a body larger than a group']];
    for (const [index, items] of expected.entries()) {
      await vi.waitFor(() => expect(groups).toHaveLength(index + 1));
      expect(groups[index]?.items).toEqual(items);
      groups[index]?.commit();
    }
    await Promise.all(all);
  });
});

describe('one that cannot be stored', () => {
  it('fails alone, and the others are stored', async () => {
    const write = async (items: readonly string[]) => {
      if (items.includes('poison')) throw new Error('22021');
      return items.map((item) => `${item} stored`);
    };
    const { add } = together({ write, mayBeOneOfThem: () => true });
    const outcomes = await Promise.allSettled(['a', 'b', 'poison', 'c', 'd'].map(add));
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.message))).toEqual([
      'a stored',
      'b stored',
      '22021',
      'c stored',
      'd stored',
    ]);
  });

  it('is not looked for when the store itself is away', async () => {
    let writes = 0;
    const write = async () => {
      writes += 1;
      throw new Error('ECONNREFUSED');
    };
    const { add } = together({ write });
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map(add));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(writes).toBe(1);
  });
});

describe('a store that does not answer', () => {
  it('is given up in time, and what was not begun is never written', async () => {
    const { groups, write } = heldStore();
    const { add } = together({ write, withinMs: 30 });
    const first = add('first');
    await nextTurn();
    const second = add('second');
    await expect(first).rejects.toThrow(StoreBusy);
    await expect(second).rejects.toThrow(StoreBusy);
    groups[0]?.commit();
    const third = add('third');
    await nextTurn();
    await nextTurn();
    expect(groups.map(({ items }) => items)).toEqual([['first'], ['third']]);
    groups[1]?.commit();
    expect(await third).toBe('third stored');
  });

  it('is given up by all that came in the same turn, and what was not begun leaves its room to others', async () => {
    const { groups, write } = heldStore();
    const { add } = together({ write, waitingBytes: 10, withinMs: 30 });
    const written = add('1234');
    await nextTurn();
    const waiting = [add('abc'), add('def')];
    for (const one of [written, ...waiting]) await expect(one).rejects.toThrow(StoreBusy);
    const later = add('123456');
    groups[0]?.commit();
    await nextTurn();
    await nextTurn();
    groups[1]?.commit();
    expect(await later).toBe('123456 stored');
  });

  it('lets no more wait than fits into memory, and what is being written counts', async () => {
    const { groups, write } = heldStore();
    const { add } = together({ write, waitingBytes: 10, withinMs: 30 });
    const held = add('12345678');
    await nextTurn();
    await expect(add('abc')).rejects.toThrow('too much waits');
    await expect(held).rejects.toThrow('in time');
    await expect(add('abc')).rejects.toThrow('too much waits');
    groups[0]?.commit();
    await nextTurn();
    const later = add('abc');
    await nextTurn();
    groups[1]?.commit();
    expect(await later).toBe('abc stored');
  });
});
