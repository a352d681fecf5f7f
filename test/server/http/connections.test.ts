import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { assessmentViewSchema, checkAnswerSchema, connectionViewSchema } from '../../../lib/contract/settings.ts';
import type { CallFailure } from '../../../server/outbound/outcome.ts';
import { openConnectionSecrets } from '../../../server/storage/connection-secrets.ts';
import { findConnection, listConnections } from '../../../server/storage/connections.repository.ts';
import { ensureApplication } from '../../../server/storage/ensure-application.ts';
import { applications, connections } from '../../../server/storage/schema.ts';
import { API_KEY, useSetUp } from '../../support/admin-set-up.ts';

const TRIED: Record<string, { ok: false } & CallFailure> = {
  'secret-wrong-1': { ok: false, kind: 'unauthorised', status: 401, detail: 'invalid_client' },
  'secret-narrow-1': { ok: false, kind: 'forbidden', status: 403, detail: '', right: 'harvest:applications:list' },
  'secret-unheard-1': { ok: false, kind: 'unreachable', detail: 'connection refused' },
};

describe('a connection', () => {
  const at = useSetUp({ environment: { TEST_HOSTS: 'localhost:4010' } });

  it('shows its secrets as the last four characters only and keeps them sealed', async () => {
    const { connect, services } = at.current();
    const view = await connect({ kind: 'lever' }, { apiKey: API_KEY });
    expect(view).toMatchObject({ kind: 'lever', side: 'ats', secrets: [{ name: 'apiKey', lastFour: 'abcd' }] });
    const row = await findConnection(services.db, view.id);
    expect(JSON.stringify(row)).not.toContain(API_KEY);
    expect(row && openConnectionSecrets(services.sealer, row).opened).toEqual({ apiKey: API_KEY });
  });

  it('is refused, and not a mistake of ours, with a character in it that cannot be stored', async () => {
    const { refusal } = at.current();
    const settings = { kind: 'lever', performAs: 'user\u0000' };
    expect(await refusal('POST', '/api/connections', { name: 'a\u0000b', settings: { kind: 'lever' } })).toMatchObject({
      code: 'invalid',
    });
    expect(await refusal('POST', '/api/connections', { name: 'ours', settings })).toMatchObject({ code: 'invalid' });
  });

  it('keeps the secrets that a change does not mention, and looks ahead only when it is switched on again', async () => {
    const { connect, read, services, server } = at.current();
    const made = await connect({ kind: 'greenhouse' }, { clientId: 'client-0000-1111', clientSecret: 'secret-0000-2222' });
    const before = await findConnection(services.db, made.id);
    const off = await read(connectionViewSchema, 'PATCH', `/api/connections/${made.id}`, {
      enabled: false,
      secrets: { clientId: 'client-0000-3333' },
    });
    expect(off).toMatchObject({ state: 'off', enabled: false, name: 'Ours' });
    expect(off.secrets.map(({ lastFour }) => lastFour)).toEqual(['3333', '2222']);
    server.clock.advance(60_000);
    await read(connectionViewSchema, 'PATCH', `/api/connections/${made.id}`, { enabled: true });
    const after = await findConnection(services.db, made.id);
    expect(after?.automaticSince.getTime()).toBe((before?.automaticSince.getTime() ?? 0) + 60_000);
    expect(after && openConnectionSecrets(services.sealer, after).opened).toEqual({
      clientId: 'client-0000-3333',
      clientSecret: 'secret-0000-2222',
    });
  });

  describe('of Greenhouse through a Harvest v1 key', () => {
    const v1 = { kind: 'greenhouse', api: 'v1', apiUrl: 'https://gateway.example/greenhouse', serviceUserId: '4711' };

    it.each([
      ['settings.apiUrl', { ...v1, apiUrl: 'https://harvest.greenhouse.io' }],
      ['settings.apiUrl', { ...v1, apiUrl: 'https://harvest.greenhouse.io:443/v1' }],
      ['settings.serviceUserId', { ...v1, serviceUserId: '' }],
    ])('names the gateway that still speaks it and the acting user (%s)', async (path, settings) => {
      const refused = await at.current().refusal('POST', '/api/connections', { name: 'Old', settings });
      expect(refused).toMatchObject({ code: 'invalid', details: [{ path }] });
    });

    it('is not made for an address within the house', async () => {
      const settings = { ...v1, apiUrl: 'https://10.0.0.7' };
      expect((await at.current().refusal('POST', '/api/connections', { name: 'Old', settings })).code).toBe('host-not-allowed');
    });

    it('moves to v3 as the same connection: webhooks stay, the key is forgotten, and rules look ahead only', async () => {
      const { connect, read, services, server } = at.current();
      const made = await connect(v1, { apiKey: 'key-of-greenhouse-wxyz' });
      expect(made.secrets).toEqual([{ name: 'apiKey', lastFour: 'wxyz' }]);
      const before = await findConnection(services.db, made.id);
      server.clock.advance(60_000);
      const moved = await read(connectionViewSchema, 'PATCH', `/api/connections/${made.id}`, {
        settings: { kind: 'greenhouse', serviceUserId: '4711' },
        secrets: { clientId: 'client-0000-1111', clientSecret: 'secret-0000-2222' },
      });
      expect(moved).toMatchObject({
        id: made.id,
        name: made.name,
        enabled: true,
        settings: { api: 'v3', serviceUserId: '4711' },
      });
      expect(moved.webhooks.map(({ id, path }) => [id, path])).toEqual(made.webhooks.map(({ id, path }) => [id, path]));
      const after = await findConnection(services.db, made.id);
      expect(after?.automaticSince.getTime()).toBe((before?.automaticSince.getTime() ?? 0) + 60_000);
      expect(after && Object.keys(openConnectionSecrets(services.sealer, after).opened)).toEqual(['clientId', 'clientSecret']);
    });

    const refusing = useSetUp({ tryAts: async ({ secrets }) => TRIED[secrets.clientSecret ?? ''] ?? { ok: true, value: null } });
    it.each([
      { secret: 'secret-wrong-1', status: 422, words: 'refused the credentials' },
      { secret: 'secret-narrow-1', status: 422, words: 'harvest:applications:list' },
      { secret: 'secret-unheard-1', status: 503, words: 'cannot be reached' },
    ])('stays with its key, whole, when v3 does not take the credential: $secret', async ({ secret, status, words }) => {
      const { call, connect, services } = refusing.current();
      const made = await connect(v1, { apiKey: 'key-of-greenhouse-wxyz' });
      const before = await findConnection(services.db, made.id);
      const response = await call('PATCH', `/api/connections/${made.id}`, {
        settings: { kind: 'greenhouse' },
        secrets: { clientId: 'client-0000-1111', clientSecret: secret },
      });
      expect(response.status).toBe(status);
      expect(await response.text()).toContain(words);
      expect(await findConnection(services.db, made.id)).toEqual(before);
    });

    it('and another change leaves the time alone from which rules look', async () => {
      const { connect, read, services, server } = at.current();
      const made = await connect(v1, { apiKey: 'key-of-greenhouse-wxyz' });
      const before = await findConnection(services.db, made.id);
      server.clock.advance(60_000);
      await read(connectionViewSchema, 'PATCH', `/api/connections/${made.id}`, { settings: { ...v1, serviceUserId: '4712' } });
      const after = await findConnection(services.db, made.id);
      expect(after?.automaticSince).toEqual(before?.automaticSince);
      expect(after && openConnectionSecrets(services.sealer, after).opened).toEqual({ apiKey: 'key-of-greenhouse-wxyz' });
    });
  });

  it.each([
    ['switched on again', { enabled: true }],
    ['given a new secret', { secrets: { apiKey: 'key-0000-4444' } }],
  ])('that is %s has what waited for it looked at now, and nothing else', async (_, change) => {
    const { connect, call, services, server } = at.current();
    const [mine, other] = [await connect({ kind: 'lever' }), await connect({ kind: 'lever' })];
    const later = new Date(server.clock.now().getTime() + 5 * 60_000);
    const keys = [];
    for (const [connection, readTrouble] of [
      [mine, 'misconfigured'],
      [mine, null],
      [other, 'misconfigured'],
    ] as const) {
      const applicationId = services.random.uuid();
      const key = await ensureApplication(services.db, services, { connectionId: connection.id, applicationId });
      await services.db.update(applications).set({ readTrouble, dueAt: later }).where(eq(applications.key, key));
      keys.push(key);
    }
    await call('PATCH', `/api/connections/${mine.id}`, change);
    const rows = await services.db.select().from(applications);
    const dueAt = (key: string | undefined) => rows.find((row) => row.key === key)?.dueAt;
    expect(keys.map(dueAt)).toEqual([server.clock.now(), later, later]);
  });

  it('says what it still needs', async () => {
    const { connect } = at.current();
    const view = await connect({ kind: 'greenhouse' });
    expect(view.state).toBe('needs-you');
    expect(view.troubles).toEqual([
      'The client ID is missing.',
      'The client secret is missing.',
      'The webhook "candidate_stage_change" of Greenhouse has no secret yet, so everything it sends is refused.',
    ]);
  });

  it('says since when nobody got through looking for what webhooks missed, once that is more than an hour, unless it says why', async () => {
    const { connect, read, services, server } = at.current();
    const { id } = await connect({ kind: 'lever' }, { apiKey: API_KEY });
    const notes = async () => (await read(connectionViewSchema, 'GET', `/api/connections/${id}`)).notes;
    const now = server.clock.now().getTime();
    const note = async (secondsAgo: number, sweepState = {}) => {
      const sweepCursor = new Date(now - secondsAgo * 1000);
      const automaticSince = new Date(now - 86_400_000);
      await services.db.update(connections).set({ automaticSince, sweepCursor, sweepState }).where(eq(connections.id, id));
      return await notes();
    };
    expect(await notes()).toEqual([]);
    expect(await note(3600)).toEqual([]);
    const since = new Date(now - 3_660_000).toISOString().slice(11, 16);
    expect(await note(3660)).toEqual([expect.stringMatching(`missed in Lever has not got through since .*, ${since} UTC\\.`)]);
    expect(await note(3660, { isRefused: true })).toEqual([]);
    expect(await note(3660, { unlisted: { since: '', after: null } })).toEqual([expect.stringContaining('may not list')]);
  });

  it.each([
    [{ kind: 'lever', apiUrl: 'https://api.lever.co.evil.example/v1' }],
    [{ kind: 'lever', apiUrl: 'http://api.lever.co/v1' }],
    [{ kind: 'lever', apiUrl: 'https://user:pass@api.lever.co/v1' }],
    [{ kind: 'lever', auth: 'oauth', authUrl: 'https://auth.lever.co.evil.example' }],
    [{ kind: 'lever', auth: 'oauth', authUrl: 'https://evil.auth0.com' }],
    [{ kind: 'greenhouse', apiUrl: 'https://auth.greenhouse.io' }],
    [{ kind: 'greenhouse', authUrl: 'https://127.0.0.1' }],
    [{ kind: 'coderbyte', map: { baseUrl: 'https://169.254.169.254/latest', endpoints: {} } }],
    [{ kind: 'coderbyte', map: { baseUrl: 'https://0x7f.1/', endpoints: {} } }],
    [{ kind: 'partner', baseUrl: 'https://10.1.2.3/assessments' }],
    [{ kind: 'partner', baseUrl: 'http://tests.vendor.example' }],
    [{ kind: 'partner', baseUrl: 'https://key@tests.vendor.example' }],
  ])('is not made for a host that its credential must not see: %o', async (settings) => {
    const { refusal } = at.current();
    expect((await refusal('POST', '/api/connections', { name: 'Evil', settings })).code).toBe('host-not-allowed');
  });

  it.each([
    [{ kind: 'lever', apiUrl: 'https://api.sandbox.lever.co/v1' }],
    [{ kind: 'lever', apiUrl: 'https://api.eu.lever.co/v1' }],
    [{ kind: 'lever', auth: 'oauth', authUrl: 'https://sandbox-lever.auth0.com' }],
    [{ kind: 'lever', apiUrl: 'http://localhost:4010/v1' }],
    [{ kind: 'coderbyte', map: { baseUrl: 'https://api.coderbyte.example', endpoints: {} } }],
    [{ kind: 'partner', preset: 'adaface', baseUrl: 'https://app.adaface.com/app/api/integrations/northwind' }],
    [{ kind: 'partner', baseUrl: 'http://localhost:4010/in-house' }],
  ])('may be made for %o', async (settings) => {
    await at.current().connect(settings);
  });

  it('cannot be pointed at such a host afterwards either, nor become one of another kind, nor take unknown secrets', async () => {
    const { connect, refusal } = at.current();
    const path = `/api/connections/${(await connect({ kind: 'lever' })).id}`;
    expect((await refusal('PATCH', path, { settings: { kind: 'lever', apiUrl: 'https://evil.example' } })).code).toBe(
      'host-not-allowed',
    );
    expect((await refusal('PATCH', path, { settings: { kind: 'byteboard' } })).code).toBe('invalid');
    const error = await refusal('PATCH', path, { secrets: { password: 'x' } });
    expect(error).toMatchObject({ code: 'invalid', details: [{ path: 'secrets.password' }] });
  });

  it('is gone for admins when it is deleted, with its credentials and its tags, while its row stays', async () => {
    const { connect, call, read, services } = at.current();
    const { id } = await connect({ kind: 'byteboard' });
    const assessment = {
      vendorConnectionId: id,
      externalId: 'core',
      name: 'Core',
      tag: 'Core eval',
      linkTemplate: 'https://byteboard.example/',
    };
    await read(assessmentViewSchema, 'POST', '/api/assessments', assessment);
    expect((await call('DELETE', `/api/connections/${id}`)).status).toBe(204);
    expect((await call('DELETE', `/api/connections/${id}`)).status).toBe(404);
    expect((await call('GET', `/api/connections/${id}`)).status).toBe(404);
    expect((await listConnections(services.db)).some((row) => row.id === id)).toBe(false);
    const again = await connect({ kind: 'byteboard' });
    await read(assessmentViewSchema, 'POST', '/api/assessments', { ...assessment, vendorConnectionId: again.id });
  });

  it('is not found under an id that was never given, and refused under one that is no id', async () => {
    const { call } = at.current();
    expect((await call('GET', '/api/connections/00000000-0000-4000-8000-000000000000')).status).toBe(404);
    expect((await call('GET', '/api/connections/lever')).status).toBe(400);
  });
});

describe('checking a connection', () => {
  let answer: 'good' | 'bad' | 'away' = 'good';
  const at = useSetUp({
    ats: {
      check: async () =>
        answer === 'good'
          ? { ok: true, value: { account: 'Analytical Engines' } }
          : answer === 'bad'
            ? { ok: false, kind: 'unauthorised', status: 401, detail: 'bad key' }
            : { ok: false, kind: 'unreachable', detail: 'connection refused' },
    },
  });

  it('happens by itself when credentials are saved: a wrong one is never shown as ready', async () => {
    const { connect, read } = at.current();
    answer = 'bad';
    const made = await connect({ kind: 'lever' }, { apiKey: API_KEY });
    const refused = 'Lever refused the credentials. Enter them again.';
    expect(made).toMatchObject({ state: 'needs-you', checkedAt: expect.any(String) });
    expect(made.troubles).toContain(refused);
    const path = `/api/connections/${made.id}`;
    answer = 'good';
    const mended = await read(connectionViewSchema, 'PATCH', path, { secrets: { apiKey: 'another-key-000000' } });
    expect(mended.account).toBe('Analytical Engines');
    expect(mended.troubles).not.toContain(refused);
    answer = 'bad';
    await read(connectionViewSchema, 'PATCH', path, { enabled: false });
    expect((await read(connectionViewSchema, 'PATCH', path, { enabled: true })).troubles).toContain(refused);
    answer = 'good';
  });

  it('is left until it is switched on where the connection is off', async () => {
    const { connect, read } = at.current();
    const made = await connect({ kind: 'lever' }, { apiKey: API_KEY });
    const path = `/api/connections/${made.id}`;
    await read(connectionViewSchema, 'PATCH', path, { enabled: false });
    answer = 'bad';
    const saved = await read(connectionViewSchema, 'PATCH', path, { secrets: { apiKey: 'another-key-000000' } });
    expect(saved).toMatchObject({ state: 'off', checkedAt: null });
    expect(saved.troubles.join()).not.toContain('refused the credentials');
    answer = 'good';
  });

  it('that only finds the other side out of reach when credentials are saved says nothing about them', async () => {
    const { connect } = at.current();
    answer = 'away';
    const made = await connect({ kind: 'lever' }, { apiKey: API_KEY });
    expect(made.checkedAt).toBeNull();
    expect(made.troubles.join()).not.toContain('reached');
    answer = 'good';
  });

  it('keeps what the other side said, until the settings change', async () => {
    const { connect, read } = at.current();
    const { id } = await connect({ kind: 'lever' }, { apiKey: API_KEY });
    const path = `/api/connections/${id}`;
    expect(await read(checkAnswerSchema, 'POST', `${path}/check`)).toEqual({
      ok: true,
      message: 'Lever answers as Analytical Engines.',
      account: 'Analytical Engines',
    });
    expect(await read(connectionViewSchema, 'GET', path)).toMatchObject({
      account: 'Analytical Engines',
      checkedAt: expect.any(String),
    });
    answer = 'bad';
    const bad = await read(checkAnswerSchema, 'POST', `${path}/check`);
    expect(bad).toEqual({ ok: false, message: 'Lever refused the credentials. Enter them again.', account: null });
    expect((await read(connectionViewSchema, 'GET', path)).troubles).toContain(bad.message);
    answer = 'away';
    const changed = await read(connectionViewSchema, 'PATCH', path, { secrets: { apiKey: 'another-key-000000' } });
    expect(changed).toMatchObject({ checkedAt: null, account: null });
    expect(changed.troubles).not.toContain(bad.message);
  });
});
