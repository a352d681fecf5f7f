import { describe, expect, it } from 'vitest';
import {
  createCheckedLookup,
  ForbiddenAddress,
  type Resolve,
  type ResolvedAddress,
} from '../../../server/outbound/checked-lookup.ts';
import type { Target } from '../../../server/outbound/target.ts';

const PUBLIC = { address: '93.184.216.34', family: 4 };
const PRIVATE = { address: '10.1.2.3', family: 4 };

/** A resolver that answers when it is told to. */
function makeResolver() {
  const asked: { hostname: string; answer: (addresses: ResolvedAddress[]) => void; fail: (error: Error) => void }[] = [];
  const resolve: Resolve = (hostname) =>
    new Promise((answer, fail) => {
      asked.push({ hostname, answer, fail });
    });
  return { asked, resolve };
}

function targetOf(name: string, isTestHost = false): Target {
  return { url: new URL(`https://${name}/`), host: `${name}:443`, isTestHost, isNamed: false };
}

/** As a socket asks: for all addresses. */
function ask(name: string, resolve: Resolve, isTestHost = false, steadyMs = () => 0): Promise<ResolvedAddress[]> {
  return new Promise((done, fail) => {
    createCheckedLookup(targetOf(name, isTestHost), resolve, steadyMs)(name, { all: true }, (error, addresses) =>
      error ? fail(error) : done(addresses as ResolvedAddress[]),
    );
  });
}

describe('the look-up of a name', () => {
  it('is under way once, however many ask meanwhile, and all get its answer', async () => {
    const { asked, resolve } = makeResolver();
    const all = ['slow.example', 'slow.example', 'slow.example'].map((name) => ask(name, resolve));
    expect(asked.map(({ hostname }) => hostname)).toEqual(['slow.example']);
    asked[0]?.answer([PUBLIC]);
    expect(await Promise.all(all)).toEqual([[PUBLIC], [PUBLIC], [PUBLIC]]);
  });

  it('that fails is an error to all who waited', async () => {
    const { asked, resolve } = makeResolver();
    const all = [ask('gone.example', resolve), ask('gone.example', resolve)];
    expect(asked).toHaveLength(1);
    asked[0]?.fail(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    const results = await Promise.allSettled(all);
    expect(results).toMatchObject([{ reason: { code: 'ENOTFOUND' } }, { reason: { code: 'ENOTFOUND' } }]);
  });

  it('does not wait for that of another name', async () => {
    const { asked, resolve } = makeResolver();
    void ask('slow.example', resolve);
    const other = ask('quick.example', resolve);
    asked.find(({ hostname }) => hostname === 'quick.example')?.answer([PUBLIC]);
    expect(await other).toEqual([PUBLIC]);
  });

  it.each([
    ['answered', (one: { answer: (addresses: ResolvedAddress[]) => void }) => one.answer([PUBLIC])],
    ['failed', (one: { fail: (error: Error) => void }) => one.fail(new Error('no'))],
  ])('that has %s is not kept: who asks then starts another', async (_, end) => {
    const { asked, resolve } = makeResolver();
    const first = ask('some.example', resolve);
    for (const one of asked) end(one);
    await Promise.allSettled([first]);
    const second = ask('some.example', resolve);
    asked[1]?.answer([PRIVATE]);
    await expect(second).rejects.toBeInstanceOf(ForbiddenAddress);
  });

  it('is judged for each who asked by its own target', async () => {
    const { asked, resolve } = makeResolver();
    const inHouse = ask('intranet.example', resolve, true);
    const outside = ask('intranet.example', resolve);
    expect(asked).toHaveLength(1);
    asked[0]?.answer([PUBLIC, PRIVATE]);
    await expect(outside).rejects.toBeInstanceOf(ForbiddenAddress);
    expect(await inHouse).toEqual([PUBLIC, PRIVATE]);
  });

  it('gives each a list of its own', async () => {
    const { asked, resolve } = makeResolver();
    const all = [ask('some.example', resolve), ask('some.example', resolve)];
    for (const one of asked) one.answer([PUBLIC]);
    const [one, two] = await Promise.all(all);
    expect(one).toEqual(two);
    expect(one).not.toBe(two);
    expect(one?.[0]).not.toBe(two?.[0]);
  });
});

describe('a look-up that does not return', () => {
  /** Asks for a name, so many milliseconds after the beginning. */
  function makeAsker() {
    const { asked, resolve } = makeResolver();
    const askAt = (ms: number, name = 'dead.example') => ask(name, resolve, false, () => ms);
    return { asked, askAt, names: () => asked.map(({ hostname }) => hostname) };
  }

  it('is waited for 120 s by who asks, and then another is begun, which those join who ask after that', async () => {
    const { asked, askAt } = makeAsker();
    void askAt(0);
    void askAt(119_999);
    expect(asked).toHaveLength(1);
    const later = [askAt(120_000), askAt(239_999)];
    expect(asked).toHaveLength(2);
    asked[1]?.answer([PUBLIC]);
    expect(await Promise.all(later)).toEqual([[PUBLIC], [PUBLIC]]);
    const next = askAt(240_000);
    expect(asked).toHaveLength(3);
    asked[2]?.answer([PUBLIC]);
    expect(await next).toEqual([PUBLIC]);
  });

  it('and does so late is given to those who waited for it, and the one begun meanwhile stays to be joined', async () => {
    const { asked, askAt } = makeAsker();
    const first = askAt(0);
    const second = askAt(120_000);
    asked[0]?.fail(new Error('no'));
    await expect(first).rejects.toThrow('no');
    const third = askAt(121_000);
    expect(asked).toHaveLength(2);
    asked[1]?.answer([PUBLIC]);
    expect(await Promise.all([second, third])).toEqual([[PUBLIC], [PUBLIC]]);
  });

  it('holds no more than two threads with its name, however often it is asked for', async () => {
    const { asked, askAt } = makeAsker();
    const all = [0, 120_000, 240_000, 360_000, 3_600_000].map((ms) => askAt(ms));
    expect(asked).toHaveLength(2);
    for (const one of asked) one.answer([PUBLIC]);
    await Promise.all(all);
    const next = askAt(3_600_001);
    expect(asked).toHaveLength(3);
    asked[2]?.answer([PUBLIC]);
    expect(await next).toEqual([PUBLIC]);
  });

  it('leaves a thread to all others where two names do so: only one of them is looked up a second time', async () => {
    const { names, askAt } = makeAsker();
    const both = ['one.silent.example', 'two.silent.example'];
    for (const ms of [0, 15_000, 30_000, 120_000, 240_000, 3_600_000]) for (const name of both) void askAt(ms, name);
    expect(names()).toEqual([...both, 'one.silent.example']);
    void askAt(3_600_000, 'quick.example');
    expect(names().at(-1)).toBe('quick.example');
  });

  it('gives the turn to the other name as soon as one of its two has ended', async () => {
    const { asked, names, askAt } = makeAsker();
    const first = askAt(0, 'one.silent.example');
    void askAt(0, 'two.silent.example');
    void askAt(120_000, 'one.silent.example');
    void askAt(120_000, 'two.silent.example');
    expect(asked).toHaveLength(3);
    asked[0]?.fail(new Error('no'));
    await expect(first).rejects.toThrow('no');
    const other = askAt(121_000, 'two.silent.example');
    expect(names().at(-1)).toBe('two.silent.example');
    asked[3]?.answer([PUBLIC]);
    expect(await other).toEqual([PUBLIC]);
  });
});
