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
function ask(name: string, resolve: Resolve, isTestHost = false): Promise<ResolvedAddress[]> {
  return new Promise((done, fail) => {
    createCheckedLookup(targetOf(name, isTestHost), resolve)(name, { all: true }, (error, addresses) =>
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
