import { createHmac } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type CoderbyteSimulatorOptions, createCoderbyteSimulator } from './index.ts';
import { toPresetMap } from './preset-map.ts';

const KEY = 'key-of-northwind';
const ADA = 'Ada@Example.com';
const HOOK = 'https://tagalong.example/hooks/1';
const answerSchema = z.record(z.string(), z.unknown());

/** A seeded organisation whose webhooks go to a receiver that answers as told. */
function setUp(options: CoderbyteSimulatorOptions = {}) {
  const received: { headers: Headers; body: z.output<typeof answerSchema> }[] = [];
  const receiver = { status: 200 };
  const simulator = createCoderbyteSimulator({
    now: () => new Date('2026-11-21T18:16:00Z'),
    fetch: async (url, init) => {
      const request = new Request(url, init);
      received.push({ headers: request.headers, body: answerSchema.parse(await request.json()) });
      return new Response(null, { status: receiver.status });
    },
    apiKey: KEY,
    ...options,
  });
  const seed = simulator.seed();
  simulator.play.setWebhooks({
    candidate_joined: HOOK,
    assessment_completed: HOOK,
    scorecard_updated: HOOK,
    interview_completed: HOOK,
  });
  const call = async (method: string, path: string, body?: unknown, key = KEY) => {
    const answer = await simulator.api.request(`/v1/organizations/northwindengineering${path}`, {
      method,
      headers: { authorization: `Bearer ${key}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: answerSchema.parse(text === '' ? {} : JSON.parse(text)) };
  };
  const invite = (assessment = seed.seniorSwe, email = ADA) => call('POST', `/assessments/${assessment}/invitations`, { email });
  const reportOf = (assessment = seed.seniorSwe) =>
    call('GET', `/assessments/${assessment}/candidates/${encodeURIComponent(ADA)}/report`);
  const who = { assessmentId: seed.seniorSwe, email: ADA };
  const bodies = async () => {
    await simulator.settle();
    return received.map(({ body }) => body);
  };
  return { simulator, seed, call, invite, reportOf, who, received, receiver, bodies };
}

describe('the API', () => {
  test('lists what can be sent', async () => {
    const { call, seed } = setUp();
    const { assessments } = (await call('GET', '/assessments')).body;
    expect(assessments).toContainEqual({
      test_id: seed.seniorSwe,
      display_name: 'Senior SWE',
      type: 'test',
      time_limit: 90,
      archived: false,
    });
  });

  test('refuses a wrong key, another organisation, an unknown path and unknown parameters', async () => {
    const { call, simulator, seed } = setUp();
    expect((await call('GET', '/assessments', undefined, 'wrong')).status).toBe(401);
    const elsewhere = { headers: { authorization: `Bearer ${KEY}` } };
    expect((await simulator.api.request('/v1/organizations/others/assessments', elsewhere)).status).toBe(404);
    expect((await call('GET', '/tests')).status).toBe(404);
    expect((await call('GET', '/assessments?page=2')).status).toBe(400);
    const body = { email: ADA, colour: 'red' };
    expect((await call('POST', `/assessments/${seed.seniorSwe}/invitations`, body)).status).toBe(422);
    expect(simulator.invitations()).toEqual([]);
  });

  test('is closed without the API add-on', async () => {
    const { call, simulator } = setUp({ settings: { apiAddOn: false } });
    expect((await call('GET', '/assessments')).status).toBe(403);
    simulator.direct.configure({ apiAddOn: true });
    expect((await call('GET', '/assessments')).status).toBe(200);
  });

  test('an invitation writes the candidate an e-mail with their link', async () => {
    const { invite, simulator } = setUp();
    const { status, body } = await invite();
    expect(status).toBe(201);
    const [mail] = simulator.journal.list({ kind: 'mail' });
    expect(mail?.detail).toMatchObject({ to: ADA, links: [body.link] });
  });

  test('an assessment that is gone is 404, a second open invitation 409 whatever the case of the address', async () => {
    const { invite, simulator, seed, who } = setUp();
    await invite();
    expect((await invite(seed.seniorSwe, ADA.toLowerCase())).status).toBe(409);
    expect((await invite('no-such-test')).status).toBe(404);
    simulator.play.start(who);
    simulator.play.submit(who);
    expect((await invite()).status).toBe(201);
    simulator.play.deleteAssessment({ assessmentId: seed.frontend });
    expect((await invite(seed.frontend)).status).toBe(404);
  });

  test('takes an invitation back only before the candidate has started', async () => {
    const { invite, call, simulator, who } = setUp();
    const path = `/assessments/${who.assessmentId}/candidates/${encodeURIComponent(ADA)}/invitation`;
    expect((await call('DELETE', path)).status).toBe(404);
    await invite();
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('DELETE', path)).status).toBe(404);
    await invite();
    simulator.play.start(who);
    expect((await call('DELETE', path)).status).toBe(409);
  });

  test('reports in the words of the trigger data or of the export', async () => {
    const { invite, reportOf, simulator, who } = setUp();
    await invite();
    expect((await reportOf()).body).toEqual({
      id: expect.any(String),
      name: '',
      email: ADA,
      test_id: who.assessmentId,
      status: 'Invited',
    });
    simulator.play.start(who);
    simulator.play.submit({ ...who, finalScore: 73, cheated: true, minutes: null });
    expect((await reportOf()).body).toMatchObject({
      status: 'Completed',
      date: '2026-11-21T13:16:00-0500',
      final_score: 73,
      plagiarism: 'Detected',
      time_taken: -1,
      display_name: 'Senior SWE',
    });
    simulator.direct.configure({ vocabulary: 'export' });
    simulator.play.flag({ ...who, cheated: false });
    expect((await reportOf()).body).toMatchObject({
      status: 'Complete',
      cheated: 'Not detected',
      time_taken: 'N/A',
      date_joined: '11/21/26',
    });
  });

  test('a report that is not ready is a status, or refused', async () => {
    const { invite, reportOf, simulator, who } = setUp();
    await invite();
    simulator.play.start(who);
    simulator.play.submit({ ...who, processing: true });
    expect((await reportOf()).body.status).toBe('Processing');
    simulator.direct.configure({ notReady: 'refused' });
    expect((await reportOf()).status).toBe(409);
    simulator.play.finishProcessing(who);
    expect((await reportOf()).body.status).toBe('Completed');
  });

  test('a live interview has a report of its own', async () => {
    const { invite, call, simulator, seed, reportOf } = setUp();
    const { body } = await invite(seed.liveInterview);
    simulator.play.finishInterview({ assessmentId: seed.liveInterview, email: ADA, recommendation: 'thumb_up' });
    expect((await reportOf(seed.liveInterview)).status).toBe(404);
    const report = await call('GET', `/interviews/${body.id}/report`);
    expect(report.body).toMatchObject({ interview_id: body.id, status: 'Completed', vote_decision: 'up' });
    expect(await call('GET', `/assessments/${seed.liveInterview}/candidates/${ADA}/interview-report`)).toEqual(report);
  });
});

describe('planned failures', () => {
  test('come before the deed, or after it so that only the answer is lost', async () => {
    const { invite, simulator, seed } = setUp();
    simulator.direct.failNext({ kind: 'status', status: 503 });
    expect((await invite()).status).toBe(503);
    expect(simulator.invitations()).toHaveLength(0);
    simulator.direct.failNext({ kind: 'reset', when: 'after', path: '/invitations$' });
    await expect(invite()).rejects.toThrow('socket hang up');
    expect(simulator.invitations()).toHaveLength(1);
    simulator.direct.failNext({ kind: 'html', status: 200 });
    await expect(invite(seed.frontend)).rejects.toThrow(SyntaxError);
    expect((await invite(seed.frontend)).status).toBe(201);
  });

  test('a call hangs until it is released', async () => {
    const { invite, simulator } = setUp();
    simulator.direct.failNext({ kind: 'hang' });
    const [call] = await Promise.allSettled([invite(), vi.waitFor(() => expect(simulator.direct.releaseHangs()).toBe(1))]);
    expect(call).toMatchObject({ status: 'rejected', reason: new Error('socket hang up') });
  });
});

describe('webhooks', () => {
  test('have exactly the documented bodies: no id, no time, no score', async () => {
    const { invite, simulator, who, bodies, seed } = setUp();
    await invite();
    simulator.play.start(who);
    simulator.play.submit({ ...who, finalScore: 90, timeExpired: true, processing: true });
    simulator.play.thumb({ ...who, recommendation: 'thumb_up', admin: 'rosa@northwind.example' });
    await invite(seed.liveInterview);
    simulator.play.finishInterview({ assessmentId: seed.liveInterview, email: ADA });
    const [one, interview] = simulator.invitations();
    const about = { organization_id: 'northwindengineering', email: ADA, assessment_id: who.assessmentId };
    const report_url = `https://coderbyte.com/report/${one?.username}:${who.assessmentId}`;
    expect(await bodies()).toEqual([
      { operation: 'candidate_joined', ...about },
      { operation: 'assessment_completed', ...about, report_url, time_expired: true, report_ready: false },
      {
        operation: 'scorecard_updated',
        ...about,
        report_url,
        trigger: 'recommendation',
        recommendation: 'thumb_up',
        comment: '',
        email_admin: 'rosa@northwind.example',
      },
      {
        operation: 'interview_completed',
        organization_id: 'northwindengineering',
        email: ADA,
        interview_id: interview?.interviewId,
        report_url: `https://coderbyte.com/report/interview:${interview?.interviewId}:northwindengineering`,
      },
    ]);
  });

  test('carry a token signed with the API key that names the organisation and nothing else', async () => {
    const { invite, simulator, who, received } = setUp();
    await invite();
    simulator.play.start(who);
    await simulator.settle();
    const [scheme, token = ''] = received[0]?.headers.get('authorization')?.split(' ') ?? [];
    const [header = '', claims = '', signature] = token.split('.');
    expect(scheme).toBe('Bearer');
    expect([header, claims].map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))).toEqual([
      { alg: 'HS256', typ: 'JWT' },
      { iss: 'northwindengineering' },
    ]);
    expect(signature).toBe(createHmac('sha256', KEY).update(`${header}.${claims}`).digest('base64url'));
  });

  test('any 2xx is received; what fails is tried three times more, by hand', async () => {
    const { invite, simulator, who, receiver, received } = setUp();
    receiver.status = 500;
    await invite();
    simulator.play.start(who);
    await simulator.settle();
    for (const due of [1, 1, 1, 0]) expect(await simulator.direct.retryDue()).toBe(due);
    expect(received).toHaveLength(4);
    expect(simulator.deliveries()[0]?.state).toBe('given-up');
    receiver.status = 204;
    simulator.play.submit(who);
    await simulator.settle();
    expect(simulator.deliveries()[1]?.state).toBe('delivered');
  });

  test.each([
    ['drop', 0],
    ['hold', 0],
    ['duplicate', 2],
    ['deliver', 1],
  ] as const)('with "%s" a start arrives %i times', async (webhooks, times) => {
    const { invite, simulator, who, bodies } = setUp({ settings: { webhooks } });
    await invite();
    simulator.play.start(who);
    expect(await bodies()).toHaveLength(times);
    expect(await simulator.direct.releaseHeld()).toBe(webhooks === 'hold' ? 1 : 0);
  });

  test('no address, no webhook', async () => {
    const { invite, simulator, who, bodies } = setUp();
    simulator.play.setWebhooks({ candidate_joined: null });
    await invite();
    simulator.play.start(who);
    expect(await bodies()).toEqual([]);
  });
});

describe('the pages', () => {
  test('a candidate with the public link starts and submits, and the webhooks tell of it', async () => {
    const { simulator, seed, bodies } = setUp();
    const post = (path: string, fields: Record<string, string>) =>
      simulator.pages.request(path, { method: 'POST', body: new URLSearchParams(fields) });
    const came = await post(`/assess/${seed.seniorSwe}`, { email: ADA });
    const personal = came.headers.get('location') ?? '';
    expect(await (await simulator.pages.request(personal)).text()).toContain('Start');
    const invite = new URL(personal, 'https://coderbyte.com').searchParams.get('invite') ?? '';
    await post('/sl-candidate/start', { invite });
    const again = await post(`/assess/${seed.seniorSwe}`, { email: ADA.toLowerCase() });
    expect(again.headers.get('location')).toBe(personal);
    await post('/sl-candidate/submit', { invite, finalScore: '64' });
    const [joined, completed] = await bodies();
    expect(joined?.operation).toBe('candidate_joined');
    expect(completed).toMatchObject({ operation: 'assessment_completed', report_ready: true });
    const report = await simulator.pages.request(String(completed?.report_url));
    expect(await report.text()).toContain('64 of 100');
    expect(simulator.journal.list({ kind: 'mail' })).toEqual([]);
  });

  test('names from outside are text, never markup', async () => {
    const { simulator } = setUp();
    const { id } = simulator.play.createAssessment({ name: '<script>alert(1)</script>' });
    const page = await (await simulator.pages.request(`/assess/${id}?email="><script>`)).text();
    expect(page).not.toContain('<script>');
  });
});

describe('the control side', () => {
  test('plays by form and by JSON, and refuses nonsense', async () => {
    const { simulator, who } = setUp();
    const form = await simulator.control.request('/invite', { method: 'POST', body: new URLSearchParams(who) });
    expect(form.status).toBe(303);
    const json = (name: string, body: unknown) =>
      simulator.control.request(`/${name}`, { method: 'POST', body: JSON.stringify(body) });
    expect((await json('start', who)).status).toBe(200);
    expect((await json('submit', { ...who, finalScore: 400 })).status).toBe(400);
    expect((await json('fly', {})).status).toBe(404);
    expect(await (await simulator.control.request('/')).text()).toContain(ADA);
    expect(await (await simulator.control.request('/state')).text()).not.toContain(KEY);
  });
});

test('the preset map leads to paths that exist', async () => {
  const { call, seed, invite } = setUp();
  await invite();
  const { endpoints } = toPresetMap('http://127.0.0.1:1');
  const fill = (path: string) =>
    path
      .replace('/v1/organizations/{organizationId}', '')
      .replace('{assessmentId}', seed.seniorSwe)
      .replace('{email}', encodeURIComponent(ADA));
  for (const { method, path } of [endpoints.list, endpoints.report]) expect((await call(method, fill(path))).status).toBe(200);
  expect((await call(endpoints.cancel.method, fill(endpoints.cancel.path))).status).toBe(204);
});
