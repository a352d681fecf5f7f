import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { outsideFoundSchema } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { assessmentViewSchema, connectionViewSchema } from '../../lib/contract/settings.ts';
import { connectHackerrank } from '../support/connect-hackerrank.ts';
import { leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';
import { wakeQueue } from '../support/wake-queue.ts';

const server = useTestServer({ world: { hackerrank: { settings: { callsPerSecond: null } } } });
let ben: Recruiter;
let vendor: Awaited<ReturnType<typeof connectHackerrank>>;
beforeAll(async () => {
  ben = await server().join('Ben');
  vendor = await connectHackerrank(server(), { advanced: 'Qualified', withdrew: 'On hold', 'offer accepted': 'Hired' });
  const { api, connections } = server().company;
  const settings = { ...connections.lever.settings, writeBack: { reportFile: true, reportLink: true } };
  await api.call(connectionViewSchema, 'PATCH', PATHS.connection.replace('{id}', connections.lever.id), { settings });
});

/** Somebody new, before the stage in which assessments go out by themselves. */
function arrive() {
  const { lever, seeds } = server().world;
  const email = `${randomUUID()}@mail.example`;
  const { id: contactId } = lever.play.createContact({ name: 'Ada Moreno', emails: [email] });
  const { postings, stages } = seeds.lever;
  const where = { postingId: postings.backend, stageId: stages.phoneScreen };
  const { id: opportunityId } = lever.play.createOpportunity({ contactId, ...where, tags: [] });
  return { email, contactId, opportunityId, page: leverPage(opportunityId) };
}
type Person = ReturnType<typeof arrive>;

const reaches = ({ page }: Person, expected: object[]) =>
  server().until(async () => expect((await ben.open(page)).invitations).toMatchObject(expected));
async function send(person: Person, more: object = {}) {
  const answer = await ben.send(await ben.open(person.page), { assessmentId: vendor.assessment.id, ...more });
  expect(answer).toMatchObject({ outcome: 'done' });
  server().clock.advance(11);
}
async function invited() {
  const ada = arrive();
  await send(ada);
  await reaches(ada, [{ state: 'sent' }]);
  await server().settle();
  return ada;
}
async function finish({ email }: Person, score = 82) {
  const { id: candidateId } = vendor.last(email);
  vendor.hackerrank.play.start({ candidateId });
  vendor.hackerrank.play.submit({ candidateId, score });
  await server().settle();
}
async function quiet() {
  await server().settle();
  await wakeQueue(server());
  await server().settle();
}
const notes = ({ opportunityId }: Person) =>
  [...server().world.lever.account.notes.values()]
    .filter((note) => note.createdByApi && note.opportunityId === opportunityId)
    .map((note) => note.comments.map(({ value }) => value).join(' / '));
const mails = ({ email }: Person) => vendor.hackerrank.mails().filter(({ to }) => to === email);

describe('a candidate of Lever and a test of HackerRank', () => {
  test('from the click to the result in the ATS: invited once, noted, with the report as file and link, and the outcome told', async () => {
    const { lever, seeds } = server().world;
    const ada = await invited();
    expect(mails(ada)).toHaveLength(1);
    expect(vendor.last(ada.email)).toMatchObject({
      fullName: 'Ada Moreno',
      metadata: { ats_profile_url: expect.stringMatching(/^https:\/\/hire\.lever\.co\/candidates\//) },
    });
    vendor.hackerrank.play.start({ candidateId: vendor.last(ada.email).id });
    server().clock.advance(61);
    await reaches(ada, [{ state: 'started', unverified: false }]);
    vendor.hackerrank.play.submit({ candidateId: vendor.last(ada.email).id, score: 82 });
    await reaches(ada, [
      {
        state: 'scored',
        vendorName: 'HackerRank',
        result: { verified: true, percent: 82, passed: true, reportUrl: expect.stringContaining('/report') },
      },
    ]);
    // HackerRank makes the file when it is asked for, and has it a little later.
    const files = () => [...lever.account.files.values()].filter((file) => file.opportunityId === ada.opportunityId);
    await server().until(async () => {
      server().clock.advance(60);
      await quiet();
      expect(files()).toHaveLength(1);
    });
    expect(notes(ada)).toHaveLength(2);
    const { links } = lever.account.contacts.get(ada.contactId) ?? { links: [] };
    expect(links).toEqual([expect.stringMatching(/^https:\/\/www\.hackerrank\.com\/x\/tests\/.*\/report$/)]);

    lever.play.archive({ opportunityId: ada.opportunityId, reasonId: seeds.lever.reasons.withdrew });
    await server().until(async () => {
      server().clock.advance(60);
      await quiet();
      expect(vendor.last(ada.email).atsState).toBe(11);
    });
    // HackerRank tells us of the new state as if it were news.
    const before = notes(ada);
    await vendor.hackerrank.settle();
    await quiet();
    expect(vendor.hackerrank.deliveries().filter(({ state }) => state !== 'delivered')).toEqual([]);
    expect((await ben.open(ada.page)).invitations).toMatchObject([{ state: 'scored', result: { version: 1 } }]);
    expect({ notes: notes(ada), mails: mails(ada).length }).toEqual({ notes: before, mails: 1 });
    expect(vendor.last(ada.email).atsState).toBe(11);
  });

  test('an integrity flag that comes late is a new version, and every webhook twice changes nothing more', async () => {
    const ada = await invited();
    await finish(ada);
    await reaches(ada, [{ state: 'scored', result: { version: 1, integrity: { status: 'not evaluated' } } }]);
    vendor.hackerrank.direct.configure({ webhooks: 'duplicate' });
    vendor.hackerrank.play.judgeIntegrity({ candidateId: vendor.last(ada.email).id, status: 'High' });
    await reaches(ada, [{ result: { version: 2, integrity: { status: 'flagged', level: 'high' } } }]);
    vendor.hackerrank.direct.configure({ webhooks: 'deliver' });
    await quiet();
    expect((await ben.open(ada.page)).invitations).toMatchObject([{ result: { version: 2 } }]);
    expect(notes(ada)).toHaveLength(2);
  });

  test('while webhooks do not come the result is found by asking', async () => {
    const ada = await invited();
    vendor.hackerrank.direct.configure({ webhooks: 'drop' });
    await finish(ada);
    server().clock.advance(61);
    await reaches(ada, [{ state: 'scored', result: { verified: true } }]);
    vendor.hackerrank.direct.configure({ webhooks: 'deliver' });
  });

  test('a lost answer is looked for, and the invitation is neither lost nor made twice', async () => {
    const ada = arrive();
    vendor.hackerrank.direct.failNext({ method: 'POST', path: 'candidates$', when: 'after', kind: 'reset' });
    await send(ada);
    await server().until(async () => {
      server().clock.advance(60);
      await quiet();
      expect((await ben.open(ada.page)).invitations).toMatchObject([{ state: 'sent', trouble: null }]);
    });
    expect(vendor.candidatesOf(ada.email)).toHaveLength(1);
    expect(mails(ada)).toHaveLength(1);
    expect(notes(ada)).toHaveLength(1);
  });

  test('a lost answer that cannot be looked for yet is unconfirmed, never failed, and is found later', async () => {
    const ada = arrive();
    vendor.hackerrank.direct.configure({ search: 'late' });
    vendor.hackerrank.direct.failNext({ method: 'POST', path: 'candidates$', when: 'after', kind: 'reset' });
    await send(ada);
    const soon = async (expected: object) =>
      await server().until(async () => {
        server().clock.advance(60);
        await quiet();
        expect((await ben.open(ada.page)).invitations).toMatchObject([expected]);
      });
    await soon({ state: 'unconfirmed', trouble: expect.stringMatching(/It is not certain that .* was sent/) });
    vendor.hackerrank.direct.configure({ search: 'current' });
    await soon({ state: 'sent', trouble: null });
    expect(vendor.candidatesOf(ada.email)).toHaveLength(1);
    expect(mails(ada)).toHaveLength(1);
    expect(notes(ada)).toHaveLength(1);
  });

  test('leaving the process takes the invitation back at HackerRank', async () => {
    const { lever, seeds } = server().world;
    const ada = await invited();
    lever.play.archive({ opportunityId: ada.opportunityId, reasonId: seeds.lever.reasons.withdrew });
    await server().until(async () => {
      server().clock.advance(60);
      await quiet();
      expect(vendor.last(ada.email).isCancelled).toBe(true);
    });
    await reaches(ada, [{ state: 'cancelled' }]);
  });

  test('a retake is a second attempt beside the first', async () => {
    const ada = await invited();
    await finish(ada, 40);
    await reaches(ada, [{ state: 'scored', result: { passed: false } }]);
    await send(ada, { retake: true });
    await server().until(() => expect(vendor.candidatesOf(ada.email)).toHaveLength(2));
    await quiet();
    await finish(ada, 90);
    await server().until(async () => {
      const { invitations } = await ben.open(ada.page);
      const scores = invitations.map(({ attempt, result }) => [attempt, result?.percent]);
      expect(scores.toSorted()).toEqual([
        [1, 40],
        [2, 90],
      ]);
    });
  });

  test.each([
    ['under an address that the ATS shows', false],
    ['under one that only the recruiter typed', true],
  ])('who was invited by hand %s is not invited again, and that one can be attached', async (_how, isTyped) => {
    const ada = arrive();
    const email = isTyped ? `Typed.${randomUUID()}@mail.example` : ada.email;
    vendor.hackerrank.play.invite({ testId: vendor.tests.backend, email, fullName: null });
    await send(ada, isTyped ? { email } : {});
    await reaches(ada, [
      {
        state: 'failed',
        trouble: expect.stringMatching(/at HackerRank, made there by hand or by another Tagalong\. Attach that one/),
        isInvitedOutside: true,
      },
    ]);
    const view = await ben.open(ada.page);
    const answer = await server().fetch(PATHS.commands.findOutside, {
      method: 'POST',
      headers: { authorization: `Bearer ${ben.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ page: view.reference, applicationKey: view.key, assessmentId: vendor.assessment.id }),
    });
    const { found } = outsideFoundSchema.parse(await answer.json());
    const attach = { assessmentId: vendor.assessment.id, ref: found[0]?.ref };
    expect(await ben.command(PATHS.commands.attach, view, attach)).toMatchObject({ outcome: 'done' });
    await reaches(ada, [{ state: 'sent', email }, { state: 'failed' }]);
    expect(vendor.candidatesOf(email)).toHaveLength(1);
  });

  test('an invitation that was made at HackerRank by hand is found, attached, and asked about until it has a result', async () => {
    const ada = arrive();
    const { id: candidateId } = vendor.hackerrank.play.invite({ testId: vendor.tests.backend, email: ada.email, fullName: null });
    const view = await ben.open(ada.page);
    const answer = await server().fetch(PATHS.commands.findOutside, {
      method: 'POST',
      headers: { authorization: `Bearer ${ben.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ page: view.reference, applicationKey: view.key, assessmentId: vendor.assessment.id }),
    });
    const { found } = outsideFoundSchema.parse(await answer.json());
    expect(found).toMatchObject([{ email: ada.email, state: 'sent' }]);
    const attach = { assessmentId: vendor.assessment.id, ref: found[0]?.ref };
    expect(await ben.command(PATHS.commands.attach, view, attach)).toMatchObject({ outcome: 'done' });
    vendor.hackerrank.play.start({ candidateId });
    vendor.hackerrank.play.submit({ candidateId, score: 77 });
    await server().until(async () => {
      server().clock.advance(61);
      await quiet();
      expect((await ben.open(ada.page)).invitations).toMatchObject([{ state: 'scored', result: { percent: 77 } }]);
    });
    expect(vendor.candidatesOf(ada.email)).toHaveLength(1);
  });
});

test('a live interview is made, held and thumbed up, without a score', async () => {
  const { api } = server().company;
  const assessment = await api.call(assessmentViewSchema, 'POST', PATHS.assessments, {
    vendorConnectionId: vendor.connection.id,
    externalId: 'interview',
    name: 'System design',
    kind: 'live interview',
    tag: 'System design',
    handover: 'vendor e-mail',
  });
  const ada = arrive();
  await send(ada, { assessmentId: assessment.id });
  await reaches(ada, [{ state: 'sent' }]);
  const [interview] = vendor.hackerrank.interviews().filter(({ candidate }) => candidate?.email === ada.email);
  expect(interview).toMatchObject({ title: 'System design: Ada Moreno' });
  expect(mails(ada)).toHaveLength(1);
  const interviewId = interview?.id ?? '';
  vendor.hackerrank.play.startInterview({ interviewId });
  vendor.hackerrank.play.endInterview({ interviewId, feedback: 'Asks before building.', thumbsUp: 1 });
  await server().until(async () => {
    server().clock.advance(61);
    await quiet();
    expect((await ben.open(ada.page)).invitations).toMatchObject([
      { state: 'scored', result: { verdict: 'up', score: null, verified: true } },
    ]);
  });
});
