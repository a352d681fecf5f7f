import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { applications, erasures, invitations } from '../../server/storage/schema.ts';
import { greenhousePage, leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer({ world: { greenhouse: { rateLimit: 5000 }, lever: { rateLimit: null } } });
let ben: Recruiter;
beforeAll(async () => {
  ben = await server().join('Ben');
});

/** Somebody new with one application, and an invitation that waits in its hold. */
const invite = async () => {
  const { greenhouse, seeds } = server().world;
  const email = `${randomUUID()}@mail.example`;
  const { id: candidateId } = greenhouse.createCandidate({ firstName: 'Ada', lastName: 'Moreno', email, tags: ['Senior SWE'] });
  const { id: applicationId } = greenhouse.createApplication({ candidateId, jobId: seeds.greenhouse.jobs.backend });
  await server().settle();
  const page = greenhousePage(applicationId, candidateId);
  await ben.send(await ben.open(page));
  return { email, candidateId, applicationId, page };
};
const callsAbout = (email: string) =>
  server()
    .world.journal.list({ simulator: 'coderbyte', kind: 'api' })
    .filter(({ detail }) => JSON.stringify(detail).includes(email));
const isInvited = (email: string) => callsAbout(email).some(({ what }) => what.startsWith('POST'));
const openOpening = () =>
  server().world.greenhouse.world.openings.list(
    (row) => row.jobId === server().world.seeds.greenhouse.jobs.backend && row.closedAt === null,
  )[0]?.id ?? 0;
const afterHold = async () => {
  await server().settle();
  server().clock.advance(11);
  await server().settle();
};
const rowOf = async (applicationId: number) =>
  (await server().server.services.db.select().from(applications)).find((row) => row.applicationId === String(applicationId));

/** What an erasure leaves: its own list of what lies elsewhere. */
const erasureOf = async (key: string | undefined) => {
  const rows = await server().server.services.db.select().from(erasures);
  const found = rows.find(({ applicationKeys, finishedAt }) => finishedAt !== null && applicationKeys.includes(key ?? ''));
  if (!found) throw new Error('not erased yet');
  return { askedBy: found.askedBy, outside: found.outside.map(({ code }) => code) };
};
const ERASED = { kind: 'unavailable', code: 'erased', text: expect.stringContaining('was erased here on') };

describe('a candidate of Greenhouse, in the middle of an invitation', () => {
  test('who is anonymised gets none, and is erased', async () => {
    const { greenhouse } = server().world;
    const { email, candidateId, applicationId, page } = await invite();
    const key = (await rowOf(applicationId))?.key;
    greenhouse.anonymizeCandidate({ candidateId });
    await afterHold();
    expect(isInvited(email)).toBe(false);
    expect(await server().until(() => erasureOf(key))).toMatchObject({ askedBy: 'ats-anonymised' });
    expect(await rowOf(applicationId)).toBeUndefined();
    expect(await ben.panel(page)).toMatchObject(ERASED);
  });

  test.each([['attachments'], ['notes', 'phone_numbers']])(
    'of whom only some is anonymised (%s) stays a candidate: the invitation goes out, and later webhooks are heard',
    async (...fields) => {
      const { greenhouse } = server().world;
      const { email, candidateId, applicationId } = await invite();
      const before = (await rowOf(applicationId))?.hinted ?? 0;
      greenhouse.anonymizeCandidate({ candidateId, fields });
      await server().settle();
      const heard = (await rowOf(applicationId))?.hinted ?? 0;
      expect(heard).toBeGreaterThan(before);
      await afterHold();
      expect(isInvited(email)).toBe(true);
      const own = (await rowOf(applicationId))?.hinted ?? 0;
      greenhouse.tag({ candidateId, tag: 'Later' });
      await server().settle();
      expect((await rowOf(applicationId))?.hinted).toBeGreaterThan(own);
      const all = (await server().server.services.db.select().from(erasures)).flatMap(({ applicationKeys }) => applicationKeys);
      expect(all).not.toContain((await rowOf(applicationId))?.key);
    },
  );

  test('who is merged into another goes on as that one', async () => {
    const { greenhouse } = server().world;
    const { email, candidateId, applicationId } = await invite();
    const { id: keptId } = greenhouse.createCandidate({ firstName: 'Ada', lastName: 'Moreno', email: 'ada@kept.example' });
    greenhouse.mergeCandidates({ keepId: keptId, dropId: candidateId });
    await server().settle();
    expect(await rowOf(applicationId)).toMatchObject({ candidateId: String(keptId), state: { vanished: false } });
    await afterHold();
    expect(isInvited(email)).toBe(true);
    // A later webhook that names only the person that was kept reaches the application that came over.
    const before = (await rowOf(applicationId))?.hinted ?? 0;
    greenhouse.tag({ candidateId: keptId, tag: 'Later' });
    await server().settle();
    expect((await rowOf(applicationId))?.hinted).toBeGreaterThan(before);
  });

  test('who is merged while no webhook tells: the page of the one who was kept shows the application', async () => {
    const { greenhouse } = server().world;
    const { candidateId, applicationId, page } = await invite();
    const { id: keptId } = greenhouse.createCandidate({ firstName: 'Ada', lastName: 'Moreno', email: 'ada@later.example' });
    greenhouse.change({ webhooks: 'drop' });
    greenhouse.mergeCandidates({ keepId: keptId, dropId: candidateId });
    greenhouse.change({ webhooks: 'deliver' });
    const kept = { ...page, candidateId: String(keptId) };
    expect(await ben.open(kept)).toMatchObject({
      reference: { applicationId: String(applicationId) },
      emails: expect.arrayContaining(['ada@later.example']),
    });
  });

  test('who is deleted with the test open: what we wrote went with the person', async () => {
    const { greenhouse } = server().world;
    const { candidateId, applicationId } = await invite();
    await afterHold();
    const key = (await rowOf(applicationId))?.key;
    greenhouse.deleteCandidate({ candidateId });
    expect(await server().until(() => erasureOf(key))).toEqual({
      askedBy: 'ats-deleted',
      outside: ['ats-gone', 'vendor-cancelled', 'backups'],
    });
  });

  test('who is deleted gets none, and is erased', async () => {
    const { greenhouse } = server().world;
    const { email, candidateId, applicationId, page } = await invite();
    const key = (await rowOf(applicationId))?.key;
    greenhouse.deleteCandidate({ candidateId });
    await afterHold();
    expect(isInvited(email)).toBe(false);
    expect(await server().until(() => erasureOf(key))).toMatchObject({ askedBy: 'ats-deleted' });
    expect(await rowOf(applicationId)).toBeUndefined();
    expect(await ben.panel(page)).toMatchObject(ERASED);
  });

  test('whose application is deleted while the test is open: it is taken back before all of it is erased, and the person keeps our note', async () => {
    const { greenhouse } = server().world;
    const { candidateId, applicationId } = await invite();
    await afterHold();
    const key = (await rowOf(applicationId))?.key;
    const notes = () => greenhouse.world.notes.list((row) => row.candidateId === candidateId);
    const written = notes().length;
    expect(written).toBeGreaterThan(0);
    greenhouse.deleteApplication({ applicationId });
    expect(await server().until(() => erasureOf(key))).toEqual({
      askedBy: 'ats-deleted',
      outside: ['ats-notes', 'vendor-cancelled', 'backups'],
    });
    expect(notes()).toHaveLength(written);
    expect(await rowOf(applicationId)).toBeUndefined();
  });

  test('two who are merged while both wait: the one person gets the test once', async () => {
    const { greenhouse } = server().world;
    const kept = await invite();
    const dropped = await invite();
    greenhouse.mergeCandidates({ keepId: kept.candidateId, dropId: dropped.candidateId });
    await afterHold();
    expect([isInvited(kept.email), isInvited(dropped.email)].filter(Boolean)).toHaveLength(1);
  });

  test('who was hired or rejected by mistake is back: that is said, what was cancelled stays cancelled, and nothing is sent anew', async () => {
    const { greenhouse, seeds } = server().world;
    for (const [end, undo] of [
      [
        (id: number) => greenhouse.reject({ applicationId: id, reasonId: seeds.greenhouse.reasons.underqualified }),
        greenhouse.unreject,
      ],
      [(id: number) => greenhouse.hire({ applicationId: id, openingId: openOpening() }), greenhouse.unhire],
    ] as const) {
      const { email, applicationId, page } = await invite();
      await afterHold();
      end(applicationId);
      await server().settle();
      server().clock.advance(301);
      await server().settle();
      expect((await ben.open(page)).invitations).toMatchObject([{ state: 'cancelled' }]);
      undo({ applicationId });
      await server().settle();
      const view = await ben.open(page);
      expect(view).toMatchObject({ status: 'active', invitations: [{ state: 'cancelled' }] });
      expect(view.happenings.map(({ text }) => text).join()).toContain('Back in');
      expect(callsAbout(email).filter(({ what }) => what.startsWith('POST') && !what.includes('cancel'))).toHaveLength(1);
    }
  });
});

describe('a candidate of Greenhouse lands in the assessment stage', () => {
  const newcomer = (more: { stageId?: number } = {}) => {
    const { greenhouse, seeds } = server().world;
    const email = `${randomUUID()}@mail.example`;
    const { id: candidateId } = greenhouse.createCandidate({ firstName: 'Ada', lastName: 'Moreno', email, tags: ['Senior SWE'] });
    const { id: applicationId } = greenhouse.createApplication({ candidateId, jobId: seeds.greenhouse.jobs.backend, ...more });
    return { email, candidateId, applicationId, page: greenhousePage(applicationId, candidateId) };
  };

  test('by applying', async () => {
    const { stages } = server().world.seeds.greenhouse;
    const { page } = newcomer({ stageId: stages.backend.Assessment });
    await server().settle();
    expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent' }]);
  });

  test.each(['candidate_stage_change', 'application_updated'] as const)(
    'by transfer to another job, told as %s',
    async (transferSends) => {
      const { greenhouse } = server().world;
      greenhouse.change({ transferSends });
      const { page, applicationId } = newcomer();
      const job = greenhouse.createJob({ name: `Data ${transferSends}`, stages: ['Assessment', 'Onsite'] });
      greenhouse.transfer({ applicationId, jobId: job.id });
      await server().settle();
      expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent' }]);
      expect((await rowOf(applicationId))?.snapshot?.job?.id).toBe(String(job.id));
    },
  );
});

describe('a candidate of Lever, in the middle of an invitation', () => {
  const inviteAtLever = async () => {
    const { lever, seeds } = server().world;
    const email = `${randomUUID()}@mail.example`;
    const contactId = lever.play.createContact({ name: 'Ada Moreno', emails: [email] }).id;
    const { stages, postings } = seeds.lever;
    const more = { postingId: postings.backend, stageId: stages.assessment, tags: ['Senior SWE'] };
    const { id: opportunityId } = lever.play.createOpportunity({ contactId, ...more });
    await server().settle();
    const page = leverPage(opportunityId);
    expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent' }]);
    return { opportunityId, page };
  };
  const statesOf = async (opportunityId: string) => {
    const { db } = server().server.services;
    const row = (await db.select().from(applications)).find((one) => one.applicationId === opportunityId);
    const own = (await db.select().from(invitations)).filter((one) => one.applicationKey === row?.key);
    return { deleted: row?.state.deleted, states: own.map(({ state }) => state) };
  };

  test('who is deleted: Lever’s own list is its word, the open invitation is taken back, and all of it is erased', async () => {
    const { opportunityId, page } = await inviteAtLever();
    const rows = await server().server.services.db.select().from(applications);
    const key = rows.find((row) => row.applicationId === opportunityId)?.key;
    server().world.lever.play.deleteOpportunity({ opportunityId });
    expect(await server().until(() => erasureOf(key))).toEqual({
      askedBy: 'ats-deleted',
      outside: ['ats-gone', 'vendor-cancelled', 'backups'],
    });
    expect(await statesOf(opportunityId)).toEqual({ deleted: undefined, states: [] });
    expect(await ben.panel(page)).toMatchObject(ERASED);
  });

  test('whom only a forged webhook calls deleted is not', async () => {
    const { lever } = server().world;
    const { opportunityId } = await inviteAtLever();
    const other = await inviteAtLever();
    lever.play.deleteOpportunity({ opportunityId: other.opportunityId });
    await server().settle();
    const delivery = lever.deliveries().findLast((one) => one.event === 'candidateDeleted');
    await lever.direct.sendTampered({ deliveryId: delivery?.id ?? '', data: { opportunityId }, event: 'candidateDeleted' });
    await server().settle();
    expect(await statesOf(opportunityId)).toEqual({ deleted: false, states: ['sent'] });
  });

  test('who is merely not shown any more is not deleted', async () => {
    const { lever } = server().world;
    const { opportunityId, page } = await inviteAtLever();
    lever.direct.failNext({ path: `/opportunities/${opportunityId}$`, times: 50, answer: { kind: 'status', status: 404 } });
    server().clock.advance(60);
    await ben.panel(page);
    await server().settle();
    await server().until(async () => expect(await ben.panel(page)).toMatchObject({ code: 'not-visible' }));
    expect(await statesOf(opportunityId)).toEqual({ deleted: false, states: ['sent'] });
    lever.direct.clearFailures();
  });
});
