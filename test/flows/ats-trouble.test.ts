import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PATHS } from '../../lib/contract/paths.ts';
import { connectionViewSchema } from '../../lib/contract/settings.ts';
import { leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer({ world: { lever: { rateLimit: null } } });
let ben: Recruiter;
beforeAll(async () => {
  ben = await server().join('Ben');
});

afterEach(() => server().world.lever.direct.clearFailures());

const arrive = (stage: 'phoneScreen' | 'assessment' = 'phoneScreen') => {
  const { lever, seeds } = server().world;
  const contactId = lever.play.createContact({ name: 'Ada Moreno', emails: [`${randomUUID()}@mail.example`] }).id;
  const { stages, postings } = seeds.lever;
  const { id } = lever.play.createOpportunity({
    contactId,
    postingId: postings.backend,
    stageId: stages[stage],
    tags: ['Senior SWE'],
  });
  return { opportunityId: id, contactId, page: leverPage(id) };
};
const fail = (status: number, path: string, more: object = {}) =>
  server().world.lever.direct.failNext({ path, answer: { kind: 'status', status, ...more }, times: 50 });
const mend = () => server().world.lever.direct.clearFailures();
describe('a candidate page while Lever is in trouble', () => {
  test.each<[string, () => void, string, string]>([
    [
      'refuses our key',
      () => fail(401, '/opportunities'),
      'ats-refused',
      'Lever does not accept our credential any more. Ask an admin to renew it in the settings.',
    ],
    [
      'denies the right',
      () => fail(403, '/opportunities'),
      'ats-refused',
      'Lever refused: this takes the right “Opportunities: Read (Retrieve a single opportunity)”',
    ],
    ['knows nobody', () => fail(404, '/opportunities'), 'not-visible', 'Lever does not show this application to Tagalong.'],
    [
      'asks for a pause',
      () => fail(429, '/opportunities', { headers: { 'retry-after': '1' } }),
      'ats-unavailable',
      'Lever asks us to slow down.',
    ],
    ['is broken', () => fail(500, '/opportunities'), 'ats-unavailable', 'Lever'],
    ['is away', () => fail(503, '/opportunities'), 'ats-unavailable', 'Lever cannot be reached at the moment.'],
    [
      'answers with a web page',
      () => server().world.lever.direct.failNext({ path: '/opportunities', times: 50, answer: { kind: 'html', status: 200 } }),
      'ats-unavailable',
      'Lever gave an answer that makes no sense.',
    ],
    [
      'breaks off',
      () => server().world.lever.direct.failNext({ path: '/opportunities', times: 50, answer: { kind: 'reset' } }),
      'ats-unavailable',
      'Lever',
    ],
  ])('that %s: a clear sentence, and nothing is lost', async (_what, trouble, code, sentence) => {
    // Whether the webhook of somebody who has just applied, or the recruiter comes first is chance, and must not be seen.
    trouble();
    const first = arrive();
    await server().settle();
    expect(await ben.panel(first.page)).toMatchObject({ kind: 'unavailable', code, text: expect.stringContaining(sentence) });
    mend();
    server().world.lever.direct.configure({ deliver: 'drop' });
    const { page } = arrive();
    server().world.lever.direct.configure({ deliver: 'deliver' });
    trouble();
    const view = await ben.panel(page);
    mend();
    expect(view).toMatchObject({ kind: 'unavailable', code });
    expect(view.kind === 'unavailable' ? view.text : '').toContain(sentence);
    expect(view.kind === 'unavailable' ? view.mend : null).not.toBeNull();
    server().clock.advance(30);
    expect((await ben.open(page)).candidateName).toBe('Ada Moreno');
  });
});

describe('a webhook whose re-read fails', () => {
  test.each([401, 429, 500, 503])('%i: the hint is kept, the panel says it, and it is made good by itself', async (status) => {
    const { page, opportunityId } = arrive();
    const { lever, seeds } = server().world;
    const view = await ben.open(page);
    fail(status, `/opportunities/${opportunityId}$`, status === 429 ? { headers: { 'retry-after': '1' } } : {});
    lever.play.move({ opportunityId, stageId: seeds.lever.stages.assessment });
    await lever.settle();
    await server().until(async () => {
      expect((await ben.open(page)).troubles.map(({ text }) => text)).toEqual([
        expect.stringContaining(status === 401 ? 'Lever does not accept our credential' : 'Lever cannot be read just now'),
      ]);
    });
    expect((await ben.open(page)).key).toBe(view.key);
    mend();
    server().clock.advance(150);
    await server().until(async () => expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent' }]));
    expect((await ben.open(page)).troubles).toEqual([]);
    await server().settle();
  });

  test('by a key that is refused: the settings ask for another, until one works', async () => {
    const { company } = server();
    const path = PATHS.connection.replace('{id}', company.connections.lever.id);
    const troubles = async () => (await company.api.call(connectionViewSchema, 'GET', path)).troubles;
    const { page, opportunityId } = arrive();
    await ben.open(page);
    expect(await troubles()).toEqual([]);
    fail(401, `/opportunities/${opportunityId}$`);
    server().world.lever.play.move({ opportunityId, stageId: server().world.seeds.lever.stages.assessment });
    await server().until(async () =>
      expect(await troubles()).toEqual([expect.stringContaining('Lever does not accept the credential any more')]),
    );
    expect(await company.api.call(connectionViewSchema, 'GET', path)).toMatchObject({ state: 'needs-you' });
    mend();
    await company.api.call(connectionViewSchema, 'PATCH', path, { enabled: true });
    await server().until(async () => expect(await troubles()).toEqual([]));
    await server().until(async () => expect((await ben.open(page)).invitations).toHaveLength(1));
    await server().settle();
  });

  test('while an invitation waits to be released: it is not lost, and goes out later', async () => {
    const { page, opportunityId } = arrive();
    const view = await ben.open(page);
    await ben.send(view);
    fail(503, `/opportunities/${opportunityId}$`);
    server().clock.advance(11);
    await server().until(async () => expect((await ben.open(page)).troubles).toHaveLength(1));
    expect((await ben.open(page)).invitations).toMatchObject([{ state: 'held' }]);
    mend();
    server().clock.advance(16);
    await server().until(async () => expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent' }]));
    await server().settle();
  });
});

const LOST = 'The answer of Lever was lost. Whether it was done is looked up before anything is tried again, by itself.';

describe('a note that Lever does not take', () => {
  const sendWith = async (trouble: () => void) => {
    const { page } = arrive();
    const view = await ben.open(page);
    trouble();
    await ben.send(view);
    server().clock.advance(11);
    return page;
  };

  test('422: it says so; the invitation is out', async () => {
    const page = await sendWith(() => fail(422, '/notes'));
    await server().until(async () => {
      const { happenings, invitations } = await ben.open(page);
      expect(invitations).toMatchObject([{ state: 'sent' }]);
      expect(happenings.map(({ text }) => text)).toContainEqual(
        expect.stringContaining(
          'The note about Senior SWE was not written: Lever refused this and did not say why (status 422). Ask an admin',
        ),
      );
    });
    mend();
    await server().settle();
  });

  test('403: it names the right and waits for it; one note is written when it is given', async () => {
    const page = await sendWith(() => fail(403, '/notes'));
    await server().until(async () => {
      const { troubles, invitations } = await ben.open(page);
      expect(invitations).toMatchObject([{ state: 'sent' }]);
      expect(troubles.map(({ text }) => text)).toContainEqual(
        expect.stringContaining('waits: Lever refused: this takes the right “Notes: Write (Create a note)”'),
      );
    });
    mend();
    // The queue wakes it by the real clock; one that lies well past its time by ours is found and run.
    server().clock.advance(10 * 60);
    await server().until(async () => expect((await ben.open(page)).troubles).toEqual([]));
    await server().settle();
    const { applicationId } = page.kind === 'application' ? page : { applicationId: '' };
    const notes = [...server().world.lever.account.notes.values()].filter((note) => note.opportunityId === applicationId);
    expect(notes).toHaveLength(1);
  });

  test('503: the panel says that it is tried again, and one note is written in the end', async () => {
    const page = await sendWith(() => fail(503, '/notes'));
    await server().until(async () => {
      expect((await ben.open(page)).troubles.map(({ text }) => text)).toContainEqual(LOST);
    });
    mend();
    server().clock.advance(90);
    await server().until(async () => expect((await ben.open(page)).troubles).toEqual([]));
    await server().settle();
    const { applicationId } = page.kind === 'application' ? page : { applicationId: '' };
    const notes = [...server().world.lever.account.notes.values()].filter((note) => note.opportunityId === applicationId);
    expect(notes).toHaveLength(1);
  });

  test('an answer that was lost: looked for, and not written twice', async () => {
    const page = await sendWith(() =>
      server().world.lever.direct.failNext({
        method: 'POST',
        path: '/notes',
        when: 'after',
        times: 1,
        answer: { kind: 'reset' },
      }),
    );
    // The next try is set from when the answer was lost: put the clock forward earlier, and it lies ninety seconds further off.
    await server().until(async () => {
      expect((await ben.open(page)).troubles.map(({ text }) => text)).toContainEqual(LOST);
    });
    server().clock.advance(90);
    await server().until(async () => expect((await ben.open(page)).troubles).toEqual([]));
    await server().settle();
    const { applicationId } = page.kind === 'application' ? page : { applicationId: '' };
    const notes = [...server().world.lever.account.notes.values()].filter((note) => note.opportunityId === applicationId);
    expect(notes).toHaveLength(1);
  });
});

describe('an application that cannot be seen any more', () => {
  test('nothing is deleted, nothing is sent, and it comes back with everything', async () => {
    const { page, opportunityId } = arrive();
    const view = await ben.open(page);
    await ben.send(view);
    fail(404, `/opportunities/${opportunityId}$`);
    server().clock.advance(11);
    await server().until(async () => expect(await ben.panel(page)).toMatchObject({ kind: 'unavailable', code: 'not-visible' }));
    expect(await ben.send(view)).toMatchObject({
      outcome: 'refused',
      message: 'Not sent: this application cannot be seen in the ATS at the moment.',
    });
    mend();
    const back = await ben.open(page);
    expect(back.candidateName).toBe('Ada Moreno');
    expect(back.happenings.map(({ text }) => text)).toContain('The ATS shows this application again.');
    expect(await ben.send(back)).toMatchObject({ outcome: 'done' });
    server().clock.advance(11);
    await server().settle();
    expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent' }]);
  });
});

describe('the vendor is in trouble', () => {
  const invite = async (trouble: () => void) => {
    const { page } = arrive();
    const view = await ben.open(page);
    trouble();
    await ben.send(view, { assessmentId: server().company.assessments.seniorSwe.id });
    server().clock.advance(11);
    return page;
  };

  test('it refuses: failed, with its words and a button', async () => {
    const { coderbyte } = server().world;
    const page = await invite(() =>
      coderbyte.direct.failNext({
        path: 'invitations',
        kind: 'status',
        status: 402,
        body: { error: 'no candidate credits left' },
      }),
    );
    await server().until(async () => {
      const [invitation] = (await ben.open(page)).invitations;
      expect(invitation).toMatchObject({ state: 'failed', actions: ['send-again', 'correct-email'] });
      expect(invitation?.trouble).toContain('was not sent:');
    });
    const view = await ben.open(page);
    const invitationId = view.invitations[0]?.id;
    expect(await ben.command(PATHS.commands.sendAgain, view, { invitationId })).toMatchObject({ outcome: 'done' });
    await server().settle();
    expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent' }]);
  });
});

test('a token that was revoked: 401 with a sentence, for clicks and for looks', async () => {
  const gone = await server().join('Gone');
  const view = await gone.open(arrive().page);
  const bye = await server().fetch(PATHS.me, { method: 'DELETE', headers: { authorization: `Bearer ${gone.token}` } });
  expect(bye.status).toBe(204);
  const refused = await gone.refusal(PATHS.commands.send, view, { assessmentId: view.assessments[0]?.id });
  expect(refused).toMatchObject({ status: 401, code: 'unauthorised' });
  expect(refused.message).toContain('Connect it again');
});
