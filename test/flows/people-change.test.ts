import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { applications } from '../../server/storage/schema.ts';
import { greenhousePage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer();
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
const isInvited = (email: string) =>
  server()
    .world.journal.list({ simulator: 'coderbyte', kind: 'api' })
    .some(({ what, detail }) => what.startsWith('POST') && JSON.stringify(detail).includes(email));
const afterHold = async () => {
  await server().settle();
  server().clock.advance(11);
  await server().settle();
};
const rowOf = async (applicationId: number) =>
  (await server().server.services.db.select().from(applications)).find((row) => row.applicationId === String(applicationId));

describe('a candidate of Greenhouse, in the middle of an invitation', () => {
  test('who is anonymised gets none, and that is said', async () => {
    const { greenhouse } = server().world;
    const { email, candidateId, applicationId, page } = await invite();
    greenhouse.anonymizeCandidate({ candidateId });
    await afterHold();
    expect(isInvited(email)).toBe(false);
    expect(JSON.stringify(await ben.panel(page))).toContain('The candidate was anonymised in the ATS.');
    expect((await rowOf(applicationId))?.snapshot?.anonymised).toBe(true);
  });

  test('who is merged into another goes on as that one', async () => {
    const { greenhouse } = server().world;
    const { email, candidateId, applicationId } = await invite();
    const kept = await invite();
    greenhouse.mergeCandidates({ keepId: kept.candidateId, dropId: candidateId });
    await server().settle();
    expect(await rowOf(applicationId)).toMatchObject({ candidateId: String(kept.candidateId), state: { vanished: false } });
    await afterHold();
    expect(isInvited(email)).toBe(true);
    // A later webhook that names only the person that was kept reaches the application that came over.
    const before = (await rowOf(applicationId))?.hinted ?? 0;
    greenhouse.tag({ candidateId: kept.candidateId, tag: 'Later' });
    await server().settle();
    expect((await rowOf(applicationId))?.hinted).toBeGreaterThan(before);
  });

  test('who is deleted gets none, and what we know stays', async () => {
    const { greenhouse } = server().world;
    const { email, candidateId, applicationId } = await invite();
    greenhouse.deleteCandidate({ candidateId });
    await afterHold();
    expect(isInvited(email)).toBe(false);
    expect(await rowOf(applicationId)).toMatchObject({ state: { vanished: true }, snapshot: { emails: [email] } });
  });
});
