import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { outsideFoundSchema } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import {
  assessmentViewSchema,
  checkAnswerSchema,
  connectionViewSchema,
  vendorCatalogueSchema,
} from '../../lib/contract/settings.ts';
import { type ConnectedCodesignal, connectCodesignal } from '../support/connect-codesignal.ts';
import { leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';
import { wakeQueue } from '../support/wake-queue.ts';

const server = useTestServer({ world: { codesignal: { settings: { queriesPerSecond: null, mutationsPerSecond: null } } } });
let ben: Recruiter;
let connected: ConnectedCodesignal;

beforeAll(async () => {
  ben = await server().join('Ben');
  connected = await connectCodesignal(server());
});

function arrive(email = `${randomUUID()}@mail.example`) {
  const { lever, seeds } = server().world;
  const { postings, stages } = seeds.lever;
  const contact = lever.play.createContact({ name: 'Ada Moreno', emails: [email] });
  const wanted = { contactId: contact.id, postingId: postings.backend, stageId: stages.phoneScreen, tags: [] };
  const { id: opportunityId } = lever.play.createOpportunity(wanted);
  return { email, opportunityId, page: leverPage(opportunityId) };
}
type Person = ReturnType<typeof arrive>;

async function invited(person = arrive(), assessmentId = connected.assessment.id): Promise<Person> {
  expect(await ben.send(await ben.open(person.page), { assessmentId })).toMatchObject({ outcome: 'done' });
  server().clock.advance(11);
  await reaches(person, { state: 'sent' });
  await server().settle();
  return person;
}

const invitationOf = async ({ page }: Person) => (await ben.open(page)).invitations[0];
const reaches = (person: Person, expected: object) =>
  server().until(async () => expect(await invitationOf(person)).toMatchObject(expected));
const sessionOf = ({ email }: Person) => connected.sessionsOf(email).at(-1);
const who = (person: Person) => ({ sessionId: sessionOf(person)?.id ?? '' });
const deliver = async () => {
  await connected.deliver();
  await server().settle();
};
const notes = ({ opportunityId }: Person) =>
  [...server().world.lever.account.notes.values()]
    .filter((note) => note.createdByApi && note.opportunityId === opportunityId)
    .map((note) => note.comments.map(({ value }) => value).join(' / '));

test('the connection is checked, its webhook was tried, and its tests are offered', async () => {
  const { api } = server().company;
  const { id } = connected.connection;
  const at = (path: string) => path.replace('{id}', id);
  expect(await api.call(checkAnswerSchema, 'POST', at(PATHS.connectionCheck), {})).toMatchObject({
    ok: true,
    message: expect.stringContaining('CodeSignal'),
  });
  const { webhooks } = await api.call(connectionViewSchema, 'GET', at(PATHS.connection));
  expect(webhooks).toMatchObject([{ event: 'all events', secretFrom: 'ours', lastTestAt: expect.any(String), lastSeenAt: null }]);
  const { assessments } = await api.call(vendorCatalogueSchema, 'GET', at(PATHS.catalogue));
  expect(assessments).toContainEqual(
    expect.objectContaining({ externalId: connected.tests.backend, name: 'Software engineer', durationMinutes: 70 }),
  );
  expect(assessments).toContainEqual(expect.objectContaining({ externalId: 'live-interview', kind: 'live interview' }));
});

test('another address than CodeSignal’s own is refused, unless it is a test host', async () => {
  const { api } = server().company;
  const settings = { kind: 'codesignal', apiUrl: 'https://codesignal.example/graphql' };
  const wanted = { name: 'Elsewhere', settings, secrets: { apiKey: 'x' } };
  await expect(api.call(connectionViewSchema, 'POST', PATHS.connections, wanted)).rejects.toThrow(/codesignal\.example/);
});

test('a click invites, webhooks tell, the API is asked, and two notes say it', async () => {
  const ada = await invited();
  expect(connected.codesignal.mails().filter(({ to }) => to === ada.email)).toHaveLength(1);
  connected.codesignal.play.start(who(ada));
  await deliver();
  await reaches(ada, { state: 'started', unverified: false });
  connected.codesignal.play.submit({ ...who(ada), share: 0.8 });
  await deliver();
  await reaches(ada, {
    state: 'scored',
    vendorName: 'CodeSignal',
    result: { score: { value: 480, max: 600 }, percent: 80, passed: true, verified: true, integrity: { status: 'pending' } },
  });
  expect(notes(ada)).toHaveLength(2);
  expect(notes(ada).join()).toContain('80');
});

test('a proctored test counts once it is verified, and is invalid when it was not', async () => {
  const { api } = server().company;
  const { codesignal, connection, tests } = connected;
  const proctored = await api.call(assessmentViewSchema, 'POST', PATHS.assessments, {
    vendorConnectionId: connection.id,
    externalId: tests.proctored,
    name: 'General coding assessment',
    tag: 'GCA',
    handover: 'vendor e-mail',
  });
  const [ada, eve] = [await invited(arrive(), proctored.id), await invited(arrive(), proctored.id)];
  for (const person of [ada, eve]) {
    codesignal.play.start(who(person));
    codesignal.play.submit(who(person));
  }
  await deliver();
  for (const person of [ada, eve]) {
    await reaches(person, { state: 'submitted', result: null });
    expect(notes(person)).toHaveLength(1);
  }
  codesignal.play.verify(who(ada));
  codesignal.play.reject({ ...who(eve), reasons: ['Presence of others'] });
  await deliver();
  await reaches(ada, { state: 'scored', result: { status: 'final', integrity: { status: 'clear' } } });
  await reaches(eve, {
    state: 'scored',
    result: { status: 'voided', passed: null, integrity: { status: 'flagged', signals: ['Presence of others'] } },
  });
});

test('another try that CodeSignal gives by itself is the same invitation', async () => {
  const { codesignal, connection, tests } = connected;
  const { api } = server().company;
  const { id } = await api.call(assessmentViewSchema, 'POST', PATHS.assessments, {
    vendorConnectionId: connection.id,
    externalId: tests.proctored,
    name: 'General coding assessment, again',
    tag: 'GCA 2',
    handover: 'vendor e-mail',
  });
  const ada = await invited(arrive(), id);
  const first = who(ada);
  codesignal.play.start(first);
  codesignal.play.submit({ ...first, share: 0 });
  await deliver();
  await reaches(ada, { state: 'submitted' });
  codesignal.play.reject({ ...first, technical: true });
  await deliver();
  expect(who(ada)).not.toEqual(first);
  await reaches(ada, { state: 'submitted', result: null });
  codesignal.play.start(who(ada));
  codesignal.play.submit({ ...who(ada), share: 1 });
  codesignal.play.verify(who(ada));
  await deliver();
  await reaches(ada, { state: 'scored', result: { status: 'final', version: 1, percent: 100 } });
  expect(notes(ada)).toHaveLength(2);
});

test('the result of an invitation that was reactivated at CodeSignal arrives', async () => {
  const { codesignal } = connected;
  // Then nothing but test and address tells whose the new session is.
  codesignal.direct.configure({ externalIdIn: 'documented' });
  const ada = await invited();
  const first = who(ada);
  codesignal.play.expire(first);
  await deliver();
  await reaches(ada, { state: 'expired' });
  codesignal.play.reactivate(first);
  expect(who(ada)).not.toEqual(first);
  codesignal.play.start(who(ada));
  codesignal.play.submit({ ...who(ada), share: 1 });
  await deliver();
  codesignal.direct.configure({ externalIdIn: 'all' });
  await reaches(ada, { state: 'scored', result: { status: 'final', version: 1, percent: 100, passed: true } });
  expect(notes(ada)).toHaveLength(2);
});

test('what the integrity review finds later is a new version, which nothing is decided by', async () => {
  const { codesignal } = connected;
  const ada = await invited();
  codesignal.play.start(who(ada));
  codesignal.play.submit(who(ada));
  await deliver();
  await reaches(ada, { state: 'scored', result: { version: 1, integrity: { status: 'pending' } } });
  codesignal.play.reviewIntegrity({ ...who(ada), suggested: true, suspicion: 'high' });
  await deliver();
  await reaches(ada, { result: { version: 2, integrity: { status: 'flagged', level: 'high' } } });
  expect((await ben.open(ada.page)).invitations).toHaveLength(1);
});

test('the recruiter sends it again, moves the deadline on, and takes it back', async () => {
  const { codesignal } = connected;
  const ada = await invited();
  const mails = () => codesignal.mails().filter(({ to }) => to === ada.email);
  const act = async (path: string, more: object = {}) => {
    const { id: invitationId } = (await invitationOf(ada)) ?? {};
    const answer = await ben.command(path, await ben.open(ada.page), { invitationId, ...more });
    await server().settle();
    return answer;
  };
  await act(PATHS.commands.resend);
  await server().until(() => expect(mails()).toHaveLength(2));
  const before = sessionOf(ada)?.expirationDate ?? 0;
  const day = new Date(before + 5 * 24 * 3_600_000).toISOString().slice(0, 10);
  await act(PATHS.commands.extend, { day });
  const expirationDate = () => new Date(sessionOf(ada)?.expirationDate ?? 0).toISOString();
  await server().until(() => expect(expirationDate()).toContain(day));
  await reaches(ada, { expiresAt: expirationDate() });
  await act(PATHS.commands.cancel);
  await server().until(() => expect(sessionOf(ada)).toMatchObject({ status: 'deleted' }));
  await reaches(ada, { state: 'cancelled' });
  expect(mails()).toHaveLength(2);
});

test('an invitation that somebody made at CodeSignal is attached, with what came of it', async () => {
  const { codesignal, tests, assessment } = connected;
  const ada = arrive();
  codesignal.play.invite({ testId: tests.backend, email: ada.email });
  codesignal.play.start(who(ada));
  codesignal.play.submit(who(ada));
  const view = await ben.open(ada.page);
  const answer = await server().fetch(PATHS.commands.findOutside, {
    method: 'POST',
    headers: { authorization: `Bearer ${ben.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ page: view.reference, applicationKey: view.key, assessmentId: assessment.id }),
  });
  const { found } = outsideFoundSchema.parse(await answer.json());
  expect(found).toMatchObject([{ email: ada.email, state: 'scored' }]);
  const click = { assessmentId: assessment.id, ref: found[0]?.ref };
  expect(await ben.command(PATHS.commands.attach, view, click)).toMatchObject({ outcome: 'done' });
  await reaches(ada, { state: 'scored', result: { verified: true, percent: 80 } });
  expect(codesignal.mails().filter(({ to }) => to === ada.email)).toHaveLength(1);
});

test('a live interview: a room of its own, handed over by us, and what the interviewers said', async () => {
  const { api } = server().company;
  const { codesignal, connection } = connected;
  const interview = await api.call(assessmentViewSchema, 'POST', PATHS.assessments, {
    vendorConnectionId: connection.id,
    externalId: 'live-interview',
    name: 'Pairing',
    kind: 'live interview',
    tag: 'Pairing',
    handover: 'our e-mail',
  });
  const ada = await invited(arrive(), interview.id);
  const rooms = () => codesignal.interviews().filter(({ candidateEmail }) => candidateEmail === ada.email);
  expect(rooms()).toHaveLength(1);
  const interviewId = rooms()[0]?.id ?? '';
  codesignal.play.finishInterview({ interviewId });
  await deliver();
  await reaches(ada, { state: 'scored', result: { status: 'provisional', score: null } });
  codesignal.play.giveFeedback({ interviewId, generalNotes: 'salary talk next week', overallEvaluation: 'Strong Yes' });
  await deliver();
  await reaches(ada, { result: { status: 'final', rating: 'Strong Yes', verdict: 'up' } });
  expect(JSON.stringify([await ben.open(ada.page), notes(ada)])).not.toContain('salary');
});

test('CodeSignal’s limits cost patience and nothing else', async () => {
  const { codesignal } = connected;
  const ada = arrive();
  codesignal.direct.failNext({
    text: 'createCompanyTestSession',
    kind: 'status',
    status: 200,
    body: { errors: [{ message: "You are trying to access 'createCompanyTestSession' too often" }], data: null },
  });
  await ben.send(await ben.open(ada.page), { assessmentId: connected.assessment.id });
  server().clock.advance(11);
  // It was answered, and its next try is written down.
  await server().until(async () => {
    const { rows } = await server().server.services.db.execute(
      sql`select 1 from tagalong.effects where state = 'queued' and run_after is not null and kind = 'send-invitation'`,
    );
    expect(rows).toHaveLength(1);
  });
  server().clock.advance(30);
  await wakeQueue(server());
  await reaches(ada, { state: 'sent' });
  expect(connected.sessionsOf(ada.email)).toHaveLength(1);
  expect(codesignal.mails().filter(({ to }) => to === ada.email)).toHaveLength(1);
});
