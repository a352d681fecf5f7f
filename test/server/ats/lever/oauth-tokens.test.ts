import { afterEach, describe, expect, it } from 'vitest';
import { leverSettingsSchema } from '../../../../lib/contract/settings.ts';
import { NOTHING_KEPT } from '../../../../server/ats/kept-names.ts';
import type { LeverCredential } from '../../../../server/ats/lever/credential.ts';
import { createLeverAdapter } from '../../../../server/ats/lever/index.ts';
import { toLeverOauthApp } from '../../../../server/ats/lever/oauth-app.ts';
import { createLeverOauthTokens } from '../../../../server/ats/lever/oauth-tokens.ts';
import { createHttpClient, type HttpClient } from '../../../../server/outbound/http.ts';
import { UNLIMITED } from '../../../../server/outbound/rate-limiter.ts';
import { type ServedSimulator, serveSimulator } from '../../../simulators/frame/serve.ts';
import { createLeverSimulator } from '../../../simulators/lever/index.ts';
import { REDIRECT_URI, registerLeverApp } from '../../../support/consented-lever.ts';
import { createMemoryTokenStore } from '../../../support/memory-token-store.ts';

const HOUR_MS = 3_600_000;
const running: ServedSimulator[] = [];
afterEach(async () => {
  for (const served of running.splice(0)) await served.close();
});

/** A seeded Lever, an app, and what it takes to use it. `spoil` stands between us and the network. */
async function setUp(spoil: (http: HttpClient) => HttpClient = (http) => http) {
  let now = new Date('2026-11-21T12:00:00Z');
  const lever = createLeverSimulator({ now: () => now, settings: { rateLimit: null } });
  const company = lever.seed();
  const served = await serveSimulator(lever.api);
  running.push(served);
  const host = `127.0.0.1:${served.port}`;
  const log = { debug: () => undefined, warn: () => undefined };
  const http = spoil(createHttpClient({ testHosts: [host], allowedHosts: [host], log }));
  const apiUrl = `${served.url}/v1`;
  lever.direct.configure({ audience: `${apiUrl}/` });
  const clock = { now: () => now };
  const store = createMemoryTokenStore();
  const registered = registerLeverApp({ lever, http, clock, apiUrl, store });
  const adapterOf = (credential: LeverCredential) =>
    createLeverAdapter({
      http,
      settings: leverSettingsSchema.parse({ kind: 'lever', auth: 'oauth', apiUrl }),
      credential,
      clock,
      connectionId: 'connection-1',
      keptNames: NOTHING_KEPT,
      limiter: UNLIMITED,
    });
  return {
    ...registered,
    lever,
    company,
    store,
    http,
    adapterOf,
    passTime: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
    consentNow: async () => registered.consent.finish({ code: await registered.sayYes(), redirectUri: REDIRECT_URI }),
    refreshes: () =>
      lever.journal.list({ what: 'POST /oauth/token' }).filter(({ detail }) => detail.grantType === 'refresh_token').length,
  };
}

describe('a consent at Lever', () => {
  it('asks for exactly what Lever demands, offline access among it', async () => {
    const { consent, app } = await setUp();
    const { searchParams } = new URL(consent.address({ state: 'the-state', redirectUri: REDIRECT_URI }));
    expect(Object.fromEntries(searchParams)).toMatchObject({
      client_id: app.clientId,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      state: 'the-state',
      audience: expect.stringMatching(/\/v1\/$/),
      scope: expect.stringMatching(/^offline_access /),
    });
  });

  it('asks for the users, by whose roles what people see is narrowed, and for files and feedback once they are switched on', () => {
    const asked = (more: object) => {
      const settings = leverSettingsSchema.parse({ kind: 'lever', auth: 'oauth', ...more });
      return toLeverOauthApp(settings, { clientId: '', clientSecret: '' }).scopes.split(' ');
    };
    const usual = asked({});
    expect(usual).toContain('users:read:admin');
    expect(usual.length).toBeLessThanOrEqual(20);
    expect(asked({ writeBack: { reportFile: true } })).toEqual([...usual, 'files:write:admin']);
    expect(asked({ writeBack: { feedbackForm: 'Take-home' } })).toEqual([
      ...usual,
      'feedback_templates:read:admin',
      'feedback:write:admin',
    ]);
    expect(asked({ scopes: 'notes:write:admin', writeBack: { reportFile: true } })).toEqual([
      'offline_access',
      'notes:write:admin',
    ]);
  });

  it('makes the adapter work, also for confidential candidates', async () => {
    const at = await setUp();
    expect(await at.consentNow()).toEqual({ ok: true, value: undefined });
    const adapter = at.adapterOf(at.newProcess());
    expect(await adapter.readSnapshot(at.company.opportunities.ada)).toMatchObject({ ok: true, value: { name: 'Ada Moreno' } });
    expect(await adapter.listStages()).toMatchObject({ ok: true });
  });

  it('is missing until somebody has given it, and again once it is forgotten', async () => {
    const at = await setUp();
    const adapter = at.adapterOf(at.newProcess());
    expect(await adapter.check()).toMatchObject({ ok: false, kind: 'misconfigured' });
    await at.consentNow();
    expect(await adapter.check()).toMatchObject({ ok: true });
    await at.consent.forget();
    expect(await adapter.check()).toMatchObject({ ok: false, kind: 'misconfigured' });
  });

  it('is not finished by a code that was used, or with another address than it was asked with', async () => {
    const at = await setUp();
    const code = await at.sayYes();
    expect(await at.consent.finish({ code, redirectUri: `${REDIRECT_URI}/` })).toMatchObject({ ok: false, kind: 'unauthorised' });
    expect(await at.consent.finish({ code, redirectUri: REDIRECT_URI })).toMatchObject({ ok: true });
    expect(await at.consent.finish({ code, redirectUri: REDIRECT_URI })).toMatchObject({ ok: false, kind: 'unauthorised' });
  });
});

describe('an access token that has ended', () => {
  it('is refreshed once for fifty calls at the same time, in two processes', async () => {
    const at = await setUp();
    await at.consentNow();
    at.passTime(HOUR_MS);
    const adapters = [at.adapterOf(at.newProcess()), at.adapterOf(at.newProcess())];
    const calls = Array.from({ length: 50 }, (_, index) => adapters[index % 2]?.check());
    expect((await Promise.all(calls)).every((result) => result?.ok)).toBe(true);
    expect(at.refreshes()).toBe(1);
  });

  it('that Lever ended early is refreshed once for all who were told 401', async () => {
    const at = await setUp();
    await at.consentNow();
    at.lever.direct.endAccessTokens();
    const adapter = at.adapterOf(at.newProcess());
    const results = await Promise.all(Array.from({ length: 20 }, () => adapter.check()));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(at.refreshes()).toBe(1);
  });

  it('is refreshed hour after hour, each time with the newest refresh token', async () => {
    const at = await setUp();
    await at.consentNow();
    const adapter = at.adapterOf(at.newProcess());
    for (const _ of [1, 2, 3]) {
      at.passTime(HOUR_MS);
      expect(await adapter.check()).toMatchObject({ ok: true });
    }
    expect(at.refreshes()).toBe(3);
  });

  it('has its successor stored before anybody uses it', async () => {
    const seen: { authorization: string | undefined; stored: string | undefined }[] = [];
    const at = await setUp((inner) => ({
      request: async (request) => {
        const stored = at?.store.tokens.get('connection-1')?.accessToken;
        if (request.url.includes('/v1/'))
          seen.push({ authorization: request.headers?.authorization, stored: `Bearer ${stored}` });
        return inner.request(request);
      },
    }));
    await at.consentNow();
    at.passTime(HOUR_MS);
    await at.adapterOf(at.newProcess()).check();
    expect(seen.length).toBe(1);
    expect(seen.every(({ authorization, stored }) => authorization === stored)).toBe(true);
  });
});

describe('a refresh that goes wrong', () => {
  it('because consent was taken back asks for the credential, and writes nothing', async () => {
    const at = await setUp();
    await at.consentNow();
    const notes = at.lever.account.notes.size;
    at.lever.play.removeConsent({ clientId: at.app.clientId });
    const adapter = at.adapterOf(at.newProcess());
    const target = { applicationId: at.company.opportunities.ada, candidateId: null };
    expect(await adapter.writeNote(target, { text: 'TA-1', reference: 'TA-1' })).toMatchObject({
      ok: false,
      kind: 'unauthorised',
    });
    expect(at.lever.account.notes.size).toBe(notes);
  });

  it('on the way is tried again at the next call with the same refresh token', async () => {
    let isDown = false;
    const at = await setUp((inner) => ({
      request: async (request) =>
        isDown && request.url.endsWith('/oauth/token')
          ? { ok: false, kind: 'ambiguous', detail: 'reset' }
          : inner.request(request),
    }));
    await at.consentNow();
    at.passTime(HOUR_MS);
    isDown = true;
    const adapter = at.adapterOf(at.newProcess());
    // The call itself was never made: nobody has to wonder whether it happened.
    expect(await adapter.check()).toMatchObject({ ok: false, kind: 'unreachable' });
    isDown = false;
    expect(await adapter.check()).toMatchObject({ ok: true });
  });

  it('a minute before the end leaves the old token in use until then', async () => {
    let isDown = false;
    const at = await setUp((inner) => ({
      request: async (request) =>
        isDown && request.url.endsWith('/oauth/token')
          ? { ok: false, kind: 'unreachable', detail: 'down' }
          : inner.request(request),
    }));
    await at.consentNow();
    at.passTime(HOUR_MS - 30_000);
    isDown = true;
    const adapter = at.adapterOf(at.newProcess());
    expect(await adapter.check()).toMatchObject({ ok: true });
    at.passTime(31_000);
    expect(await adapter.check()).toMatchObject({ ok: false, kind: 'unreachable' });
  });

  it('by a crash between the answer and our storing leaves the old pair; Lever’s refusal of it then says so', async () => {
    const at = await setUp();
    await at.consentNow();
    const before = at.store.tokens.get('connection-1');
    at.passTime(HOUR_MS);
    const dying = {
      ...at.store,
      withMintLock: (id: string, mint: Parameters<typeof at.store.withMintLock>[1]) =>
        at.store.withMintLock(id, (slot) => mint({ ...slot, write: () => Promise.reject(new Error('killed')) })),
    } as typeof at.store;
    await expect(createLeverOauthTokens({ ...at.means, store: dying }).authorization()).rejects.toThrow('killed');
    expect(at.store.tokens.get('connection-1')).toEqual(before);
    expect(await at.adapterOf(at.newProcess()).check()).toMatchObject({ ok: false, kind: 'unauthorised' });
    // Consent anew mends it.
    expect(await at.consentNow()).toMatchObject({ ok: true });
    expect(await at.adapterOf(at.newProcess()).check()).toMatchObject({ ok: true });
  });
});
