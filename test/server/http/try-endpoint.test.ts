import { describe, expect, it } from 'vitest';
import { tryEndpointAnswerSchema } from '../../../lib/contract/settings.ts';
import { createHttpClient } from '../../../server/outbound/http.ts';
import { UNLIMITED } from '../../../server/outbound/rate-limiter.ts';
import { createVendorAdapter } from '../../../server/vendors/registry.ts';
import { createCoderbyteSimulator } from '../../simulators/coderbyte/index.ts';
import { toPresetMap } from '../../simulators/coderbyte/preset-map.ts';
import { serveSimulator } from '../../simulators/frame/serve.ts';
import { API_KEY, useSetUp } from '../../support/admin-set-up.ts';

/** The adapter of a Coderbyte that is there, behind the route. */
async function organisation() {
  const coderbyte = createCoderbyteSimulator({ now: () => new Date('2026-11-21T12:00:00Z') });
  const { seniorSwe } = coderbyte.seed();
  const served = await serveSimulator(coderbyte.api);
  const host = `127.0.0.1:${served.port}`;
  const log = { debug: () => undefined, warn: () => undefined };
  const httpTo = () => createHttpClient({ testHosts: [host], allowedHosts: [host], log });
  const settings = { kind: 'coderbyte', organizationId: coderbyte.organizationId, map: toPresetMap(served.url) };
  return { coderbyte, seniorSwe, served, httpTo, settings };
}

describe('POST /api/connections/{id}/try-endpoint', () => {
  let there: Awaited<ReturnType<typeof organisation>> | undefined;
  let brand: 'coderbyte' | 'growhire' = 'coderbyte';
  const at = useSetUp({
    environment: { TEST_HOSTS: '127.0.0.1' },
    vendor: () => {
      if (!there) return {};
      const { coderbyte, httpTo, settings } = there;
      const reportHosts = ['coderbyte.com'];
      const whole = { ...settings, kind: 'coderbyte' as const, reportHosts, brand, commentsInNotes: false };
      const made = createVendorAdapter(
        { id: 'x', settings: { ...whole, map: { ...settings.map } }, secrets: { apiKey: coderbyte.apiKey() } },
        { httpTo, limiterFor: () => UNLIMITED, clock: { now: () => new Date() } },
      );
      if (!made.ok) throw new Error(made.detail);
      return made.value;
    },
  });

  it('carries out reads, shows writes, and never the key', async () => {
    const { connect, read, call, server } = at.current();
    there = await organisation();
    const { coderbyte, seniorSwe, served } = there;
    const { id } = await connect({ kind: 'coderbyte' }, { apiKey: API_KEY });
    const attempt = (endpoint: string, values: object = {}) =>
      read(tryEndpointAnswerSchema, 'POST', `/api/connections/${id}/try-endpoint`, { endpoint, values });
    const who = { assessmentId: seniorSwe, email: 'ada@example.com' };

    expect(await attempt('list')).toMatchObject({
      sent: true,
      ok: true,
      status: 200,
      count: 3,
      message: 'Answered. Assessments read: 3.',
    });
    expect(await attempt('invite', who)).toMatchObject({ sent: false, ok: true, status: null });
    expect(coderbyte.invitations()).toEqual([]);
    expect(await attempt('report', who)).toMatchObject({ sent: true, ok: false, status: 404 });
    coderbyte.play.invite(who);
    coderbyte.play.start(who);
    coderbyte.play.submit({ ...who, finalScore: 80 });
    const report = await attempt('report', who);
    expect(report).toMatchObject({ ok: true, status: 200, message: 'Answered, and read as a report. State: result is in.' });
    expect(report.fields).toContainEqual({ field: 'score', value: '80', from: 'final_score' });
    expect(await attempt('report', { assessmentId: seniorSwe })).toMatchObject({ sent: false, ok: false, request: null });
    expect(JSON.stringify(report) + server.log()).not.toContain(coderbyte.apiKey());

    const { token } = await server.join('recruiter');
    const asRecruiter = await server.call('POST', `/api/connections/${id}/try-endpoint`, { token, body: { endpoint: 'list' } });
    expect(asRecruiter.status).toBe(403);
    expect((await call('POST', `/api/connections/${id}/try-endpoint`, { endpoint: 'erase' })).status).toBe(400);
    there = undefined;
    await served.close();
  });

  it('of a vendor without a map is refused in words; a Growhire is called so', async () => {
    const { connect, refusal } = at.current();
    brand = 'growhire';
    const { id, name } = await connect({ kind: 'coderbyte', brand }, {}, { name: 'Ours' });
    expect(name).toBe('Ours');
    expect(await refusal('POST', `/api/connections/${id}/try-endpoint`, { endpoint: 'list' })).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('Growhire'),
    });
  });
});

describe('an endpoint map that could never work', () => {
  const at = useSetUp();
  const list = { method: 'GET', path: '/tests' };

  it.each([
    [{ endpoints: { list: { ...list, path: '/tests/{email}' } } }, 'settings.map.endpoints.list.path'],
    [{ endpoints: { invite: { ...list, body: { deep: [{ a: 'x {phone}' }] } } } }, 'settings.map.endpoints.invite.body'],
    [{ endpoints: { list }, authHeader: { name: 'X', value: 'none' } }, 'settings.map.authHeader.value'],
    [{ endpoints: { list }, baseUrl: undefined }, 'settings.map.baseUrl'],
  ])('is refused where it is wrong: %j', async (map, path) => {
    const { refusal } = at.current();
    const settings = { kind: 'coderbyte', map: { baseUrl: 'https://api.vendor.example', ...map } };
    expect(await refusal('POST', '/api/connections', { name: 'Ours', settings })).toMatchObject({
      code: 'invalid',
      details: [{ path }],
    });
  });
});
