import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createHackerrankSimulator, type HackerrankSimulatorOptions } from './index.ts';

const KEY = 'key-of-northwind';
const HOOK = 'https://tagalong.example/hooks/1';
const ADA = 'Ada@Example.com';
const BEARER = { type: 'bearer_token', data: { token: 'chosen-by-us' } };
const objectSchema = z.record(z.string(), z.unknown());
const listSchema = z.looseObject({
  data: z.array(objectSchema),
  next: z.string(),
  previous: z.string(),
  first: z.string(),
  last: z.string(),
  total: z.number(),
  page_total: z.number(),
});

function setUp(options: HackerrankSimulatorOptions = {}) {
  const received: { headers: Headers; body: unknown }[] = [];
  const receiver = { status: 200 };
  const clock = { at: new Date('2026-11-21T18:16:00Z') };
  const simulator = createHackerrankSimulator({
    now: () => clock.at,
    fetch: async (url, init) => {
      const request = new Request(url, init);
      received.push({ headers: request.headers, body: await request.json() });
      return new Response(null, { status: receiver.status });
    },
    apiKey: KEY,
    ...options,
    settings: { callsPerSecond: null, ...options.settings },
  });
  const ids = simulator.seed();
  const call = (path: string, { key = KEY, ...init }: RequestInit & { key?: string } = {}) =>
    simulator.api.request(`https://www.hackerrank.com/x/api/v3${path}`, {
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...init,
    });
  const read = async (path: string) => objectSchema.parse(await (await call(path)).json());
  const list = async (path: string) => listSchema.parse(await (await call(path)).json());
  const send = (method: string, path: string, body: unknown) =>
    call(path, { method, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const tryInvite = (fields: Record<string, unknown> = {}, testId = ids.backend) =>
    send('POST', `/tests/${testId}/candidates`, { email: ADA, ...fields });
  const invite = async (fields: Record<string, unknown> = {}, testId = ids.backend) => {
    const answer = await tryInvite(fields, testId);
    expect(answer.status).toBe(200);
    const { id, ...rest } = z
      .strictObject({ id: z.string(), test_link: z.string(), email: z.string() })
      .parse(await answer.json());
    return { id, ...rest, path: `/tests/${testId}/candidates/${id}` };
  };
  return { simulator, ids, call, read, list, send, tryInvite, invite, received, receiver, clock };
}

/** Invited with a result webhook and taken to the report. */
async function setUpScored(options: HackerrankSimulatorOptions = {}, fields: Record<string, unknown> = {}) {
  const all = setUp(options);
  const candidate = await all.invite({ test_result_url: HOOK, webhook_authentication: BEARER, ...fields });
  all.simulator.play.start({ candidateId: candidate.id });
  all.simulator.play.submit({ candidateId: candidate.id, score: 82 });
  await all.simulator.settle();
  return { ...all, candidate };
}

describe('access', () => {
  test('the key opens as a bearer and as the user name of Basic; every other key is 401', async () => {
    const { call, simulator } = setUp();
    const basic = (text: string) => ({ headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` } });
    expect((await call('/tests')).status).toBe(200);
    expect((await call('/tests', basic(`${KEY}:`))).status).toBe(200);
    expect((await call('/tests', basic(`:${KEY}`))).status).toBe(401);
    expect((await call('/tests', { key: 'other' })).status).toBe(401);
    expect((await call('/tests', { headers: {} })).status).toBe(401);
    simulator.play.rotateKey();
    expect((await call('/tests')).status).toBe(401);
    expect((await call('/tests', { key: simulator.apiKey() })).status).toBe(200);
  });

  test('a locked account, a plan without API and a missing right are 403', async () => {
    const { call, simulator, tryInvite } = setUp();
    for (const account of ['locked', 'no-api'] as const) {
      simulator.direct.configure({ account });
      expect((await call('/tests')).status).toBe(403);
    }
    simulator.direct.configure({ account: 'active', permissions: { tests: 1, candidates: 1, interviews: 0 } });
    expect((await call('/tests')).status).toBe(200);
    expect((await tryInvite()).status).toBe(403);
    expect((await call('/interviews')).status).toBe(403);
  });

  test('calls above the limit are 429, and every answer tells limit and reset', async () => {
    const { call, clock } = setUp({ settings: { callsPerSecond: 2 } });
    const answers = [await call('/tests'), await call('/tests'), await call('/tests')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    const headers = answers.map(({ headers }) =>
      ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`)),
    );
    const reset = String(clock.at.getTime() / 1000 + 1);
    expect(headers).toEqual([
      ['2', '1', reset],
      ['2', '0', reset],
      ['2', '0', reset],
    ]);
    clock.at = new Date(clock.at.getTime() + 1000);
    expect((await call('/tests')).status).toBe(200);
  });
});

describe('tests', () => {
  test('a list has pages to follow, and drafts, locked and archived ones in it', async () => {
    const { list, ids } = setUp();
    const first = await list('/tests?limit=2');
    expect(first).toMatchObject({ page_total: 2, total: 5, offset: 0, previous: '' });
    const second = await list(first.next.replace('https://www.hackerrank.com/x/api/v3', ''));
    const third = await list(second.next.replace('https://www.hackerrank.com/x/api/v3', ''));
    expect(third).toMatchObject({ next: '', page_total: 1, previous: expect.stringContaining('offset=2') });
    const rows = [...first.data, ...second.data, ...third.data];
    expect(rows.map(({ id }) => id)).toEqual([ids.backend, ids.frontend, ids.draft, ids.locked, ids.archived]);
    expect(rows[0]).toMatchObject({ name: 'Backend engineer', duration: 90, cutoff_score: 70, state: 'active', draft: false });
    expect(rows.map(({ draft, locked, state }) => [draft, locked, state]).slice(2)).toEqual([
      [true, false, 'active'],
      [false, true, 'active'],
      [false, false, 'archived'],
    ]);
  });

  test('ten at a time unless asked, a hundred at most, and no unknown parameter', async () => {
    const { call, list, simulator } = setUp();
    for (let count = 0; count < 10; count += 1) simulator.play.createTest({ name: `Test ${count}` });
    expect(await list('/tests')).toMatchObject({ page_total: 10, total: 15 });
    expect(await list('/tests?limit=100')).toMatchObject({ page_total: 15, next: '' });
    for (const query of ['limit=101', 'limit=0', 'limit=x', 'offset=-1', 'page=2', 'fields=nothing', 'additional_fields=nothing'])
      expect((await call(`/tests?${query}`)).status, query).toBe(400);
    expect((await list('/tests?fields=id,name&name=Test 3')).data).toEqual([{ id: expect.any(String), name: 'Test 3' }]);
  });

  test('an account whose list is basic tells the rest when it is asked for', async () => {
    const { list, read, ids } = setUp({ settings: { listedTests: 'basic' } });
    const [plain] = (await list('/tests')).data;
    expect(plain).not.toHaveProperty('cutoff_score');
    expect(plain).not.toHaveProperty('draft');
    expect((await list('/tests?additional_fields=cutoff_score,draft')).data[0]).toMatchObject({ cutoff_score: 70, draft: false });
    expect(await read(`/tests/${ids.frontend}?additional_fields=max_score`)).toMatchObject({ max_score: 150 });
  });

  test("another account's test is 404, and so is a deleted one", async () => {
    const { call, tryInvite, simulator, ids } = setUp();
    expect((await call(`/tests/${ids.foreign}`)).status).toBe(404);
    expect((await call(`/tests/${ids.foreign}/candidates`)).status).toBe(404);
    expect((await tryInvite({}, ids.foreign)).status).toBe(404);
    simulator.play.deleteTest({ testId: ids.backend });
    expect((await tryInvite()).status).toBe(404);
    expect((await call('/nothing')).status).toBe(404);
  });
});

describe('invitations', () => {
  test('nobody is written to unless send_email says so', async () => {
    const { invite, simulator, read } = setUp();
    const silent = await invite();
    expect(simulator.mails()).toEqual([]);
    expect(await read(silent.path)).toMatchObject({ invite_email_done: false, status: -1, invite_link: silent.test_link });
    const told = await invite({ email: 'bob@example.com', send_email: true, subject: 'Hello', message: 'Good luck' });
    expect(simulator.mails()).toMatchObject([
      { to: 'bob@example.com', subject: 'Hello', message: 'Good luck', links: [told.test_link] },
    ]);
    expect(await read(told.path)).toMatchObject({ invite_email_done: true });
  });

  test('what was said at the invitation is told again, with null for what was not', async () => {
    const { invite, read } = setUp();
    const { path } = await invite({
      full_name: 'Ada Lovelace',
      invite_metadata: { invitation: 'inv_1', nested: { a: [1] } },
      invite_valid_from: '2026-11-21T18:00:00+00:00',
      invite_valid_to: '2026-12-01T12:00:00+0100',
      tags: ['senior'],
      accommodations: { additional_time_percent: 25 },
    });
    const candidate = await read(path);
    expect(candidate).toMatchObject({
      full_name: 'Ada Lovelace',
      email: ADA,
      invite_metadata: { invitation: 'inv_1', nested: { a: [1] } },
      invite_valid_from: '2026-11-21T18:00:00+0000',
      invite_valid_to: '2026-12-01T11:00:00+0000',
      invited_on: '2026-11-21T18:16:00+0000',
      invite_valid: true,
      ats_state: 0,
      accept_result_updates: false,
    });
    const unknown = [
      'score',
      'percentage_score',
      'attempt_starttime',
      'report_url',
      'authenticated_report_url',
      'integrity_status',
    ];
    expect(unknown.map((field) => candidate[field])).toEqual(unknown.map(() => null));
    expect(candidate).not.toHaveProperty('questions');
    expect(candidate).not.toHaveProperty('webhook_authentication');
    expect(candidate).not.toHaveProperty('accommodations');
  });

  test.each<[string, Record<string, unknown>]>([
    ['no e-mail', { email: undefined }],
    ['an e-mail that is none', { email: 'ada' }],
    ['a webhook without authentication', { test_result_url: HOOK }],
    ['a webhook whose authentication is null', { test_result_url: HOOK, webhook_authentication: null }],
    ['a bearer without token', { test_result_url: HOOK, webhook_authentication: { type: 'bearer_token', data: {} } }],
    [
      'a basic without password',
      { test_result_url: HOOK, webhook_authentication: { type: 'basic_auth', data: { username: 'u' } } },
    ],
    ['an authentication of another kind', { test_result_url: HOOK, webhook_authentication: { type: 'hmac', data: {} } }],
    ['no extra time at all', { accommodations: { additional_time_percent: 0 } }],
    ['half a percent', { accommodations: { additional_time_percent: 0.5 } }],
    ['a state beyond 22', { ats_state: 23 }],
    ['a time without offset', { invite_valid_to: '2026-12-01T12:00:00' }],
    [
      'a window that ends before it begins',
      { invite_valid_from: '2026-12-02T00:00:00Z', invite_valid_to: '2026-12-01T00:00:00Z' },
    ],
    ['metadata that is a text', { invite_metadata: 'inv_1' }],
    ['a field that does not exist', { sendEmail: true }],
  ])('422 for %s', async (_what, fields) => {
    const { tryInvite, simulator } = setUp();
    const answer = await tryInvite(fields);
    expect(answer.status).toBe(422);
    expect(await answer.json()).toEqual({ errors: expect.any(Array) });
    expect(simulator.candidates()).toEqual([]);
  });

  test('400 for a text that is not JSON or does not say so, and for a parameter in the address', async () => {
    const { send, call, ids } = setUp();
    const body = JSON.stringify({ email: ADA });
    const headers = { authorization: `Bearer ${KEY}` };
    expect((await call(`/tests/${ids.backend}/candidates`, { method: 'POST', headers, body })).status).toBe(400);
    expect((await send('POST', `/tests/${ids.backend}/candidates`, '{"email":')).status).toBe(400);
    expect((await send('POST', `/tests/${ids.backend}/candidates?force=true`, { email: ADA })).status).toBe(400);
  });

  test('drafts and archived tests take nobody; a locked one does', async () => {
    const { tryInvite, ids, simulator } = setUp();
    expect((await tryInvite({}, ids.draft)).status).toBe(422);
    expect((await tryInvite({}, ids.archived)).status).toBe(422);
    expect((await tryInvite({}, ids.locked)).status).toBe(200);
    simulator.direct.configure({ draftInvites: 'silent' });
    expect((await tryInvite({ send_email: true }, ids.draft)).status).toBe(200);
    expect(simulator.mails()).toEqual([]);
  });

  test('a second invitation is 422 unless forced, and then it is the same candidate', async () => {
    const { invite, tryInvite, simulator } = setUp();
    const first = await invite({ invite_metadata: { n: 1 } });
    expect((await tryInvite({ email: ADA.toLowerCase() })).status).toBe(422);
    expect((await tryInvite({ force_reattempt: true })).status).toBe(422);
    const again = await invite({ force: true, send_email: true, tags: ['again'] });
    expect(again).toMatchObject({ id: first.id, test_link: first.test_link });
    expect(simulator.candidates()).toMatchObject([{ metadata: { n: 1 }, tags: ['again'] }]);
    expect(simulator.mails()).toHaveLength(1);
  });

  test('who was invited by hand counts as invited', async () => {
    const { tryInvite, simulator, ids, list } = setUp();
    simulator.play.invite({ testId: ids.backend, email: ADA });
    expect(simulator.mails()).toHaveLength(1);
    expect((await tryInvite()).status).toBe(422);
    expect((await list(`/tests/${ids.backend}/candidates/search?search=ada`)).data).toMatchObject([{ invite_metadata: null }]);
  });

  test('an attempt is repeated only with force_reattempt, as a new candidate beside the old', async () => {
    const { tryInvite, invite, candidate, read } = await setUpScored();
    expect((await tryInvite({ force: true })).status).toBe(422);
    const again = await invite({ force_reattempt: true });
    expect(again.id).not.toBe(candidate.id);
    expect(await read(candidate.path)).toMatchObject({ status: 7, score: 82 });
    expect(await read(again.path)).toMatchObject({ status: -1, score: null });
  });

  test('taken back: the link is dead, a second time is 404, a started test is 422, and a new invitation is possible', async () => {
    const { call, invite, read, simulator } = setUp();
    const { id, path, test_link } = await invite();
    expect((await call(`${path}/invite`, { method: 'DELETE' })).status).toBe(204);
    expect(await read(path)).toMatchObject({ invite_valid: false, status: -1 });
    expect(() => simulator.play.start({ candidateId: id })).toThrow('not valid');
    expect(await (await simulator.pages.request(test_link)).text()).toContain('no longer valid');
    expect((await call(`${path}/invite`, { method: 'DELETE' })).status).toBe(404);
    simulator.direct.configure({ cancelled: 'gone' });
    expect((await call(path)).status).toBe(404);
    const again = await invite();
    expect(again.id).not.toBe(id);
    simulator.play.start({ candidateId: again.id });
    expect((await call(`${again.path}/invite`, { method: 'DELETE' })).status).toBe(422);
  });

  test('the window of an invitation is extended by PUT; expired, nobody can begin', async () => {
    const { send, invite, read, simulator, clock } = setUp();
    const { id, path } = await invite({ invite_valid_to: '2026-11-22T00:00:00Z' });
    clock.at = new Date('2026-11-22T00:00:00Z');
    expect(await read(path)).toMatchObject({ invite_valid: false });
    expect(() => simulator.play.start({ candidateId: id })).toThrow('not valid');
    const answer = await send('PUT', path, { invite_valid_to: '2026-11-25T00:00:00Z', ats_state: 7 });
    expect(await answer.json()).toMatchObject({ invite_valid: true, invite_valid_to: '2026-11-25T00:00:00+0000', ats_state: 7 });
    simulator.play.expire({ candidateId: id });
    expect(await read(path)).toMatchObject({ invite_valid: false });
  });

  test('PUT refuses what it does not take', async () => {
    const { send, invite } = setUp();
    const { path } = await invite();
    for (const body of [
      { email: 'other@example.com' },
      { ats_state: 23 },
      { ats_state: '7' },
      { test_result_url: HOOK },
      { send_email: true },
    ])
      expect((await send('PUT', path, body)).status, JSON.stringify(body)).toBe(422);
    expect((await send('PUT', `${path}9`, { ats_state: 7 })).status).toBe(404);
    const webhook = { test_result_url: HOOK, webhook_authentication: BEARER };
    expect((await send('PUT', path, webhook)).status).toBe(200);
    expect((await send('PUT', path, { test_result_url: `${HOOK}?again` })).status).toBe(200);
  });
});

describe('results', () => {
  test('from invited to reported: only -1 and 7 mean something', async () => {
    const { simulator, invite, read } = setUp();
    const { id, path, test_link } = await invite({ full_name: 'Ada' });
    const page = await simulator.pages.request(test_link);
    expect(await page.text()).toContain('Start');
    simulator.play.start({ candidateId: id });
    expect(await read(path)).toMatchObject({ status: 0, attempt_starttime: '2026-11-21T18:16:00+0000', attempt_endtime: null });
    simulator.play.submit({ candidateId: id, score: 64, processing: true });
    expect(await read(path)).toMatchObject({ status: 3, attempt_endtime: '2026-11-21T18:16:00+0000', report_url: null });
    simulator.play.finishProcessing({ candidateId: id });
    const report = `https://www.hackerrank.com/x${path}/report`;
    const candidate = await read(`${path}?additional_fields=questions,test,scores_sections_split`);
    expect(candidate).toMatchObject({
      status: 7,
      score: 64,
      percentage_score: 64,
      // Below the test's cutoff of 70.
      ats_state: 3,
      scores_skills_split: { 'SQL (Basic)': 64 },
      questions: { '2psql21H': { answered: true, score: 32, name: 'Rate limiter' } },
      test: { name: 'Backend engineer' },
      report_url: report,
      authenticated_report_url: expect.stringMatching(/\/report\?authkey=[a-z0-9]{24}$/),
    });
    expect((await simulator.pages.request(report)).status).toBe(401);
    expect((await simulator.pages.request(String(candidate.authenticated_report_url))).status).toBe(200);
  });

  test('the result goes to the address of the invitation, with the bearer or Basic that was chosen', async () => {
    const { received, candidate } = await setUpScored();
    expect(received).toHaveLength(1);
    expect(received[0]?.headers.get('authorization')).toBe('Bearer chosen-by-us');
    expect(received[0]?.body).toMatchObject({ id: candidate.id, status: 7, score: 82 });
    const basic = await setUpScored(
      {},
      { webhook_authentication: { type: 'basic_auth', data: { username: 'tag', password: 'along' } } },
    );
    expect(basic.received[0]?.headers.get('authorization')).toBe(`Basic ${btoa('tag:along')}`);
  });

  test.each([
    ['enveloped', { data: { status: 7 } }],
    ['empty', {}],
  ] as const)('the body can be %s: what it is, is not public', async (webhookBody, body) => {
    const { received } = await setUpScored({ settings: { webhookBody } });
    expect(received[0]?.body).toMatchObject(body);
  });

  test('a regrade and a late look at integrity are told to those who take updates, and to nobody else', async () => {
    const silent = await setUpScored();
    silent.simulator.play.regrade({ candidateId: silent.candidate.id, score: 90 });
    await silent.simulator.settle();
    expect(silent.received).toHaveLength(1);
    expect(await silent.read(silent.candidate.path)).toMatchObject({ score: 90 });

    const { simulator, candidate, received, read, send } = await setUpScored({}, { accept_result_updates: true });
    simulator.play.regrade({ candidateId: candidate.id, score: 90 });
    simulator.play.judgeIntegrity({ candidateId: candidate.id, status: 'High', summary: 'Pasted' });
    simulator.play.giveFeedback({ candidateId: candidate.id, feedback: 'Nice' });
    await send('PUT', candidate.path, { ats_state: 22 });
    await simulator.settle();
    expect(received).toHaveLength(5);
    expect(await read(candidate.path)).toMatchObject({
      score: 90,
      integrity_status: 'High',
      integrity_summary: 'Pasted',
      plagiarism: true,
      feedback: 'Nice',
    });
    simulator.direct.configure({ tellsAtsState: false });
    await send('PUT', candidate.path, { ats_state: 21 });
    await simulator.settle();
    expect(received).toHaveLength(5);
  });

  test('what is not answered with success is tried again; held, dropped, doubled and forged as ordered', async () => {
    const { simulator, received, receiver, candidate } = await setUpScored({}, { accept_result_updates: true });
    const regrade = (score: number) => simulator.play.regrade({ candidateId: candidate.id, score });
    receiver.status = 500;
    regrade(1);
    await simulator.settle();
    expect(simulator.deliveries().at(-1)).toMatchObject({ state: 'waiting' });
    for (let count = 0; count < 3; count += 1) expect(await simulator.direct.retryDue()).toBe(1);
    expect(simulator.deliveries().at(-1)).toMatchObject({ state: 'given-up' });
    expect(await simulator.direct.retryDue()).toBe(0);
    receiver.status = 200;
    simulator.direct.configure({ webhooks: 'duplicate' });
    regrade(2);
    simulator.direct.configure({ webhooks: 'drop' });
    regrade(3);
    simulator.direct.configure({ webhooks: 'hold' });
    regrade(4);
    regrade(5);
    await simulator.settle();
    expect(simulator.deliveries().map(({ state }) => state)).toEqual([
      'delivered',
      'given-up',
      'delivered',
      'delivered',
      'dropped',
      'held',
      'held',
    ]);
    expect(await simulator.direct.releaseHeld({ reversed: true })).toBe(2);
    expect(received.slice(-2)).toMatchObject([{ body: { score: 5 } }, { body: { score: 4 } }]);
    receiver.status = 401;
    expect(await simulator.direct.sendForged({ deliveryId: 1, authorization: 'Bearer wrong' })).toBe(401);
    expect(received.at(-1)?.headers.get('authorization')).toBe('Bearer wrong');
    await simulator.direct.resend({ deliveryId: 1 });
    expect(received.at(-1)?.body).toEqual(received[0]?.body);
    const journal = JSON.stringify(simulator.journal.list({ kind: 'webhook' }));
    expect(journal).not.toContain('chosen-by-us');
  });

  test('a live row can have no e-mail', async () => {
    const { simulator, candidate, read, list, ids } = await setUpScored();
    simulator.play.hideEmail({ candidateId: candidate.id });
    expect(await read(candidate.path)).toMatchObject({ email: null, status: 7 });
    expect((await list(`/tests/${ids.backend}/candidates/search?search=ada`)).total).toBe(0);
  });

  test('the PDF is not ready, then an address or the file; a deleted report is gone', async () => {
    const { call, candidate, read } = await setUpScored();
    expect((await call(`${candidate.path}/pdf?format=url`)).status).toBe(503);
    expect(await read(`${candidate.path}/pdf?format=url`)).toEqual({ url: expect.stringContaining('https://') });
    expect((await call(`${candidate.path}/pdf`)).headers.get('content-type')).toBe('application/pdf');
    expect((await call(`${candidate.path}/pdf?format=docx`)).status).toBe(400);
    expect((await call(`${candidate.path}/report`, { method: 'DELETE' })).status).toBe(204);
    expect((await call(`${candidate.path}/pdf`)).status).toBe(404);
    expect((await call(`${candidate.path}/report`, { method: 'DELETE' })).status).toBe(404);
    expect(await read(candidate.path)).toMatchObject({ report_url: null, authenticated_report_url: null, score: null });
  });

  test('candidates are listed newest first, filtered and searched', async () => {
    const { list, invite, call, ids } = setUp();
    await invite({ full_name: 'Ada Lovelace' });
    await invite({ email: 'bob@example.com', full_name: 'Bob' });
    const path = `/tests/${ids.backend}/candidates`;
    expect((await list(path)).data.map(({ email }) => email)).toEqual(['bob@example.com', ADA]);
    expect((await list(`${path}?email=bob@example.com`)).total).toBe(1);
    expect((await list(`${path}?status=0..7`)).total).toBe(0);
    expect((await list(`${path}/search?search=LOVE`)).total).toBe(1);
    expect((await call(`${path}/search`)).status).toBe(400);
    expect((await call(`${path}?colour=red`)).status).toBe(400);
    expect((await call(`/tests/${ids.frontend}/candidates/1`)).status).toBe(404);
  });
});

describe('interviews', () => {
  test('are created, listed by status, ended and rated, and told without authentication', async () => {
    const { send, call, read, list, simulator, received } = setUp();
    const body = {
      title: 'System design',
      candidate: { email: ADA },
      result_url: HOOK,
      send_email: true,
      interviewers: ['b@c.example'],
    };
    const created = objectSchema.parse(await (await send('POST', '/interviews', body)).json());
    expect(created).toMatchObject({
      status: 'new',
      url: `www.hackerrank.com/paper/${created.id}`,
      report_url: null,
      thumbs_up: null,
    });
    expect(simulator.mails()).toHaveLength(1);
    expect((await send('POST', '/interviews', { candidate: { email: ADA } })).status).toBe(422);
    expect((await list('/interviews?status=0')).total).toBe(1);
    expect((await list('/interviews?status=2')).total).toBe(0);
    expect((await call('/interviews?status=4')).status).toBe(400);
    const interviewId = String(created.id);
    await send('PUT', `/interviews/${interviewId}`, { title: 'Design' });
    simulator.play.endInterview({ interviewId });
    simulator.play.rateInterview({ interviewId, thumbsUp: '1', feedback: 'Good' });
    await simulator.settle();
    expect(received.map(({ body }) => body)).toMatchObject([
      { status: 'ended', thumbs_up: null },
      { thumbs_up: 1, feedback: 'Good' },
    ]);
    expect(await read(`/interviews/${interviewId}`)).toMatchObject({
      title: 'Design',
      ended_at: expect.stringContaining('+0000'),
    });
    expect(await read(`/interviews/${interviewId}/transcript`)).toMatchObject({ messages: [{ candidate: true }] });
    expect((await call(`/interviews/${interviewId}`, { method: 'DELETE' })).status).toBe(204);
    expect((await call(`/interviews/${interviewId}`)).status).toBe(404);
  });
});

describe('broken', () => {
  test('as ordered: a status, a web page, a lost answer after the work was done, a slow one', async () => {
    const { simulator, call, tryInvite } = setUp();
    simulator.direct.failNext({ kind: 'status', status: 500 });
    expect(await (await call('/tests')).json()).toEqual({ errors: ['planned failure'] });
    simulator.direct.failNext({ kind: 'html', status: 200 });
    expect(await (await call('/tests')).text()).toContain('<!doctype html>');
    simulator.direct.failNext({ kind: 'reset', when: 'after', method: 'POST' });
    await expect((await tryInvite()).text()).rejects.toThrow();
    expect(simulator.candidates()).toHaveLength(1);
    expect(simulator.journal.list({ kind: 'api' }).at(-1)).toMatchObject({ what: expect.stringContaining('POST'), status: null });
    expect((await tryInvite()).status).toBe(422);
    simulator.direct.failNext({ kind: 'slow' });
    const slow = call('/tests');
    await expect.poll(() => simulator.direct.releaseHangs()).toBe(1);
    expect((await slow).status).toBe(200);
  });
});

describe('pages and control', () => {
  test('a candidate takes the test in the browser', async () => {
    const { simulator, invite, ids, read } = setUp();
    const { path, test_link } = await invite({ accommodations: { additional_time_percent: 50 } });
    expect(await (await simulator.pages.request(test_link)).text()).toContain('135 minutes');
    const b = new URL(test_link).searchParams.get('b') ?? '';
    const post = (act: string, fields: Record<string, string>) =>
      simulator.pages.request(`/tests/${ids.backend}/${act}`, { method: 'POST', body: new URLSearchParams({ b, ...fields }) });
    expect((await post('submit', { score: '70' })).status).toBe(409);
    expect((await post('start', {})).status).toBe(303);
    expect((await post('submit', { score: '70' })).status).toBe(303);
    expect(await read(path)).toMatchObject({ status: 7, score: 70, ats_state: 2 });
    expect((await simulator.pages.request('/tests/1/login?b=nobody')).status).toBe(404);
  });

  test('the control page plays the same, and shows no key', async () => {
    const { simulator, invite, candidate } = await setUpScored();
    const { id } = await invite({ email: 'bob@example.com' });
    expect(
      (await simulator.control.request('/start', { method: 'POST', body: JSON.stringify({ candidateId: id }) })).status,
    ).toBe(200);
    expect(
      (await simulator.control.request('/start', { method: 'POST', body: JSON.stringify({ candidateId: id }) })).status,
    ).toBe(400);
    const page = await (await simulator.control.request('/')).text();
    expect(page).toContain('Playing HackerRank');
    expect(page).toContain('name="score"');
    const state = await (await simulator.control.request('/state')).text();
    expect(state).toContain(candidate.id);
    expect(page + state).not.toContain(KEY);
    expect(page + state).not.toContain('chosen-by-us');
    expect(await (await simulator.control.request('/journal')).text()).not.toContain(KEY);
  });
});
