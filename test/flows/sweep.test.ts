import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PATHS } from '../../lib/contract/paths.ts';
import { connectionViewSchema, overviewSchema } from '../../lib/contract/settings.ts';
import { applications, connections, invitations } from '../../server/storage/schema.ts';
import { leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer({
  world: { lever: { rateLimit: null }, greenhouse: { rateLimit: 5000 } },
  setUp: { rules: { holdSeconds: 0, automaticHoldSeconds: 0 } },
});
let ben: Recruiter;
beforeAll(async () => {
  ben = await server().join('Ben');
});
afterEach(() => server().world.lever.direct.clearFailures());

const arrive = (stage: 'phoneScreen' | 'assessment') => {
  const { lever, seeds } = server().world;
  const contactId = lever.play.createContact({ name: 'Ada Moreno', emails: [`${randomUUID()}@mail.example`] }).id;
  const { stages, postings } = seeds.lever;
  const more = { stageId: stages[stage], postingId: postings.backend, tags: ['Senior SWE'] };
  const { id: opportunityId } = lever.play.createOpportunity({ contactId, ...more });
  return { opportunityId, page: leverPage(opportunityId) };
};
const lever = async () => {
  const rows = await server().server.services.db.select().from(connections);
  const found = rows.find(({ kind }) => kind === 'lever');
  if (!found) throw new Error('Lever is not connected');
  return found;
};
const view = async () =>
  server().company.api.call(connectionViewSchema, 'GET', PATHS.connection.replace('{id}', (await lever()).id));
const atsStep = async () => {
  const { steps } = await server().company.api.call(overviewSchema, 'GET', PATHS.overview);
  return steps.find(({ id }) => id === 'ats');
};
/** A sweep that is due is begun at once by a server that has just started. */
const restartAfter = async (seconds: number) => {
  await server().settle();
  await server().goDown();
  server().clock.advance(seconds);
  await server().comeUp();
};
/** As the database has it: opening the panel would look by itself. */
const rowOf = async (opportunityId: string) => {
  const rows = await server().server.services.db.select().from(applications);
  return rows.find(({ applicationId }) => applicationId === opportunityId);
};
const stageOf = async (opportunityId: string) => (await rowOf(opportunityId))?.snapshot?.stage?.id;
const invitedTo = async (opportunityId: string) => {
  const key = (await rowOf(opportunityId))?.key;
  const rows = await server().server.services.db.select().from(invitations);
  return rows.filter(({ applicationKey }) => applicationKey === key).map(({ state }) => state);
};
const withoutWebhooks = (act: () => void) => {
  const { direct } = server().world.lever;
  direct.configure({ deliver: 'drop' });
  act();
  direct.configure({ deliver: 'deliver' });
};

describe('a key that may read opportunities but not list them', () => {
  test('those who are known are read one by one, what is then not found is said, and it is made good with the right', async () => {
    const { lever: ats, seeds } = server().world;
    const { stages } = seeds.lever;
    const leaver = arrive('assessment');
    const done = arrive('phoneScreen');
    await ben.open(done.page);
    await restartAfter(1200);
    const restartedAt = server().clock.now().getTime();
    // The sweep of the set-up left a cursor too, which that of the restart still moves.
    await server().until(async () => expect((await lever()).sweepCursor?.getTime()).toBeGreaterThan(restartedAt - 60_000));
    const cursor = (await lever()).sweepCursor;
    expect((await ben.open(leaver.page)).invitations).toMatchObject([{ state: 'sent' }]);

    ats.direct.failNext({ method: 'GET', path: '/opportunities$', times: 1000, answer: { kind: 'status', status: 403 } });
    // Seen for the first time at a moment at which Lever does not show it.
    ats.direct.failNext({ path: '/opportunities/[^/]+$', times: 1000, answer: { kind: 'status', status: 404 } });
    const unseen = arrive('assessment');
    await server().settle();
    ats.direct.clearFailures();
    ats.direct.failNext({ method: 'GET', path: '/opportunities$', times: 1000, answer: { kind: 'status', status: 403 } });
    let newcomer = '';
    withoutWebhooks(() => {
      ats.play.move({ opportunityId: done.opportunityId, stageId: stages.onsite });
      ats.play.move({ opportunityId: leaver.opportunityId, stageId: stages.onsite });
      newcomer = arrive('assessment').opportunityId;
    });
    await restartAfter(1200);
    await server().until(async () => expect((await view()).notes).toHaveLength(1));
    expect((await view()).notes[0]).toContain('somebody new whose webhook gets lost is not found');
    expect(await atsStep()).toMatchObject({ state: 'ready', text: expect.stringContaining('may not list') });
    await server().settle();
    expect(await invitedTo(unseen.opportunityId)).toEqual(['sent']);
    expect(await stageOf(done.opportunityId)).toBe(stages.onsite);
    server().clock.advance(301);
    await server().until(async () => expect((await ben.open(leaver.page)).invitations).toMatchObject([{ state: 'cancelled' }]));
    expect((await lever()).sweepCursor).toEqual(cursor);

    ats.direct.clearFailures();
    await restartAfter(1200);
    await server().until(async () => expect((await view()).notes).toEqual([]));
    await server().settle();
    expect((await ben.open(leverPage(newcomer))).invitations).toMatchObject([{ state: 'sent' }]);
  });

  test('a key that is refused altogether is asked for in the settings, also where nothing else happens', async () => {
    server().world.lever.direct.failNext({ path: '/v1/', times: 1000, answer: { kind: 'status', status: 401 } });
    await restartAfter(1200);
    await server().until(async () =>
      expect((await view()).troubles).toEqual([expect.stringContaining('Lever does not accept the credential any more')]),
    );
    expect(await atsStep()).toMatchObject({ state: 'needs-you' });
    server().world.lever.direct.clearFailures();
    await restartAfter(1200);
    await server().until(async () => expect((await view()).troubles).toEqual([]));
    await server().settle();
  });
});

describe('a company on Greenhouse, where the roles go by the names of stages', () => {
  const greenhouseView = () => {
    const { api, connections: made } = server().company;
    return api.call(connectionViewSchema, 'GET', PATHS.connection.replace('{id}', made.greenhouse.id));
  };

  test('whose key is revoked while nothing happens there: the settings ask for another one', async () => {
    const { greenhouse } = server().world;
    const { api, connections: made } = server().company;
    expect((await greenhouseView()).troubles).toEqual([]);
    const clientSecret = greenhouse.rotateSecret({ clientId: greenhouse.credential.clientId, dropOld: true });
    greenhouse.revokeTokens();
    await restartAfter(1200);
    await server().until(async () =>
      expect((await greenhouseView()).troubles).toEqual([
        expect.stringContaining('Greenhouse does not accept the credential any more'),
      ]),
    );
    const path = PATHS.connection.replace('{id}', made.greenhouse.id);
    await api.call(connectionViewSchema, 'PATCH', path, { secrets: { clientSecret } });
    expect((await greenhouseView()).troubles).toEqual([]);
    await server().settle();
  });

  test.each(['draft', 'closed'] as const)(
    'who enters the stage in a job that is %s, and no webhook tells, is found',
    async (status) => {
      const { greenhouse } = server().world;
      const job = greenhouse.createJob({ name: `Data ${status}`, stages: ['Application Review', 'Assessment'], status });
      const [, assessment] = greenhouse.world.stagesOf(job.id);
      greenhouse.change({ webhooks: 'drop' });
      const email = `${randomUUID()}@mail.example`;
      const { id: candidateId } = greenhouse.createCandidate({
        firstName: 'Ada',
        lastName: 'Moreno',
        email,
        tags: ['Senior SWE'],
      });
      const { id } = greenhouse.createApplication({ candidateId, jobId: job.id, stageId: assessment?.id });
      greenhouse.change({ webhooks: 'deliver' });
      await restartAfter(1200);
      await server().until(async () => expect(await invitedTo(String(id))).toEqual(['sent']));
    },
  );
});

describe('a stage that a setting names', () => {
  test('is deleted in Lever: the connection and the overview say what to do, and nobody is moved into it', async () => {
    const { lever: ats, seeds } = server().world;
    const { stages } = ats.account;
    const gone = stages.findIndex(({ id }) => id === seeds.lever.stages.onsite);
    const [onsite] = stages.splice(gone, 1);
    if (!onsite) throw new Error('no such stage');
    await restartAfter(3700);
    const sentence = `The stage ${onsite.text} no longer exists in Lever. Choose another one under Stages.`;
    await server().until(async () => expect((await view()).troubles).toContain(sentence));
    expect(await atsStep()).toMatchObject({ state: 'needs-you', text: expect.stringContaining(sentence) });
    const { page } = arrive('assessment');
    await server().settle();
    expect((await ben.open(page)).moveTarget).toBeNull();

    stages.splice(gone, 0, onsite);
    await restartAfter(3700);
    await server().until(async () => expect((await view()).troubles).toEqual([]));
  });
});

describe('clocks that differ by twenty minutes', () => {
  test.each([
    ['ours is ahead', 20 * 60],
    ['ours is behind', -20 * 60],
  ])('%s: whose webhook was lost is found all the same', async (_how, seconds) => {
    const { lever: ats, seeds } = server().world;
    const own = server().clock;
    await restartAfter(1200);
    const before = own.now();
    await server().until(async () => expect((await lever()).sweepCursor?.getTime()).toBeGreaterThan(before.getTime() - 60_000));
    // The simulators go by the same clock as we do; what they tell is put back or forward instead.
    const theirs = () => own.now().getTime() - seconds * 1000;
    const email = `${randomUUID()}@mail.example`;
    withoutWebhooks(() => {
      const contactId = ats.play.createContact({ name: 'Ada Moreno', emails: [email] }).id;
      const { stages, postings } = seeds.lever;
      const more = { postingId: postings.backend, tags: ['Senior SWE'], createdAt: theirs() };
      ats.play.createOpportunity({ contactId, stageId: stages.assessment, ...more });
    });
    await restartAfter(601);
    await server().until(async () => {
      const rows = await server().server.services.db.select().from(invitations);
      expect(rows.filter(({ person }) => person === email).map(({ state }) => state)).toEqual(['sent']);
    });
  });
});
