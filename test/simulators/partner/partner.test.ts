import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { seededRandom } from '../frame/random.ts';
import { createPartnerSimulator, type PartnerSimulatorOptions, toAdafacePath } from './index.ts';

const KEY = 'key-of-northwind';
const ADA = 'Ada@Example.com';
const CALLBACK = 'https://app.greenhouse.io/integrations/testing_partners/take_home_tests/12345';
const PROFILE = 'https://app.greenhouse.io/people/17681532?application_id=26234709';
const basic = (user: string, password = '') => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const sentSchema = z.strictObject({ partner_interview_id: z.union([z.string(), z.number()]) });
const testsSchema = z.array(z.strictObject({ partner_test_id: z.string(), partner_test_name: z.string() }));
const primitive = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const statusSchema = z.strictObject({
  partner_status: z.string(),
  partner_profile_url: z.string().nullable(),
  partner_score: z.number().nullable(),
  metadata: z.record(z.string(), primitive).nullable(),
});

function setUp(options: PartnerSimulatorOptions = {}) {
  const received: { method: string; url: string; headers: Headers; text: string }[] = [];
  const receiver = { status: 200 };
  const simulator = createPartnerSimulator({
    now: () => new Date('2026-11-21T18:16:00Z'),
    fetch: async (url, init) => {
      const request = new Request(url, init);
      received.push({ method: request.method, url: request.url, headers: request.headers, text: await request.text() });
      return new Response(null, { status: receiver.status });
    },
    apiKey: KEY,
    ...options,
  });
  const ids = simulator.seed();
  const call = (path: string, { key = basic(KEY), ...init }: RequestInit & { key?: string } = {}) =>
    simulator.api.request(`https://partner.example${simulator.basePath}${path}`, {
      ...init,
      headers: { authorization: key, 'content-type': 'application/json' },
    });
  const candidate = { first_name: 'Ada', last_name: 'Lovelace', email: ADA, greenhouse_profile_url: PROFILE };
  const trySend = (fields: Record<string, unknown> = {}, person: Record<string, unknown> = {}) => {
    const body = { partner_test_id: ids.java, candidate: { ...candidate, ...person }, url: CALLBACK, ...fields };
    return call('/send_test', { method: 'POST', body: JSON.stringify(body) });
  };
  const send = async (fields: Record<string, unknown> = {}) => {
    const answer = await trySend(fields);
    expect(answer.status).toBe(200);
    return String(sentSchema.parse(await answer.json()).partner_interview_id);
  };
  const statusOf = async (id: string) => statusSchema.parse(await (await call(`/test_status?partner_interview_id=${id}`)).json());
  return { simulator, ids, call, trySend, send, statusOf, received, receiver };
}

/** Sent and complete. */
async function setUpComplete(options: PartnerSimulatorOptions = {}) {
  const all = setUp(options);
  const interviewId = await all.send();
  all.simulator.play.start({ interviewId });
  all.simulator.play.submit({ interviewId, score: 81 });
  await all.simulator.settle();
  return { ...all, interviewId };
}

describe('access', () => {
  test('Basic with the key and a blank password, and nothing else', async () => {
    const { call, simulator } = setUp();
    expect((await call('/list_tests')).status).toBe(200);
    for (const key of [basic('other'), basic(KEY, 'x'), basic('', KEY), `Bearer ${KEY}`, KEY, ''])
      expect((await call('/list_tests', { key })).status, key).toBe(401);
    simulator.direct.configure({ account: 'no-api' });
    expect((await call('/list_tests')).status).toBe(403);
    simulator.direct.configure({ account: 'active' });
    simulator.play.rotateKey();
    expect((await call('/list_tests')).status).toBe(401);
    expect((await call('/list_tests', { key: basic(simulator.apiKey()) })).status).toBe(200);
  });

  test('the paths can have other names, and Adaface has its own base', async () => {
    const { call, simulator } = setUp({ basePath: toAdafacePath('northwind') });
    expect(simulator.basePath).toBe('/app/api/integrations/northwind');
    expect((await call('/list_tests')).status).toBe(200);
    expect((await simulator.api.request('/list_tests', { headers: { authorization: basic(KEY) } })).status).toBe(404);
    const paths = { listTests: '/tests', sendTest: '/orders', testStatus: '/status', responseError: '/errors' };
    simulator.direct.configure({ paths });
    expect((await call('/list_tests')).status).toBe(404);
    expect((await call('/tests')).status).toBe(200);
    expect((await call('/status?partner_interview_id=1')).status).toBe(404);
    expect((await call('/tests', { method: 'POST', body: '{}' })).status).toBe(404);
  });
});

describe('tests', () => {
  test('are a bare list, in which two may have the same name; archived ones are gone', async () => {
    const { call, ids, simulator, trySend } = setUp();
    const read = async () => testsSchema.parse(await (await call('/list_tests')).json());
    expect(await read()).toEqual([
      { partner_test_id: ids.java, partner_test_name: 'Java developer' },
      { partner_test_id: ids.sql, partner_test_name: 'SQL analyst' },
      { partner_test_id: ids.twin, partner_test_name: 'Aptitude' },
      { partner_test_id: ids.otherTwin, partner_test_name: 'Aptitude' },
    ]);
    simulator.play.archiveTest({ testId: ids.java });
    expect(await read()).toHaveLength(3);
    expect((await trySend()).status).toBe(404);
    expect((await call('/list_tests?page=2')).status).toBe(400);
  });
});

describe('sending', () => {
  test('the partner writes to the candidate itself and answers an id', async () => {
    const { send, simulator, statusOf } = setUp();
    const id = await send({ sent_by: 'noor@northwind.example' });
    expect(id).toMatch(/^[1-9]\d{7}$/);
    expect(simulator.mails()).toMatchObject([
      { to: ADA, links: [expect.stringMatching(/^https:\/\/app\.adaface\.com\/take\//)] },
    ]);
    expect(simulator.interviews()).toMatchObject([{ id, callbackUrl: CALLBACK, sentBy: 'noor@northwind.example' }]);
    expect(await statusOf(id)).toEqual({
      partner_status: 'sent',
      partner_profile_url: null,
      partner_score: null,
      metadata: { 'Started At': null, 'Completed At': null },
    });
  });

  test('the id can be a number', async () => {
    const { trySend, statusOf } = setUp({ settings: { numericIds: true } });
    const { partner_interview_id: id } = sentSchema.parse(await (await trySend()).json());
    expect(typeof id).toBe('number');
    expect((await statusOf(String(id))).partner_status).toBe('sent');
  });

  test.each<[string, number, Record<string, unknown>, Record<string, unknown>]>([
    ['no test', 400, { partner_test_id: undefined }, {}],
    ['a test id that is a number', 400, { partner_test_id: 12345 }, {}],
    ['a test that is gone', 404, { partner_test_id: '0' }, {}],
    ['no first name', 400, {}, { first_name: '' }],
    ['no last name', 400, {}, { last_name: null }],
    ['an e-mail that is none', 400, {}, { email: 'ada' }],
    ['no profile', 400, {}, { greenhouse_profile_url: undefined }],
    ['a callback to somewhere else', 400, { url: 'https://tagalong.example/hooks/1' }, {}],
    ['a callback to a name that only looks like it', 400, { url: 'https://app.greenhouse.io.evil.example/x' }, {}],
    ['a callback without https', 400, { url: 'http://app.greenhouse.io/x' }, {}],
    ['a callback that is no address', 400, { url: 'here' }, {}],
    ['a field that nobody documents', 400, { send_email: false }, {}],
    ['a field of the candidate that nobody documents', 400, {}, { middle_name: 'King' }],
  ])('refused: %s', async (_what, status, fields, person) => {
    const { trySend, simulator } = setUp();
    expect((await trySend(fields, person)).status).toBe(status);
    expect(simulator.interviews()).toEqual([]);
    expect(simulator.mails()).toEqual([]);
  });

  test('null may stand for what has no value; other servers take other callbacks, profiles and fields', async () => {
    const { trySend, simulator } = setUp();
    expect(
      (await trySend({ url: null, sent_by: null }, { preferred_name: null, resume_url: null, phone_number: null })).status,
    ).toBe(200);
    simulator.direct.configure({ callbackRequired: true });
    expect((await trySend({ url: null })).status).toBe(400);
    simulator.direct.configure({ greenhouseCallbackOnly: false, unknownFields: 'ignore' });
    expect((await trySend({ url: 'http://127.0.0.1:1/hook', send_email: false }, { middle_name: 'King' })).status).toBe(200);
    simulator.direct.configure({ greenhouseProfileOnly: true });
    const lever = { greenhouse_profile_url: 'https://hire.lever.co/candidates/1' };
    expect((await trySend({}, lever)).status).toBe(400);
    expect((await trySend()).status).toBe(200);
  });

  test('400 for a text that is not JSON', async () => {
    const { call } = setUp();
    expect((await call('/send_test', { method: 'POST', body: '{"partner' })).status).toBe(400);
  });

  test.each([
    ['another', [200, 2]],
    ['same', [200, 1]],
    ['refuse', [422, 1]],
  ] as const)('the same person again: %s', async (repeat, [status, count]) => {
    const { send, trySend, simulator } = setUp({ settings: { repeat } });
    await send();
    const again = await trySend({}, { email: ADA.toLowerCase() });
    expect(again.status).toBe(status);
    expect(simulator.interviews()).toHaveLength(count);
    expect(simulator.mails()).toHaveLength(status === 200 ? 2 : 1);
  });
});

describe('status', () => {
  test('from sent to complete, each state with its word, and free texts for metadata', async () => {
    const { simulator, send, statusOf } = setUp();
    const interviewId = await send();
    simulator.play.start({ interviewId });
    expect(await statusOf(interviewId)).toMatchObject({ partner_status: 'in_progress' });
    simulator.play.submit({ interviewId, score: 64, processing: true });
    expect(await statusOf(interviewId)).toMatchObject({
      partner_status: 'pending',
      partner_score: null,
      partner_profile_url: null,
    });
    simulator.play.finishProcessing({ interviewId });
    const status = await statusOf(interviewId);
    expect(status).toEqual({
      partner_status: 'complete',
      partner_profile_url: `https://app.adaface.com/candidates/${interviewId}`,
      partner_score: 64,
      metadata: { 'Started At': '6:16 PM 21 November 2026', 'Completed At': '6:16 PM 21 November 2026' },
    });
    expect((await simulator.pages.request(String(status.partner_profile_url))).status).toBe(200);
  });

  test.each(['sent', 'incomplete', 'in_progress', 'pending'] as const)(
    'every state before complete can be "%s"',
    async (statuses) => {
      const { simulator, send, statusOf } = setUp({ settings: { statuses } });
      const interviewId = await send();
      expect(await statusOf(interviewId)).toMatchObject({ partner_status: statuses });
      simulator.play.start({ interviewId });
      expect(await statusOf(interviewId)).toMatchObject({ partner_status: statuses });
      simulator.play.submit({ interviewId });
      expect(await statusOf(interviewId)).toMatchObject({ partner_status: 'complete' });
    },
  );

  test('score and address can be there early, or the score never', async () => {
    const { simulator, send, statusOf } = setUp({ settings: { earlyScore: true, metadata: 'joined' } });
    const interviewId = await send();
    simulator.play.start({ interviewId });
    simulator.play.submit({ interviewId, score: 10, processing: true });
    expect(await statusOf(interviewId)).toMatchObject({
      partner_status: 'pending',
      partner_score: 10,
      partner_profile_url: expect.any(String),
      metadata: { StartedAt: expect.any(String) },
    });
    simulator.direct.configure({ scored: false, metadata: 'none' });
    simulator.play.finishProcessing({ interviewId });
    expect(await statusOf(interviewId)).toMatchObject({ partner_status: 'complete', partner_score: null, metadata: null });
  });

  test('what ended otherwise never becomes complete: the protocol has no word for it', async () => {
    const { simulator, send, statusOf } = setUp();
    const ends = [simulator.play.expire, simulator.play.decline, simulator.play.cancel];
    for (const end of ends) {
      const interviewId = await send();
      end({ interviewId });
      expect(await statusOf(interviewId)).toMatchObject({ partner_status: 'incomplete' });
      expect(() => simulator.play.start({ interviewId })).toThrow('interview is');
    }
  });

  test('400 without an id, 404 for one that is not there, 400 for a second parameter', async () => {
    const { call, send } = setUp();
    const id = await send();
    expect((await call('/test_status')).status).toBe(400);
    expect((await call('/test_status?partner_interview_id=1')).status).toBe(404);
    expect((await call(`/test_status?partner_interview_id=${id}&full=1`)).status).toBe(400);
  });

  test('a regrade and late doubts are told by the next status', async () => {
    const { simulator, interviewId, statusOf, received } = await setUpComplete();
    simulator.play.regrade({ interviewId, score: 90 });
    simulator.play.addMetadata({ interviewId, name: 'Integrity', value: 'Two people were seen' });
    await simulator.settle();
    expect(await statusOf(interviewId)).toMatchObject({ partner_score: 90, metadata: { Integrity: 'Two people were seen' } });
    expect(received).toHaveLength(3);
  });

  test('who was invited outside is not known to anybody', async () => {
    const { simulator, ids, received, statusOf } = setUp();
    const { id } = simulator.play.invite({ testId: ids.java, email: ADA });
    simulator.play.start({ interviewId: id });
    simulator.play.submit({ interviewId: id });
    await simulator.settle();
    expect(received).toEqual([]);
    expect(await statusOf(id)).toMatchObject({ partner_status: 'complete' });
  });
});

describe('the PATCH on completion', () => {
  test('has no body and carries the key', async () => {
    const { received, simulator } = await setUpComplete();
    expect(received).toMatchObject([{ method: 'PATCH', url: CALLBACK, text: '' }]);
    expect(received[0]?.headers.get('authorization')).toBe(basic(KEY));
    expect(JSON.stringify(simulator.journal.list({ kind: 'webhook' }))).not.toContain(basic(KEY));
  });

  test('is left out by some servers, tried again, held, dropped, doubled and forged as ordered', async () => {
    expect((await setUpComplete({ settings: { patches: false } })).received).toEqual([]);
    const { simulator, interviewId, received, receiver } = await setUpComplete();
    receiver.status = 404;
    simulator.play.regrade({ interviewId, score: 1 });
    await simulator.settle();
    for (let count = 0; count < 3; count += 1) expect(await simulator.direct.retryDue()).toBe(1);
    simulator.direct.configure({ webhooks: 'hold' });
    simulator.play.regrade({ interviewId, score: 2 });
    simulator.direct.configure({ webhooks: 'drop' });
    simulator.play.regrade({ interviewId, score: 3 });
    receiver.status = 200;
    simulator.direct.configure({ webhooks: 'duplicate' });
    simulator.play.regrade({ interviewId, score: 4 });
    await simulator.settle();
    expect(await simulator.direct.releaseHeld()).toBe(1);
    expect(simulator.deliveries().map(({ state }) => state)).toEqual([
      'delivered',
      'given-up',
      'delivered',
      'dropped',
      'delivered',
      'delivered',
    ]);
    receiver.status = 401;
    expect(await simulator.direct.sendForged({ deliveryId: 1 })).toBe(401);
    expect(received.at(-1)?.headers.get('authorization')).toBeNull();
    await simulator.direct.resend({ deliveryId: 1 });
    expect(received.at(-1)?.headers.get('authorization')).toBe(basic(KEY));
  });
});

describe('response_error', () => {
  test('is taken down', async () => {
    const { call, simulator } = setUp();
    const body = { api_call: 'send_test', errors: ['no id'], partner_test_id: '12345', candidate_email: null };
    expect((await call('/response_error', { method: 'POST', body: JSON.stringify(body) })).status).toBe(200);
    expect(simulator.responseErrors()).toEqual([body]);
    expect((await call('/response_error', { method: 'POST', body: '{}' })).status).toBe(400);
  });
});

describe('broken, pages and control', () => {
  test('an answer lost after the work was done: the candidate has the letter and the caller no id', async () => {
    const { simulator, trySend, call } = setUp();
    simulator.direct.failNext({ kind: 'reset', when: 'after' });
    await expect((await trySend()).text()).rejects.toThrow();
    expect(simulator.mails()).toHaveLength(1);
    expect(simulator.journal.list({ kind: 'api' })).toMatchObject([{ what: 'POST /send_test', status: null }]);
    simulator.direct.failNext({ kind: 'html', status: 200 });
    expect(await (await call('/list_tests')).text()).toContain('<!doctype html>');
    simulator.direct.failNext({ kind: 'slow', when: 'after' });
    const slow = trySend();
    await expect.poll(() => simulator.direct.releaseHangs()).toBe(1);
    expect((await slow).status).toBe(200);
  });

  test('a candidate takes the test in the browser', async () => {
    const { simulator, send, statusOf } = setUp();
    const id = await send();
    const link = simulator.mails()[0]?.links[0] ?? '';
    const post = (act: string, fields: Record<string, string> = {}) =>
      simulator.pages.request(`${link}/${act}`, { method: 'POST', body: new URLSearchParams(fields) });
    expect(await (await simulator.pages.request(link)).text()).toContain('Start');
    expect((await post('submit', { score: '70' })).status).toBe(409);
    expect((await post('start')).status).toBe(303);
    expect((await post('submit', { score: '70' })).status).toBe(303);
    expect(await statusOf(id)).toMatchObject({ partner_status: 'complete', partner_score: 70 });
    expect((await simulator.pages.request('/take/nobody')).status).toBe(404);
  });

  test('the control page plays the same, and shows no key', async () => {
    const { simulator, interviewId } = await setUpComplete();
    const order = (name: string, body: unknown) =>
      simulator.control.request(`/${name}`, { method: 'POST', body: JSON.stringify(body) });
    expect((await order('regrade', { interviewId, score: 5 })).status).toBe(200);
    expect((await order('start', { interviewId })).status).toBe(400);
    const shown = [
      await simulator.control.request('/'),
      await simulator.control.request('/state'),
      await simulator.control.request('/journal'),
    ];
    const text = (await Promise.all(shown.map((answer) => answer.text()))).join();
    expect(text).toContain('Playing an assessment partner');
    expect(text).toContain(ADA);
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(basic(KEY));
  });

  test('the same seed gives the same partner', () => {
    const idsOf = (seed: number) => createPartnerSimulator({ random: seededRandom(seed) }).seed();
    expect(idsOf(7)).toEqual(idsOf(7));
    expect(idsOf(7)).not.toEqual(idsOf(8));
  });
});
