import { describe, expect, it, vi } from 'vitest';
import { createGreenhouseTokens, type GreenhouseCredential } from '../../../../server/ats/greenhouse/token.ts';
import { succeed } from '../../../../server/outbound/outcome.ts';
import { createFakeHttp, type FakeAnswer, type FakeRoute } from '../../../support/fake-http.ts';
import { createMemoryTokenStore } from '../../../support/memory-token-store.ts';

const credential: GreenhouseCredential = {
  authUrl: 'https://auth.greenhouse.io',
  clientId: 'client-7',
  clientSecret: 'hush',
  serviceUserId: '4417',
};
const minted = (token: string, expiry: object = { expires_in: 3600 }) => ({
  status: 200,
  body: { token_type: 'Bearer', access_token: token, ...expiry },
});

/** One process; several share the store and the token endpoint. */
function makeProcess(
  answers: FakeRoute[],
  shared = createMemoryTokenStore(),
  given: Partial<GreenhouseCredential> = {},
  singleToken = false,
) {
  const http = createFakeHttp({ 'POST /token': answers });
  const time = { now: new Date('2026-11-21T12:00:00Z') };
  const clock = { now: () => time.now };
  const own = { ...credential, ...given };
  const tokens = createGreenhouseTokens({
    http,
    store: shared,
    clock,
    connectionId: 'connection-1',
    credential: own,
    singleToken,
  });
  const pass = (ms: number) => {
    time.now = new Date(time.now.getTime() + ms);
  };
  return { tokens, http, store: shared, pass };
}

describe('the access token', () => {
  it('is asked for with the client id and secret, as the service user', async () => {
    const { tokens, http } = makeProcess([minted('t1')]);
    expect(await tokens.get()).toEqual({ ok: true, value: 't1' });
    expect(http.requests[0]).toMatchObject({
      method: 'POST',
      url: 'https://auth.greenhouse.io/token',
      headers: { authorization: `Basic ${btoa('client-7:hush')}` },
      form: { grant_type: 'client_credentials', sub: '4417' },
    });
  });

  it("names no user when the credential's own service user is to act", async () => {
    const { tokens, http } = makeProcess([minted('t1')], undefined, { serviceUserId: '' });
    await tokens.get();
    expect(http.requests[0]?.form).toEqual({ grant_type: 'client_credentials' });
  });

  it.each([
    ['expires_in, in seconds', { expires_in: 3600 }],
    ['expires_at, a time', { expires_at: '2026-11-21T13:00:00+0000' }],
    ['expires, a time', { expires: '2026-11-21T13:00:00Z' }],
    ['expires_at, in seconds since 1970', { expires_at: Date.parse('2026-11-21T13:00:00Z') / 1000 }],
  ])('is used again until a minute before its end, told as %s', async (_, expiry) => {
    const { tokens, pass } = makeProcess([minted('t1', expiry), minted('t2')]);
    await tokens.get();
    pass(58 * 60_000);
    expect(await tokens.get()).toEqual({ ok: true, value: 't1' });
    pass(61_000);
    expect(await tokens.get()).toEqual({ ok: true, value: 't2' });
  });

  it('is used for half an hour when nothing tells its end', async () => {
    const { tokens, pass } = makeProcess([minted('t1', {}), minted('t2')]);
    await tokens.get();
    pass(28 * 60_000);
    expect(await tokens.get()).toEqual({ ok: true, value: 't1' });
    pass(2 * 60_000);
    expect(await tokens.get()).toEqual({ ok: true, value: 't2' });
  });

  it('that lives shortly is used until half of its life is over', async () => {
    const { tokens, pass } = makeProcess([minted('t1', { expires_in: 30 }), minted('t2')]);
    await tokens.get();
    pass(14_000);
    expect(await tokens.get()).toEqual({ ok: true, value: 't1' });
    pass(2_000);
    expect(await tokens.get()).toEqual({ ok: true, value: 't2' });
  });

  it('that is new and yet over, by a clock far from ours, is used like one whose end nobody tells', async () => {
    const { tokens, pass } = makeProcess([minted('t1', { expires_at: '2026-11-21T11:30:00+0000' }), minted('t2')]);
    await tokens.get();
    pass(28 * 60_000);
    expect(await tokens.get()).toEqual({ ok: true, value: 't1' });
    pass(2 * 60_000);
    expect(await tokens.get()).toEqual({ ok: true, value: 't2' });
  });

  it('is minted once for many calls at the same time', async () => {
    const { tokens, http } = makeProcess([minted('t1')]);
    const all = await Promise.all(Array.from({ length: 20 }, () => tokens.get()));
    expect(new Set(all.map((result) => result.ok && result.value))).toEqual(new Set(['t1']));
    expect(http.requests).toHaveLength(1);
  });

  it('is shared: a second process takes what the first has minted', async () => {
    const first = makeProcess([minted('t1')]);
    const second = makeProcess([minted('t2')], first.store);
    const [one, two] = await Promise.all([first.tokens.get(), second.tokens.get()]);
    expect(two).toEqual(one);
    expect(first.http.requests.length + second.http.requests.length).toBe(1);
  });

  it.each([
    ['once a second', { singleToken: false, reads: 2 }],
    ['each time, where a new one ends the one before', { singleToken: true, reads: 5 }],
  ])('is looked up in the store %s', async (_, { singleToken, reads }) => {
    const store = createMemoryTokenStore();
    const { tokens, pass } = makeProcess([minted('t1')], store, {}, singleToken);
    await tokens.get();
    pass(1000);
    const read = vi.spyOn(store, 'read');
    for (const ms of [0, 300, 300, 399, 1]) {
      pass(ms);
      expect(await tokens.get()).toEqual({ ok: true, value: 't1' });
    }
    expect(read).toHaveBeenCalledTimes(reads);
  });

  it('of another user that another process has minted within the second waits for no minting', async () => {
    const first = makeProcess([minted('t1')]);
    const second = makeProcess([minted('t2')], first.store);
    await first.tokens.get();
    await first.tokens.get();
    await second.tokens.get('7');
    await first.store.withMintLock('connection-1', async () => {
      expect(await first.tokens.get('7')).toEqual({ ok: true, value: 't2' });
    });
  });

  it('that another process has minted meanwhile is found as soon as ours is refused', async () => {
    const first = makeProcess([minted('t1')]);
    const second = makeProcess([minted('t2')], first.store);
    await first.tokens.get();
    await second.tokens.renew('t1');
    const call = vi.fn(async (token: string) => succeed(token));
    expect(await first.tokens.callAgain({ refused: 't1', userId: null, call })).toEqual({ ok: true, value: 't2' });
    expect(await first.tokens.get()).toEqual({ ok: true, value: 't2' });
    expect(first.http.requests).toHaveLength(1);
  });

  it('that was revoked by the minting of another process is replaced by that one, without minting again', async () => {
    const first = makeProcess([minted('t1'), minted('t2')]);
    const second = makeProcess([minted('t3')], first.store);
    await first.tokens.get();
    expect(await first.tokens.renew('t1')).toEqual({ ok: true, value: 't2' });
    expect(await second.tokens.renew('t1')).toEqual({ ok: true, value: 't2' });
    expect(second.http.requests).toEqual([]);
  });

  it('of another credential is not used', async () => {
    const before = makeProcess([minted('t1')]);
    await before.tokens.get();
    const after = makeProcess([minted('t2')], before.store, { clientId: 'client-8' });
    expect(await after.tokens.get()).toEqual({ ok: true, value: 't2' });
  });

  it.each([400, 401, 403])(
    'that is denied with %i is a refused credential, and the client id stays out of the log',
    async (status) => {
      const { tokens } = makeProcess([{ status, body: { message: 'Unknown client client-7 (hush)' } }]);
      const result = await tokens.get();
      expect(result).toMatchObject({ ok: false, kind: 'unauthorised', status, detail: 'Unknown client [hidden] ([hidden])' });
    },
  );

  it.each([
    ['an answer that never came', 'answer lost' as const, 'unreachable'],
    ['an answer without a token', { status: 200, body: { token_type: 'Bearer' } }, 'unreadable'],
    ['a page instead of an answer', { status: 200, body: '<html>' }, 'unreadable'],
  ])('is missing after %s, and the next call tries again', async (_, answer, kind) => {
    const { tokens } = makeProcess([answer, minted('t2')]);
    expect(await tokens.get()).toMatchObject({ ok: false, kind });
    expect(await tokens.get()).toEqual({ ok: true, value: 't2' });
  });
});

/** A token endpoint that gives its first answer when it is told to. */
function makeHeldEndpoint() {
  const { promise, resolve: answer } = Promise.withResolvers<FakeAnswer>();
  const { promise: asked, resolve: tell } = Promise.withResolvers<void>();
  const held = () => {
    tell();
    return promise;
  };
  return { answer, held, asked };
}

describe('several that wait for the minting of one', () => {
  /** The first is asked, the others stand behind it; `callAgain` keeps its turn where only one token lives at a time. */
  function queueUp({ tokens }: ReturnType<typeof makeProcess>) {
    const call = async (token: string) => succeed(token);
    return Promise.all([
      tokens.renew('old', '1'),
      tokens.renew('old', '2'),
      tokens.renew('old', '3'),
      tokens.callAgain({ refused: 'old', userId: '4', call }),
    ]);
  }

  describe.each([false, true])('(one token at a time: %s)', (singleToken) => {
    it.each(['answer lost', 'connection refused'] as const)('fail with it when it gets no answer (%s)', async (silence) => {
      const { answer, held } = makeHeldEndpoint();
      const one = makeProcess([held, minted('t2'), minted('t3'), minted('t4')], undefined, {}, singleToken);
      const all = queueUp(one);
      answer(silence);
      const failure = { ok: false, kind: 'unreachable', detail: silence };
      expect(await all).toEqual([failure, failure, failure, failure]);
      expect(one.http.requests).toHaveLength(1);
      expect(await one.tokens.renew('old', '2')).toEqual({ ok: true, value: 't2' });
    });

    it.each([401, 429, 500, 503])('are minted for in their turn when it is answered with %i', async (status) => {
      const { answer, held } = makeHeldEndpoint();
      const one = makeProcess([held, minted('t2'), minted('t3'), minted('t4')], undefined, {}, singleToken);
      const all = queueUp(one);
      answer({ status, headers: { 'retry-after': '1' } });
      expect(await all).toMatchObject([{ ok: false }, { value: 't2' }, { value: 't3' }, { value: 't4' }]);
    });

    it('take what was stored for them meanwhile, though it gets no answer', async () => {
      const elsewhere = makeProcess([minted('theirs')], undefined, {}, singleToken);
      await elsewhere.tokens.get('3');
      const { answer, held } = makeHeldEndpoint();
      const one = makeProcess([held, minted('t2')], undefined, {}, singleToken);
      const all = queueUp(one);
      for (const [connectionId, token] of elsewhere.store.tokens) one.store.tokens.set(connectionId, token);
      answer('answer lost');
      expect(await all).toMatchObject([{ ok: false }, { ok: false }, { ok: true, value: 'theirs' }, { ok: false }]);
      expect(one.http.requests).toHaveLength(1);
    });
  });

  it('fail though another process holds the lock by then', async () => {
    const { answer, held, asked } = makeHeldEndpoint();
    const one = makeProcess([held, minted('t2')]);
    const all = queueUp(one);
    await asked;
    const otherProcess = Promise.withResolvers<void>();
    const other = one.store.withMintLock('connection-1', () => otherProcess.promise);
    answer('answer lost');
    expect(await all).toMatchObject(Array(4).fill({ ok: false, kind: 'unreachable' }));
    otherProcess.resolve();
    await other;
  });
});
