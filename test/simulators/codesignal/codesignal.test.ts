import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { seededRandom } from '../frame/random.ts';
import { type CodesignalSimulatorOptions, createCodesignalSimulator } from './index.ts';

const KEY = 'key-of-northwind';
const SECRET = 'shared-secret';
const HOOK = 'https://tagalong.example/hooks/1';
const ADA = 'Ada@Example.com';
const CREATE =
  'mutation Create($fields: TestSessionInput!) { createCompanyTestSession(sessionFields: $fields) { id invitationUrl status } }';
const READ = `query Read($id: ID!) { companyTestSession(id: $id) {
  id status maxScore verificationStatus verificationRejectionReasons { name description } integrityReviewFinalized integrityReviewSuggested
  startDate finishDate expirationDate customDuration testTaker { email firstName lastName } test { title scoreRangeLabels { label scoreRange { min max } } }
  integrations { greenhouseApplicationId leverOpportunityId } retakeSession { id status } reactivatedSession { newSessionId }
  emailReminders { templateName timeBeforeExpiration }
  result { score solvedTaskCount url versionedCodingScore { version value skillAreas { name label } }
    taskResults { score solveTime sessionTask { maxScore task { id title } } integrityReport { status suspicionScore } } } } }`;

const answerSchema = z.looseObject({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.looseObject({ message: z.string(), extensions: z.looseObject({ code: z.string() }) })).optional(),
});
const sessionSchema = z.looseObject({ id: z.string(), invitationUrl: z.string(), status: z.string() });
const envelopeSchema = z.strictObject({ event: z.string(), triggeredOn: z.number(), payload: z.record(z.string(), z.unknown()) });

function setUp(options: CodesignalSimulatorOptions = {}) {
  const received: { headers: Headers; text: string }[] = [];
  const receiver = { status: 200 };
  const clock = { at: Date.parse('2026-11-21T18:16:00Z') };
  const simulator = createCodesignalSimulator({
    now: () => new Date(clock.at),
    fetch: async (url, init) => {
      const request = new Request(url, init);
      received.push({ headers: request.headers, text: await request.text() });
      return new Response(null, { status: receiver.status });
    },
    apiKey: KEY,
    ...options,
    settings: { queriesPerSecond: null, mutationsPerSecond: null, ...options.settings },
  });
  const ids = simulator.seed();
  const post = (body: unknown, key = KEY) =>
    simulator.api.request('https://app.codesignal.com/graphql', {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const ask = async (query: string, variables: Record<string, unknown> = {}) =>
    answerSchema.parse(await (await post({ query, variables })).json());
  const codesOf = async (query: string, variables: Record<string, unknown> = {}) =>
    (await ask(query, variables)).errors?.map(({ extensions }) => extensions.code);
  const read = async (id: string) => (await ask(READ, { id })).data?.companyTestSession;
  const tryCreate = (fields: Record<string, unknown> = {}) =>
    ask(CREATE, {
      fields: { testId: ids.backend, candidateEmail: ADA, candidateFirstName: 'Ada', candidateLastName: 'Lovelace', ...fields },
    });
  const create = async (fields: Record<string, unknown> = {}) => {
    const { data, errors } = await tryCreate(fields);
    expect(errors).toBeUndefined();
    return sessionSchema.parse(data?.createCompanyTestSession);
  };
  const events = () => received.filter(({ text }) => text !== '').map(({ text }) => envelopeSchema.parse(JSON.parse(text)));
  /** Sends whatever waits and answers the events so far. */
  const flush = async () => {
    await simulator.settle();
    while ((await simulator.direct.runDue({ all: true })) > 0);
    return events();
  };
  return { simulator, ids, post, ask, codesOf, read, tryCreate, create, received, receiver, clock, flush, events };
}

/** With an endpoint that wants everything. */
async function setUpEndpoint(options: CodesignalSimulatorOptions = {}) {
  const all = setUp(options);
  await all.simulator.play.registerEndpoint({ url: HOOK, secret: SECRET });
  all.received.length = 0;
  return all;
}

describe('access and form', () => {
  test('a wrong key is denied, as a status or as an error, and so is every key without API in the plan', async () => {
    const { post, simulator } = setUp();
    const query = '{ companyTests(first: 1) { totalCount } }';
    expect((await post({ query })).status).toBe(200);
    expect((await post({ query }, 'other')).status).toBe(401);
    simulator.direct.configure({ badKey: 'errors' });
    const answer = await post({ query }, 'other');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ errors: [{ message: 'Access Denied', extensions: { code: 'UNAUTHENTICATED' } }] });
    simulator.direct.configure({ badKey: 'status', apiInPlan: false });
    expect((await post({ query })).status).toBe(401);
    simulator.direct.configure({ apiInPlan: true });
    simulator.play.rotateKey();
    expect((await post({ query })).status).toBe(401);
    expect((await post({ query }, simulator.apiKey())).status).toBe(200);
  });

  test('a key may be allowed some fields and denied others', async () => {
    const { ask, simulator } = setUp({ settings: { permissions: ['companyTests'] } });
    const { data, errors } = await ask('{ companyTests(first: 1) { totalCount } companyTest(id: "1") { id } }');
    expect(data).toEqual({ companyTests: { totalCount: 2 }, companyTest: null });
    expect(errors).toMatchObject([{ message: 'Access Denied', path: ['companyTest'], extensions: { code: 'FORBIDDEN' } }]);
    simulator.direct.configure({ permissions: 'all' });
    expect((await ask('{ companyTest(id: "1") { id } }')).errors).toBeUndefined();
  });

  test.each([
    ['a field that does not exist', '{ companyTests(first: 1) { edges { node { id } } } }'],
    ['a missing argument', '{ companyTests { totalCount } }'],
    ['an argument of another type', '{ companyTests(first: "1") { totalCount } }'],
    ['an argument that does not exist', '{ companyTests(first: 1, archived: true) { totalCount } }'],
    ['a variable of another type', 'query Q($id: String!) { companyTest(id: $id) { id } }'],
    ['an object without its fields', '{ companyTests(first: 1) { tests } }'],
    ['the external id, which no session shows', '{ companyTestSession(id: "1") { externalId } }'],
    ['an id type that is Lever', '{ atsCompanyTestSessions(id: "1", idType: leverOpportunityId) { id } }'],
    ['a text that is no operation', '{ companyTests(first: 1 { totalCount } }'],
  ])('400 for %s', async (_what, query) => {
    const { post } = setUp();
    const answer = await post({ query });
    expect(answer.status).toBe(400);
    expect(answerSchema.parse(await answer.json()).errors?.[0]?.extensions.code).toMatch(/^GRAPHQL_/);
  });

  test('400 for a body that is none, and for two operations without a name; 404 elsewhere', async () => {
    const { post, simulator } = setUp();
    expect((await post('{')).status).toBe(400);
    expect((await post([{ query: '{ companyTests(first: 1) { totalCount } }' }])).status).toBe(400);
    expect(
      (
        await post({
          query: 'query A { companyTests(first: 1) { totalCount } } query B { companyTests(first: 1) { totalCount } }',
        })
      ).status,
    ).toBe(400);
    const plain = await simulator.api.request('https://app.codesignal.com/graphql', {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: JSON.stringify({ query: '{ companyTests(first: 1) { totalCount } }' }),
    });
    expect(plain.status).toBe(400);
    const elsewhere = await simulator.api.request('https://app.codesignal.com/graphql', {
      headers: { authorization: `Bearer ${KEY}` },
    });
    expect(elsewhere.status).toBe(404);
  });

  test('an unknown input field and a null where none may be are refused before anything is done', async () => {
    const { tryCreate, simulator } = setUp();
    expect((await tryCreate({ email: ADA })).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect((await tryCreate({ testId: null })).errors).toHaveLength(1);
    expect(simulator.sessions()).toEqual([]);
  });

  test('each field has its own rate; the answer is an error or 429', async () => {
    const { post, clock, simulator } = setUp({ settings: { queriesPerSecond: 2 } });
    const query =
      '{ a: companyTests(first: 1) { totalCount } b: companyTests(first: 1) { totalCount } c: companyTests(first: 1) { totalCount } companyTest(id: "1") { id } }';
    const answer = await post({ query });
    expect(answer.status).toBe(200);
    expect(answerSchema.parse(await answer.json()).errors).toMatchObject([{ path: ['c'], extensions: { code: 'RATE_LIMITED' } }]);
    simulator.direct.configure({ limited: 'status' });
    expect((await post({ query: '{ companyTests(first: 1) { totalCount } }' })).status).toBe(429);
    clock.at += 1000;
    expect((await post({ query: '{ companyTests(first: 1) { totalCount } }' })).status).toBe(200);
  });

  test('pages above 20, more depth than 10 and a cost above 10000 are refused', async () => {
    const { post, simulator, ids } = setUp();
    const sessions = (first: number) => `{ companyTestSessions(companyTestId: "${ids.backend}", first: ${first}) { id } }`;
    expect((await post({ query: sessions(21) })).status).toBe(400);
    expect((await post({ query: sessions(20) })).status).toBe(200);
    simulator.direct.configure({ pageLimit: null });
    expect((await post({ query: sessions(5000) })).status).toBe(200);
    expect((await post({ query: sessions(5001) })).status).toBe(400);
    const query = `query Q($n: Int) { companyTestSessions(companyTestId: "${ids.backend}", first: $n) { id } }`;
    expect((await post({ query, variables: { n: 5001 } })).status).toBe(400);
    // Nested lists multiply: a hundred tests, and a hundred sessions of each.
    const nested = (n: number) =>
      `{ companyTests(first: ${n}) { tests { testSessions(first: ${n}) { ...Tasks } } } } fragment Tasks on CompanyTestSession { result { taskResults { score } } }`;
    expect((await post({ query: nested(99) })).status).toBe(200);
    expect((await post({ query: nested(100) })).status).toBe(400);
    const deep = (levels: number) =>
      `{ companyTestSession(id: "1") ${'{ retakeSession '.repeat(levels)} { id } ${'}'.repeat(levels)} }`;
    expect((await post({ query: deep(8) })).status).toBe(200);
    expect((await post({ query: deep(9) })).status).toBe(400);
  });
});

describe('tests', () => {
  test('are listed by title with pages, searched and filtered; archived ones are hidden', async () => {
    const { ask, ids } = setUp();
    const list = async (text: string) =>
      (await ask(`{ companyTests(${text}) { totalCount pageInfo { hasNextPage } tests { id } } }`)).data?.companyTests;
    expect(await list('first: 1')).toEqual({ totalCount: 2, pageInfo: { hasNextPage: true }, tests: [{ id: ids.proctored }] });
    expect(await list('first: 1, offset: 1')).toMatchObject({ pageInfo: { hasNextPage: false }, tests: [{ id: ids.backend }] });
    expect(await list('first: 9, sortDirection: desc')).toMatchObject({ tests: [{ id: ids.backend }, { id: ids.proctored }] });
    expect(await list('first: 9, titleSearchText: "SOFTWARE"')).toMatchObject({ totalCount: 1 });
    expect(await list('first: 9, labels: ["certified", "backend"]')).toMatchObject({ totalCount: 0 });
    expect(await list(`first: 9, ids: ["${ids.archived}"]`)).toMatchObject({ totalCount: 0 });
    const { data } = await ask(
      `{ companyTest(id: "${ids.backend}") { title duration scoreRangeLabels { label scoreRange { min max } } } }`,
    );
    expect(data?.companyTest).toEqual({
      title: 'Software engineer',
      duration: 4_200_000,
      scoreRangeLabels: [
        { label: 'Fail', scoreRange: { min: 0, max: 399 } },
        { label: 'Pass', scoreRange: { min: 400, max: 600 } },
      ],
    });
  });

  test('what is not there is null, or an error as well', async () => {
    const { ask, simulator } = setUp();
    expect(await ask('{ companyTest(id: "1") { id } }')).toEqual({ data: { companyTest: null } });
    simulator.direct.configure({ missing: 'error' });
    expect((await ask('{ companyTest(id: "1") { id } }')).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect((await ask('{ companyTestSessions(companyTestId: "1") { id } }')).data).toBeNull();
  });
});

describe('sessions', () => {
  test('the candidate is written to unless noInvitationEmail says otherwise', async () => {
    const { create, simulator, read } = setUp();
    const session = await create({ customDuration: 6_000_000, expireDuration: 86_400_000 });
    expect(simulator.mails()).toMatchObject([{ to: ADA, links: [session.invitationUrl] }]);
    await create({ candidateEmail: 'bob@example.com', noInvitationEmail: true });
    expect(simulator.mails()).toHaveLength(1);
    expect(await read(session.id)).toMatchObject({
      status: 'pending',
      maxScore: 600,
      testTaker: { email: ADA, firstName: 'Ada', lastName: 'Lovelace' },
      customDuration: 6_000_000,
      expirationDate: Date.parse('2026-11-22T18:16:00Z'),
      result: null,
      verificationStatus: null,
      integrityReviewFinalized: false,
      integrityReviewSuggested: null,
    });
  });

  test('twice is two sessions, unless preferExisting finds an incomplete one of the same test and person', async () => {
    const { create, simulator, ids } = setUp();
    const first = await create({ externalId: 'inv_1' });
    expect((await create({ candidateEmail: ADA.toLowerCase(), preferExisting: true, externalId: 'inv_2' })).id).toBe(first.id);
    expect(simulator.mails()).toHaveLength(1);
    expect(simulator.sessions()[0]).toMatchObject({ externalId: 'inv_1' });
    expect((await create()).id).not.toBe(first.id);
    expect((await create({ testId: ids.proctored, preferExisting: true })).id).not.toBe(first.id);
    for (const { id } of simulator.sessions()) simulator.play.decline({ sessionId: id });
    const after = await create({ preferExisting: true });
    simulator.play.start({ sessionId: after.id });
    expect((await create({ preferExisting: true })).id).toBe(after.id);
    simulator.play.submit({ sessionId: after.id });
    expect((await create({ preferExisting: true })).id).not.toBe(after.id);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['a test that is gone', { testId: 'gone' }, 'NOT_FOUND'],
    ['a letter without an address', { candidateEmail: null }, 'BAD_USER_INPUT'],
    ['no time at all', { customDuration: 0 }, 'BAD_USER_INPUT'],
    ['an expiry in the past', { expireDuration: -1 }, 'BAD_USER_INPUT'],
    [
      'a reminder from no template',
      { emailReminders: [{ templateName: 'Other', timeBeforeExpiration: 1000 }] },
      'BAD_USER_INPUT',
    ],
  ])('refused for %s', async (_what, fields, code) => {
    const { tryCreate, simulator } = setUp();
    expect(await tryCreate(fields)).toMatchObject({
      data: { createCompanyTestSession: null },
      errors: [{ extensions: { code } }],
    });
    expect(simulator.sessions()).toEqual([]);
  });

  test('an archived test takes nobody', async () => {
    const { tryCreate, ids } = setUp();
    expect((await tryCreate({ testId: ids.archived })).errors).toMatchObject([{ message: 'Test is archived' }]);
  });

  test('resent, extended, given more time, reminded, deleted: only while it waits', async () => {
    const { create, ask, codesOf, simulator, read } = setUp();
    const { id } = await create();
    await ask('mutation M($id: ID!) { resendCompanyTestSession(id: $id) { id } }', { id });
    expect(simulator.mails()).toHaveLength(2);
    const extend =
      'mutation M($id: ID!, $to: Timestamp!) { editCompanyTestSessionExpiration(id: $id, expirationDate: $to) { expirationDate } }';
    const before = simulator.sessions()[0]?.expirationDate ?? 0;
    expect(await codesOf(extend, { id, to: before })).toEqual(['BAD_USER_INPUT']);
    expect(await codesOf(extend, { id, to: '2027-01-01' })).toEqual(['BAD_USER_INPUT']);
    expect((await ask(extend, { id, to: before + 1000 })).data).toEqual({
      editCompanyTestSessionExpiration: { expirationDate: before + 1000 },
    });
    const duration =
      'mutation M($id: ID!, $ms: Float!) { editCompanyTestSessionDuration(id: $id, customDuration: $ms) { customDuration } }';
    expect(await codesOf(duration, { id, ms: 0 })).toEqual(['BAD_USER_INPUT']);
    expect((await ask(duration, { id, ms: 9e6 })).data).toMatchObject({
      editCompanyTestSessionDuration: { customDuration: 9e6 },
    });
    const remind =
      'mutation M($id: ID!, $reminders: [EmailReminder!]!) { setCompanyTestSessionReminders(id: $id, reminders: $reminders) { id } }';
    const reminders = [{ templateName: 'Default', timeBeforeExpiration: 86_400_000 }];
    await ask(remind, { id, reminders });
    expect(await read(id)).toMatchObject({ emailReminders: reminders });
    const remove = 'mutation M($id: ID!, $mail: Boolean) { deleteCompanyTestSession(id: $id, sendNotificationEmail: $mail) }';
    expect(await ask(remove, { id, mail: true })).toEqual({ data: { deleteCompanyTestSession: id } });
    expect(simulator.mails().at(-1)).toMatchObject({ what: 'cancellation' });
    expect(await read(id)).toMatchObject({ status: 'deleted' });
    expect(await codesOf('mutation M($id: ID!) { resendCompanyTestSession(id: $id) { id } }', { id })).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect(await codesOf(remove, { id })).toEqual(['BAD_USER_INPUT']);
    expect(await codesOf(remove, { id: 'other' })).toEqual(['NOT_FOUND']);
    // Only a new session may be null: an error in any other takes the whole answer with it.
    expect((await ask(remove, { id: 'other' })).data).toBeNull();
    expect(() => simulator.play.start({ sessionId: id })).toThrow('deleted');
  });

  test('an invitation lapses by the clock and can be reactivated once, as a new session', async () => {
    const { create, ask, codesOf, read, clock, simulator } = setUp();
    const { id } = await create({ expireDuration: 1000 });
    const reactivate =
      'mutation M($id: ID!, $mail: Boolean) { reactivateCompanyTestSession(id: $id, sendNotificationEmail: $mail) { id status } }';
    expect(await codesOf(reactivate, { id })).toEqual(['BAD_USER_INPUT']);
    clock.at += 1000;
    expect(() => simulator.play.start({ sessionId: id })).toThrow('expired');
    expect(await read(id)).toMatchObject({ status: 'expired' });
    const fresh = sessionSchema.partial().parse((await ask(reactivate, { id, mail: true })).data?.reactivateCompanyTestSession);
    expect(fresh).toMatchObject({ status: 'pending' });
    expect(await read(id)).toMatchObject({ status: 'expired', reactivatedSession: { newSessionId: fresh.id } });
    expect(await codesOf(reactivate, { id })).toEqual(['BAD_USER_INPUT']);
    expect(simulator.mails()).toHaveLength(2);
  });

  test('archived and back, erased for good', async () => {
    const { create, ask, read, simulator } = setUp();
    const { id } = await create();
    const change = async (field: string) =>
      (await ask(`mutation M($id: ID!) { ${field}(id: $id) { status } }`, { id })).data?.[field];
    expect(await change('archiveCompanyTestSession')).toEqual({ status: 'archived' });
    expect(await change('unarchiveCompanyTestSession')).toEqual({ status: 'pending' });
    simulator.play.eraseForPii({ sessionId: id });
    expect(await read(id)).toMatchObject({ status: 'deletedForPii', testTaker: { email: null, firstName: null } });
  });

  test('from pending to over: scores, tasks and a report address with a token', async () => {
    const { create, read, simulator, clock, ask, codesOf } = setUp();
    const { id } = await create();
    simulator.play.start({ sessionId: id });
    expect(await read(id)).toMatchObject({ status: 'active', startDate: clock.at, finishDate: null });
    simulator.play.enterGracePeriod({ sessionId: id });
    expect(await read(id)).toMatchObject({ status: 'gracePeriod' });
    clock.at += 3_480_000;
    simulator.play.submit({ sessionId: id, share: 0.5, processing: true });
    expect(await read(id)).toMatchObject({ status: 'finalizing', result: null, finishDate: clock.at });
    simulator.play.finishProcessing({ sessionId: id });
    const session = await read(id);
    expect(session).toMatchObject({
      status: 'over',
      verificationStatus: null,
      maxScore: 600,
      result: {
        score: 300,
        solvedTaskCount: 2,
        versionedCodingScore: { version: 'codingScore2023', value: 400, skillAreas: [{ name: 'Problem Solving' }] },
        taskResults: [
          {
            score: 150,
            sessionTask: { maxScore: 300, task: { title: 'Rate limiter' } },
            integrityReport: { status: 'pending', suspicionScore: null },
          },
          { score: 150, sessionTask: { task: { title: 'Slow report' } } },
        ],
      },
    });
    const { result } = z.looseObject({ result: z.looseObject({ url: z.string() }) }).parse(session);
    expect((await simulator.pages.request(result.url)).status).toBe(200);
    expect((await simulator.pages.request(result.url.replace(/=.*/, '=x'))).status).toBe(401);
    const grade =
      'mutation M($id: ID!, $score: Int!) { gradeCompanyTestResult(id: $id, taskId: "task-rate-limiter", score: $score) { result { score } } }';
    expect((await ask(grade, { id, score: 300 })).data).toEqual({ gradeCompanyTestResult: { result: { score: 450 } } });
    expect(await codesOf(grade, { id, score: 301 })).toEqual(['BAD_USER_INPUT']);
  });

  test('are listed by finish date, and found by the id of Greenhouse', async () => {
    const { create, simulator, ids, ask, clock } = setUp();
    const first = await create();
    const byHand = simulator.play.invite({
      testId: ids.backend,
      email: 'eve@example.com',
      integrations: { greenhouseApplicationId: '77' },
    });
    const last = await create({ candidateEmail: 'zoe@example.com' });
    for (const { id } of [first, last]) {
      clock.at += 1000;
      simulator.play.start({ sessionId: id });
      simulator.play.submit({ sessionId: id });
    }
    const { data } = await ask(`{ companyTestSessions(companyTestId: "${ids.backend}") { id } }`);
    expect(data?.companyTestSessions).toEqual([{ id: last.id }, { id: first.id }, { id: byHand.id }]);
    const ats = async (id: string, idType: string) =>
      (await ask(`{ atsCompanyTestSessions(id: "${id}", idType: ${idType}) { id integrations { greenhouseApplicationId } } }`))
        .data?.atsCompanyTestSessions;
    expect(await ats('77', 'greenhouseApplicationId')).toEqual([
      { id: byHand.id, integrations: { greenhouseApplicationId: '77' } },
    ]);
    expect(await ats('77', 'greenhouseCandidateId')).toEqual([]);
  });
});

describe('webhooks', () => {
  test('an endpoint is probed with an empty payload and must answer 200', async () => {
    const { simulator, received, receiver } = setUp();
    receiver.status = 204;
    await expect(simulator.play.registerEndpoint({ url: HOOK, secret: SECRET })).rejects.toThrow('must answer 200');
    expect(simulator.webhooks()).toEqual([]);
    receiver.status = 200;
    await simulator.play.registerEndpoint({ url: HOOK, secret: SECRET });
    expect(received.at(-1)?.text).toBe('');
    expect(received.at(-1)?.headers.get('x-codesignal-signature')).toBe(createHmac('sha256', SECRET).update(HOOK).digest('hex'));
    simulator.direct.configure({ probeBody: 'object' });
    await simulator.play.updateEndpoint({ id: 1 });
    expect(received.at(-1)?.text).toBe('{}');
  });

  test('the signature covers address, event and time, and not the body', async () => {
    const { simulator, create, received, events, receiver } = await setUpEndpoint();
    const { id } = await create({ externalId: 'inv_1' });
    await simulator.settle();
    const [event] = events();
    expect(event).toMatchObject({
      event: 'companyTestSessionCreated',
      payload: {
        testSessionId: id,
        testTitle: 'Software engineer',
        candidateEmail: ADA,
        candidateName: 'Ada Lovelace',
        externalId: 'inv_1',
      },
    });
    const text = `${HOOK}companyTestSessionCreated${event?.triggeredOn}`;
    expect(received[0]?.headers.get('x-codesignal-signature')).toBe(createHmac('sha256', SECRET).update(text).digest('hex'));
    receiver.status = 401;
    expect(await simulator.direct.sendForged({ id: 1, secret: 'guess', body: { event: 'x', triggeredOn: 1 } })).toBe(401);
    expect(received.at(-1)?.headers.get('x-codesignal-signature')).toBe(
      createHmac('sha256', 'guess').update(`${HOOK}x1`).digest('hex'),
    );
    await simulator.direct.sendForged({ id: 1, body: {} });
    expect(received.at(-1)?.headers.get('x-codesignal-signature')).toBeNull();
  });

  test('not proctored: created, started, finished, then the look at integrity', async () => {
    const { simulator, create, flush, clock, read } = await setUpEndpoint();
    const { id: sessionId } = await create({ externalId: 'inv_1' });
    simulator.play.start({ sessionId });
    clock.at += 3_480_000;
    simulator.play.submit({ sessionId, share: 1 });
    simulator.play.reviewIntegrity({ sessionId });
    const events = await flush();
    expect(events.map(({ event }) => event)).toEqual([
      'companyTestSessionCreated',
      'companyTestSessionStarted',
      'companyTestSessionFinished',
      'preScreenIntegrityReviewUpdated',
    ]);
    expect(events[2]?.payload).toMatchObject({
      duration: 3_480_000,
      score: 600,
      maxScore: 600,
      codingScore: 600,
      versionedCodingScore: { version: 'codingScore2023', value: 600 },
      url: expect.stringContaining('?accessToken='),
      externalId: 'inv_1',
    });
    expect(events[3]?.payload).toMatchObject({ integrityReviewSuggested: true });
    expect(await read(sessionId)).toMatchObject({
      integrityReviewFinalized: true,
      integrityReviewSuggested: true,
      result: { taskResults: [{ integrityReport: { status: 'ready', suspicionScore: 'high' } }, {}] },
    });
  });

  test('proctored: never finished, but pending and then verified', async () => {
    const { simulator, create, flush, read, ids } = await setUpEndpoint({ settings: { externalIdIn: 'documented' } });
    const { id: sessionId } = await create({ testId: ids.proctored, externalId: 'inv_1' });
    simulator.play.start({ sessionId });
    simulator.play.submit({ sessionId });
    expect(await read(sessionId)).toMatchObject({ status: 'over', verificationStatus: 'pending', result: { score: 480 } });
    simulator.play.verify({ sessionId });
    expect(() => simulator.play.verify({ sessionId })).toThrow('does not wait');
    const events = await flush();
    expect(events.map(({ event }) => event).slice(2)).toEqual(['preScreenResultVerificationPending', 'preScreenResultVerified']);
    expect(events[2]?.payload).toMatchObject({ score: 480, externalId: 'inv_1' });
    expect(events[2]?.payload).not.toHaveProperty('url');
    expect(events[3]?.payload).not.toHaveProperty('externalId');
    expect(await read(sessionId)).toMatchObject({ verificationStatus: 'verified' });
  });

  test('not verified: a technical reason gives a retake by itself, another one may end as not certified', async () => {
    const { simulator, create, flush, read, ids } = await setUpEndpoint();
    const { id: sessionId } = await create({ testId: ids.proctored });
    simulator.play.start({ sessionId });
    simulator.play.submit({ sessionId });
    simulator.play.reject({ sessionId, technical: true });
    expect(await read(sessionId)).toMatchObject({
      verificationStatus: 'notVerified',
      verificationRejectionReasons: [{ name: 'Screen not visible' }],
      retakeSession: { status: 'pending' },
    });
    simulator.play.expireUncertified({ sessionId });
    const events = await flush();
    expect(events.slice(3)).toMatchObject([
      { event: 'preScreenResultNotVerified', payload: { rejectedReasons: ['Screen not visible'] } },
      { event: 'companyTestSessionCreated' },
      { event: 'preScreenExpired', payload: { expiredReason: 'notCertified', rejectedReasons: ['Screen not visible'] } },
    ]);
    expect(simulator.mails()).toHaveLength(2);
  });

  test('declined, expired, shared, and what happens to tests', async () => {
    const { simulator, create, flush, ids } = await setUpEndpoint();
    const [one, two, three] = [await create(), await create(), await create()];
    simulator.play.decline({ sessionId: one.id });
    simulator.play.expire({ sessionId: two.id });
    simulator.play.share({ sessionId: three.id });
    simulator.play.createTest({ title: 'New' });
    simulator.play.archiveTest({ testId: ids.backend });
    simulator.play.deleteTest({ testId: ids.proctored });
    const events = await flush();
    expect(events.slice(3)).toMatchObject([
      { event: 'preScreenCandidateDeclined', payload: { testSessionId: one.id } },
      { event: 'preScreenExpired', payload: { expiredReason: 'testNotTaken' } },
      { event: 'preScreenResultShared', payload: { score: 480, url: expect.stringContaining('accessToken') } },
      { event: 'assessmentCreated', payload: { assessmentTitle: 'New', assessmentStatus: 'active' } },
      { event: 'assessmentUpdated', payload: { assessmentStatus: 'archived' } },
      { event: 'assessmentUpdated', payload: { assessmentStatus: 'deleted' } },
    ]);
  });

  test('one a second, in order; the first that fails holds up the others', async () => {
    const dice = { random: seededRandom(1) };
    const { simulator, create, events, clock, receiver } = await setUpEndpoint({ random: () => dice.random() });
    const { id: sessionId } = await create();
    dice.random = () => 0.5;
    await simulator.settle();
    simulator.play.start({ sessionId });
    simulator.play.submit({ sessionId });
    await simulator.settle();
    expect(events()).toHaveLength(1);
    clock.at += 999;
    expect(await simulator.direct.runDue()).toBe(0);
    clock.at += 1;
    receiver.status = 202;
    expect(await simulator.direct.runDue()).toBe(1);
    expect(simulator.webhooks()[0]).toMatchObject({ failures: 1, nextAt: clock.at + 30_000 });
    clock.at += 30_000;
    expect(await simulator.direct.runDue()).toBe(1);
    // (2 - 1)^4 + 15 + 15 * 2
    expect(simulator.webhooks()[0]).toMatchObject({ failures: 2, nextAt: clock.at + 46_000 });
    receiver.status = 200;
    clock.at += 45_999;
    expect(await simulator.direct.runDue()).toBe(0);
    clock.at += 1;
    expect(await simulator.direct.runDue()).toBe(1);
    clock.at += 1000;
    expect(await simulator.direct.runDue()).toBe(1);
    expect(simulator.attempts().map(({ envelope, status }) => [envelope.event, status])).toEqual([
      ['companyTestSessionCreated', 200],
      ['companyTestSessionStarted', 202],
      ['companyTestSessionStarted', 202],
      ['companyTestSessionStarted', 200],
      ['companyTestSessionFinished', 200],
    ]);
    const times = events().map(({ triggeredOn }) => triggeredOn);
    expect(new Set(times).size).toBe(1);
  });

  test('after 25 failures it is disabled and its queue dropped, until it is saved again', async () => {
    const { simulator, create, flush, receiver } = await setUpEndpoint();
    receiver.status = 500;
    await create();
    await simulator.settle();
    for (let count = 1; count < 25; count += 1) expect(await simulator.direct.runDue({ all: true })).toBe(1);
    expect(simulator.webhooks()[0]).toMatchObject({ state: 'disabled', queue: [] });
    await create({ candidateEmail: 'bob@example.com' });
    expect(await simulator.direct.runDue({ all: true })).toBe(0);
    await expect(simulator.play.updateEndpoint({ id: 1 })).rejects.toThrow('500');
    receiver.status = 200;
    await simulator.play.updateEndpoint({ id: 1 });
    const { id } = await create({ candidateEmail: 'eve@example.com' });
    expect((await flush()).at(-1)?.payload).toMatchObject({ testSessionId: id });
  });

  test('held, reversed, dropped, doubled and sent again as ordered', async () => {
    const { simulator, create, flush, events } = await setUpEndpoint({ settings: { webhooks: 'hold' } });
    const { id: sessionId } = await create();
    simulator.play.start({ sessionId });
    expect(await flush()).toEqual([]);
    expect(await simulator.direct.releaseHeld({ reversed: true })).toBe(2);
    expect(events().map(({ event }) => event)).toEqual(['companyTestSessionStarted', 'companyTestSessionCreated']);
    simulator.direct.configure({ webhooks: 'drop' });
    await create({ candidateEmail: 'bob@example.com' });
    expect(await flush()).toHaveLength(2);
    simulator.direct.configure({ webhooks: 'duplicate' });
    await create({ candidateEmail: 'eve@example.com' });
    const all = await flush();
    expect(all).toHaveLength(4);
    expect(all[2]).toEqual(all[3]);
    expect(await simulator.direct.resend({ index: 0 })).toBe(200);
    expect(events().at(-1)).toEqual(all[0]);
  });
});

describe('live interviews', () => {
  test('are made, found, changed, finished, judged and deleted', async () => {
    const { ask, codesOf, simulator, flush } = await setUpEndpoint();
    const made = await ask(
      `mutation { createLiveInterview(interviewFields: { candidateEmail: "${ADA}", candidateName: "Ada" }) { id status url } }`,
    );
    const { id } = z.looseObject({ id: z.string() }).parse(made.data?.createLiveInterview);
    const find = async (text: string) =>
      (await ask(`{ liveInterviews${text} { id status candidateName interviewersFeedback { overallEvaluation } } }`)).data;
    expect(await find(`(candidateEmail: "${ADA.toLowerCase()}")`)).toMatchObject({ liveInterviews: [{ id, status: 'pending' }] });
    expect(await find('(candidateEmail: "x@y.example")')).toEqual({ liveInterviews: [] });
    await ask('mutation M($id: ID!) { editLiveInterview(id: $id, interviewFields: { candidateName: "A. L." }) { id } }', { id });
    simulator.play.finishInterview({ interviewId: id });
    simulator.play.giveFeedback({ interviewId: id, overallEvaluation: 'Strong Yes' });
    expect(await find('')).toMatchObject({
      liveInterviews: [{ status: 'over', candidateName: 'A. L.', interviewersFeedback: [{ overallEvaluation: 'Strong Yes' }] }],
    });
    expect(await flush()).toMatchObject([
      { event: 'liveInterviewFinished', payload: { interviewId: id, candidateName: 'A. L.' } },
      { event: 'liveInterviewFeedbackUpdated', payload: { feedback: { overallEvaluation: 'Strong Yes' } } },
    ]);
    const remove = 'mutation M($id: ID!) { deleteLiveInterview(id: $id) }';
    expect((await ask(remove, { id })).data).toEqual({ deleteLiveInterview: id });
    expect(await codesOf(remove, { id })).toEqual(['NOT_FOUND']);
  });
});

describe('broken, pages and control', () => {
  test('an answer lost after the work was done leaves a session behind', async () => {
    const { simulator, post, ids, tryCreate } = setUp();
    simulator.direct.failNext({ kind: 'reset', when: 'after' });
    const fields = { testId: ids.backend, candidateEmail: ADA };
    await expect((await post({ query: CREATE, variables: { fields } })).text()).rejects.toThrow();
    expect(simulator.sessions()).toHaveLength(1);
    expect(simulator.journal.list({ kind: 'api' })).toMatchObject([{ what: 'mutation createCompanyTestSession', status: null }]);
    simulator.direct.failNext({ kind: 'html', status: 502 });
    expect((await post({ query: CREATE, variables: { fields } })).status).toBe(502);
    simulator.direct.failNext({ kind: 'status', status: 500 });
    expect((await tryCreate()).errors).toMatchObject([{ message: 'planned failure' }]);
  });

  test('a candidate takes the test in the browser, or declines', async () => {
    const { simulator, create, read } = setUp();
    const { id, invitationUrl } = await create({ customDuration: 6_000_000 });
    expect(await (await simulator.pages.request(invitationUrl)).text()).toContain('100 minutes');
    const post = (url: string, act: string, fields: Record<string, string> = {}) =>
      simulator.pages.request(`${url}/${act}`, { method: 'POST', body: new URLSearchParams(fields) });
    expect((await post(invitationUrl, 'start')).status).toBe(303);
    expect((await post(invitationUrl, 'decline')).status).toBe(409);
    expect((await post(invitationUrl, 'submit', { percent: '90' })).status).toBe(303);
    expect(await read(id)).toMatchObject({ status: 'over', result: { score: 540 } });
    const other = await create();
    expect((await post(other.invitationUrl, 'decline')).status).toBe(303);
    expect(await read(other.id)).toMatchObject({ status: 'declined' });
    expect((await simulator.pages.request('/test-invitation/nobody')).status).toBe(404);
  });

  test('the same seed gives the same company', () => {
    const idsOf = (seed: number) => createCodesignalSimulator({ random: seededRandom(seed) }).seed();
    expect(idsOf(7)).toEqual(idsOf(7));
    expect(idsOf(7)).not.toEqual(idsOf(8));
  });

  test('the control page plays the same, and shows neither key nor secret', async () => {
    const { simulator, create } = await setUpEndpoint();
    const { id: sessionId } = await create();
    const order = (name: string, body: unknown) =>
      simulator.control.request(`/${name}`, { method: 'POST', body: JSON.stringify(body) });
    expect((await order('start', { sessionId })).status).toBe(200);
    expect((await order('start', { sessionId })).status).toBe(400);
    const shown = [
      await simulator.control.request('/'),
      await simulator.control.request('/state'),
      await simulator.control.request('/journal'),
    ];
    const text = (await Promise.all(shown.map((answer) => answer.text()))).join();
    expect(text).toContain('Playing CodeSignal');
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(SECRET);
  });
});
