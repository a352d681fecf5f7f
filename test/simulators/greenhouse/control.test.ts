import { describe, expect, test } from 'vitest';
import { serveSimulator } from '../frame/serve.ts';
import { request, startCompany, toRecord } from './test-company.ts';

async function startControl() {
  const company = await startCompany({ fetch: async () => new Response('', { status: 200 }) });
  const control = (method: string, path: string, json?: unknown) =>
    request(company.simulator.control, method, path, {
      headers: { 'Content-Type': 'application/json' },
      body: json === undefined ? undefined : JSON.stringify(json),
    });
  return { ...company, control };
}

describe('the control side', () => {
  test('a person plays the company by JSON: a job, a candidate, an application, a move, a tag', async () => {
    const { control, read } = await startControl();
    const make = async (name: string, body: unknown) =>
      toRecord(toRecord((await control('POST', `/control/acts/${name}`, body)).body).result);
    const job = await make('createJob', { name: 'Analyst', stages: ['Review', 'Test'] });
    const candidate = await make('createCandidate', { firstName: 'Mary', email: 'mary@example.com' });
    const application = await make('createApplication', { candidateId: candidate.id, jobId: job.id });
    const [test] = await read(`/v3/job_interview_stages?job_ids=${job.id}`);
    await control('POST', '/control/acts/move', { applicationId: application.id, stageId: test?.id });
    await control('POST', '/control/acts/tag', { candidateId: candidate.id, tag: 'SQL' });
    expect(await read(`/v3/applications?ids=${application.id}`)).toMatchObject([{ stage_name: 'Test' }]);
    expect(await read('/v3/candidates?tag=SQL')).toHaveLength(1);
    await control('POST', '/control/acts/untag', { candidateId: candidate.id, tag: 'SQL' });
    expect(await read('/v3/candidates?tag=SQL')).toEqual([]);
  });

  test('what makes no sense is refused with a word', async () => {
    const { control, ids } = await startControl();
    expect((await control('POST', '/control/acts/fire', {})).status).toBe(404);
    expect((await control('POST', '/control/acts/move', { applicationId: 'x' })).status).toBe(400);
    expect((await control('POST', '/control/acts/unhire', { applicationId: ids.applications.ada })).status).toBe(409);
    expect((await control('PATCH', '/control/settings', { webhooks: 'maybe' })).status).toBe(400);
  });

  test('webhooks are set up, held and released, and the state shows no secret', async () => {
    const { control, ids } = await startControl();
    const webhook = { action: 'candidate_stage_change', url: 'https://example.com/hook', secret: 'very secret' };
    expect(await control('POST', '/control/webhooks', webhook)).toMatchObject({ status: 201, body: { active: true } });
    await control('PATCH', '/control/settings', { webhooks: 'hold' });
    await control('POST', '/control/acts/advance', { applicationId: ids.applications.ada });
    expect((await control('GET', '/control/deliveries')).body).toMatchObject([{ state: 'held' }]);
    expect((await control('POST', '/control/deliveries/release')).body).toEqual({ sent: 1 });
    expect((await control('POST', '/control/deliveries/1/resend')).body).toEqual({ sent: 1 });
    expect(JSON.stringify((await control('GET', '/control/state')).body)).not.toContain('very secret');
    const journal = JSON.stringify((await control('GET', '/control/journal')).body);
    expect(journal).not.toContain('very secret');
    expect(journal).toContain('candidate_stage_change');
  });

  test('scopes can be taken away, and tokens revoked', async () => {
    const { control, call } = await startControl();
    await control('PATCH', '/control/credentials', { scopes: ['harvest:jobs:list'] });
    expect((await call('GET', '/v3/users')).status).toBe(403);
    expect((await call('GET', '/v3/jobs')).status).toBe(200);
    await control('POST', '/control/tokens/revoke');
    expect((await call('GET', '/v3/jobs')).status).toBe(401);
  });

  test('the page has a form for each act, and a form does what it says', async () => {
    const { control, simulator, ids, read } = await startControl();
    const page = await control('GET', '/');
    expect(page.body).toContain('Ada Lovelace');
    expect(page.body).toContain('action="/forms/acts/hire"');
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const body = `applicationId=${ids.applications.ada}&stageId=${ids.stages.backend.Onsite}`;
    expect((await request(simulator.control, 'POST', '/forms/acts/move', { headers, body })).status).toBe(303);
    expect(simulator.journal.list({ kind: 'act', what: 'move' })).toHaveLength(1);
    const person = `firstName=Joan&lastName=&email=joan%40example.com&tag=Staff&jobId=${ids.jobs.design}`;
    await request(simulator.control, 'POST', '/forms/candidates', { headers, body: person });
    expect(await read('/v3/candidates?tag=Staff')).toMatchObject([{ first_name: 'Joan', last_name: null }]);
  });
});

describe('planned failures', () => {
  test('the next matching call fails as planned, the one after does not', async () => {
    const { simulator, call } = await startControl();
    simulator.failNext({ method: 'GET', path: '/v3/jobs$', kind: 'status', status: 500, body: { message: 'oops' } });
    expect((await call('GET', '/v3/users')).status).toBe(200);
    expect(await call('GET', '/v3/jobs')).toMatchObject({ status: 500, body: { message: 'oops' } });
    expect((await call('GET', '/v3/jobs')).status).toBe(200);
  });

  test('a page of HTML can come instead of JSON', async () => {
    const { simulator, call } = await startControl();
    simulator.failNext({ path: '/v3/', kind: 'html', times: 2 });
    for (const path of ['/v3/jobs', '/v3/users']) {
      expect(await call('GET', path)).toMatchObject({ status: 503, body: expect.stringContaining('<html>') });
    }
    expect((await call('GET', '/v3/jobs')).status).toBe(200);
  });

  test('a write can be carried out although its answer is lost', async () => {
    const { simulator, call, read, ids } = await startControl();
    simulator.failNext({ method: 'POST', path: '/v3/notes', kind: 'status', status: 502, when: 'after' });
    const note = { candidate_id: ids.candidates.ada, body: 'Once', visibility: 'public' };
    expect((await call('POST', '/v3/notes', note)).status).toBe(502);
    expect(await read(`/v3/notes?candidate_ids=${ids.candidates.ada}`)).toHaveLength(1);
  });

  test('a served simulator can cut the connection, or hang until the caller gives up', async () => {
    const { simulator, token } = await startControl();
    const served = await serveSimulator(simulator.api);
    try {
      const init = { headers: { Authorization: `Bearer ${token}` } };
      expect((await fetch(`${served.url}/v3/jobs`, init)).status).toBe(200);
      simulator.failNext({ path: '/v3/jobs', kind: 'reset' });
      await expect(fetch(`${served.url}/v3/jobs`, init)).rejects.toThrow('fetch failed');
      simulator.failNext({ path: '/v3/jobs', kind: 'hang' });
      await expect(fetch(`${served.url}/v3/jobs`, { ...init, signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout');
      expect((await fetch(`${served.url}/v3/jobs`, init)).status).toBe(200);
    } finally {
      await served.close();
    }
  });
});
