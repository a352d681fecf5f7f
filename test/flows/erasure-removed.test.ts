import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { ERASE_WORD, erasePreviewSchema, erasureSchema, erasuresSchema } from '../../lib/contract/erasure.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { applications } from '../../server/storage/schema.ts';
import { leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer({
  world: { lever: { rateLimit: null } },
  setUp: { rules: { holdSeconds: 0, automaticHoldSeconds: 0 } },
});
let ben: Recruiter;
beforeAll(async () => {
  ben = await server().join('Ben');
});

const arrive = async (name: string) => {
  const { lever, seeds } = server().world;
  const contactId = lever.play.createContact({ name, emails: [`${randomUUID()}@mail.example`] }).id;
  const { stages, postings } = seeds.lever;
  const more = { stageId: stages.assessment, postingId: postings.backend, tags: ['Senior SWE'] };
  const { id: opportunityId } = lever.play.createOpportunity({ contactId, ...more });
  await server().until(async () =>
    expect((await ben.open(leverPage(opportunityId))).invitations).toMatchObject([{ state: 'sent' }]),
  );
  await server().settle();
  return opportunityId;
};
const remove = async (id: string) => {
  const answer = await server().fetch(PATHS.connection.replace('{id}', id), {
    method: 'DELETE',
    headers: { authorization: `Bearer ${server().company.token}` },
  });
  expect(answer.status).toBe(204);
};
const erase = async (opportunityId: string) => {
  const { api, connections } = server().company;
  const candidate = { kind: 'page', url: `https://hire.lever.co/candidates/${opportunityId}` };
  const body = { connectionId: connections.lever.id, candidate, confirmation: ERASE_WORD };
  return await api.call(erasureSchema, 'POST', PATHS.erasures, body);
};
const finished = (id: string) =>
  server().until(async () => {
    const erasure = await server().company.api.call(erasureSchema, 'GET', PATHS.erasure.replace('{id}', id));
    expect(erasure.finishedAt).not.toBeNull();
    return erasure;
  });
const removed = async () => (await server().company.api.call(erasuresSchema, 'GET', PATHS.erasures)).removedConnections;

test('who came through an ATS and a vendor that were removed since is erased within a minute, and the report says what is left to do', async () => {
  const [ada, bea] = [await arrive('Ada Moreno'), await arrive('Bea Ruiz')];
  const { api, connections } = server().company;
  expect(await removed()).toEqual([]);
  await remove(connections.lever.id);
  expect(await removed()).toMatchObject([{ id: connections.lever.id, kind: 'lever', name: connections.lever.name }]);
  const named = { connectionId: connections.lever.id, candidate: { kind: 'application', id: ada } };
  expect(await api.call(erasePreviewSchema, 'POST', PATHS.erasures, named)).toMatchObject({
    candidateName: 'Ada Moreno',
    openInvitations: 1,
  });

  // The vendor is still there.
  const first = await finished((await erase(ada)).id);
  expect(first.outside.map(({ code }) => code)).toEqual(expect.arrayContaining(['ats-notes', 'ats-removed', 'vendor-cancelled']));

  await remove(connections.coderbyte.id);
  const begun = await erase(bea);
  await server().settle();
  server().clock.advance(31);
  const second = await finished(begun.id);
  expect(Date.parse(second.finishedAt ?? '') - Date.parse(second.askedAt)).toBeLessThan(60_000);
  const codes = second.outside.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(['ats-notes', 'ats-removed', 'vendor-removed']));
  expect(codes).not.toContain('vendor-cancelled');
  const left = await server().server.services.db.select().from(applications);
  for (const { applicationId } of left) expect([ada, bea]).not.toContain(applicationId);
});
