import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { ERASE_WORD, erasedSchema, erasePreviewSchema, erasureSchema, erasuresSchema } from '../../lib/contract/erasure.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { accommodations, applications, audit } from '../../server/storage/schema.ts';
import { leverPage, type Recruiter, useTestServer } from '../support/test-server.ts';

const server = useTestServer({
  world: { lever: { rateLimit: null } },
  setUp: { rules: { holdSeconds: 0, automaticHoldSeconds: 0 } },
});
let ben: Recruiter;
let vera: Recruiter;
beforeAll(async () => {
  ben = await server().join('Ben');
  vera = await server().join('Vera', 'viewer');
});

const arrive = async () => {
  const { lever, seeds } = server().world;
  const contactId = lever.play.createContact({ name: 'Ada Moreno', emails: [`${randomUUID()}@mail.example`] }).id;
  const { stages, postings } = seeds.lever;
  const more = { stageId: stages.assessment, postingId: postings.backend, tags: ['Senior SWE'] };
  const { id: opportunityId } = lever.play.createOpportunity({ contactId, ...more });
  const page = leverPage(opportunityId);
  await server().until(async () => expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent' }]));
  return { opportunityId, contactId, page, view: await ben.open(page) };
};
const bodyFor = (url: string, more: object = {}) => ({
  connectionId: server().company.connections.lever.id,
  candidate: { kind: 'page', url },
  ...more,
});
const post = async (token: string, body: object) =>
  server().fetch(PATHS.erasures, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const addressOf = (opportunityId: string) => `https://hire.lever.co/candidates/${opportunityId}`;

/** Events of the stream as they come; the server sends something at once when the line stands. */
async function listen({ token }: Recruiter, signal: AbortSignal): Promise<unknown[]> {
  const events: unknown[] = [];
  const answer = await server().fetch(PATHS.stream, { headers: { authorization: `Bearer ${token}` }, signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  await reader?.read();
  const readOn = async () => {
    for (;;) {
      const { done, value = '' } = (await reader?.read()) ?? { done: true };
      if (done) return;
      events.push(...[...value.matchAll(/data: (.*)/g)].map(([, data]) => JSON.parse(data ?? '')));
    }
  };
  readOn().catch(() => undefined);
  return events;
}

describe('erasing a candidate', () => {
  test('is an admin’s alone, and asks first', async () => {
    const { opportunityId, page } = await arrive();
    for (const { token } of [ben, vera]) {
      const answer = await post(token, bodyFor(addressOf(opportunityId), { confirmation: ERASE_WORD }));
      expect(answer.status).toBe(403);
    }
    const { api, token } = server().company;
    const preview = await api.call(erasePreviewSchema, 'POST', PATHS.erasures, bodyFor(addressOf(opportunityId)));
    expect(preview).toMatchObject({ candidateName: 'Ada Moreno', openInvitations: 1 });
    expect((await ben.open(page)).invitations).toMatchObject([{ state: 'sent' }]);
    const unsure = await post(token, bodyFor(addressOf(opportunityId), { confirmation: 'yes' }));
    expect(unsure.status).toBe(400);
    const unknown = await post(token, bodyFor(addressOf(randomUUID()), { confirmation: ERASE_WORD }));
    expect(unknown.status).toBe(404);
    expect(await unknown.text()).toContain('Tagalong keeps nothing about this candidate.');
    const nobody = await post(token, bodyFor('https://hire.lever.co/settings'));
    expect(nobody.status).toBe(400);
    expect(await nobody.text()).toContain('not the address of a candidate');
  });

  test('takes the invitation back, wipes rows and jobs, and tells browsers; all in a real process and its own time', async () => {
    const { opportunityId, page, view } = await arrive();
    const stop = new AbortController();
    const events = await listen(vera, stop.signal);
    const { api } = server().company;
    const begun = await api.call(
      erasureSchema,
      'POST',
      PATHS.erasures,
      bodyFor(addressOf(opportunityId), { confirmation: ERASE_WORD }),
    );
    expect(begun).toMatchObject({ askedBy: 'admin', finishedAt: null });
    // From this moment on, whatever still lies in the tables.
    expect(await ben.panel(page)).toMatchObject({ kind: 'unavailable', code: 'erased' });
    const late = { assessmentId: server().company.assessments.seniorSwe.id };
    expect(await ben.refusal(PATHS.commands.send, view, late)).toMatchObject({
      status: 404,
      message: expect.stringContaining('was erased here on'),
    });
    const done = await server().until(async () => {
      const erasure = await api.call(erasureSchema, 'GET', PATHS.erasure.replace('{id}', begun.id));
      expect(erasure.finishedAt).not.toBeNull();
      return erasure;
    });
    expect(done.outside.map(({ code }) => code)).toEqual(expect.arrayContaining(['vendor-cancelled', 'ats-notes', 'backups']));
    const { db } = server().server.services;
    expect((await db.select().from(applications)).map(({ key }) => key)).not.toContain(view.key);
    const jobs = await db.execute(sql`select id from pgboss.job where data::text like ${`%${view.key}%`}`);
    expect(jobs.rows).toEqual([]);
    const told = await server().fetch(PATHS.erased, { headers: { authorization: `Bearer ${vera.token}` } });
    expect(erasedSchema.parse(await told.json()).keys).toContain(view.key);
    const soon = new Date(server().clock.now().getTime() + 3_600_000).toISOString();
    const none = await server().fetch(`${PATHS.erased}?since=${soon}`, { headers: { authorization: `Bearer ${vera.token}` } });
    expect(erasedSchema.parse(await none.json()).keys).toEqual([]);
    await server().until(() => expect(events).toContainEqual({ type: 'erased', key: view.key }));
    stop.abort();
  });

  test('lets somebody apply anew: the new application comes in, the erased one stays out, and nobody erases twice', async () => {
    const { opportunityId, contactId, page } = await arrive();
    const { api } = server().company;
    const list = async () => (await api.call(erasuresSchema, 'GET', PATHS.erasures)).erasures;
    const confirmed = bodyFor(addressOf(opportunityId), { confirmation: ERASE_WORD });
    await api.call(erasureSchema, 'POST', PATHS.erasures, confirmed);
    await server().until(async () => expect((await list()).every(({ finishedAt }) => finishedAt !== null)).toBe(true));
    const before = (await list()).length;
    server().clock.advance(5);

    const { lever, seeds } = server().world;
    const { stages, postings } = seeds.lever;
    const more = { stageId: stages.assessment, postingId: postings.backend, tags: ['Senior SWE'] };
    const { id } = lever.play.createOpportunity({ contactId, ...more });
    await server().until(async () => expect((await ben.open(leverPage(id))).invitations).toMatchObject([{ state: 'sent' }]));
    lever.play.move({ opportunityId, stageId: stages.onsite });
    await server().settle();
    expect(await ben.panel(page)).toMatchObject({ kind: 'unavailable', code: 'erased' });
    const rows = await server().server.services.db.select().from(applications);
    expect(rows.filter(({ candidateId }) => candidateId === contactId).map(({ applicationId }) => applicationId)).toEqual([id]);
    expect(await list()).toHaveLength(before);
  });

  test('takes extra time that was set ahead for an address that the ATS has changed since', async () => {
    const { lever, seeds } = server().world;
    const address = () => `${randomUUID()}@mail.example`;
    const [old, other, fresh] = [address(), address(), address()];
    const contactId = lever.play.createContact({ name: 'Ada Moreno', emails: [old, other] }).id;
    const { stages, postings } = seeds.lever;
    const more = { stageId: stages.phoneScreen, postingId: postings.backend, tags: [] };
    const { id: opportunityId } = lever.play.createOpportunity({ contactId, ...more });
    const page = leverPage(opportunityId);
    const view = await ben.open(page);
    await ben.command(PATHS.commands.extraTime, view, { invitationId: null, percent: 25 });
    const { db } = server().server.services;
    const persons = async () => (await db.select().from(accommodations)).map(({ person }) => person);
    expect(await persons()).toEqual(expect.arrayContaining([old, other]));
    lever.play.changeContact({ contactId, emails: [fresh] });
    await server().until(async () => {
      await ben.open(page);
      const [row] = await db.select().from(applications).where(eq(applications.key, view.key));
      expect(row?.snapshot?.emails).toEqual([fresh]);
    });
    const { api } = server().company;
    const confirmed = bodyFor(addressOf(opportunityId), { confirmation: ERASE_WORD });
    const begun = await api.call(erasureSchema, 'POST', PATHS.erasures, confirmed);
    await server().until(async () => {
      const erasure = await api.call(erasureSchema, 'GET', PATHS.erasure.replace('{id}', begun.id));
      expect(erasure.finishedAt).not.toBeNull();
    });
    expect((await persons()).filter((person) => person === old || person === other)).toEqual([]);
  });

  test('by two admins at the same moment is one erasure, with one entry of the activity', async () => {
    const { opportunityId, view } = await arrive();
    const rosa = await server().join('Rosa', 'admin');
    const confirmed = bodyFor(addressOf(opportunityId), { confirmation: ERASE_WORD });
    const { api, token } = server().company;
    const before = (await api.call(erasuresSchema, 'GET', PATHS.erasures)).erasures.length;
    const answers = await Promise.all(Array.from({ length: 8 }, (_, number) => post(number % 2 ? token : rosa.token, confirmed)));
    const ids = new Set<string>();
    for (const answer of answers) {
      expect([202, 404]).toContain(answer.status);
      if (answer.status === 202) ids.add(erasureSchema.parse(await answer.json()).id);
    }
    expect(ids.size).toBe(1);
    await server().until(async () => {
      const { erasures } = await api.call(erasuresSchema, 'GET', PATHS.erasures);
      expect(erasures).toHaveLength(before + 1);
      expect(erasures[0]?.finishedAt).not.toBeNull();
    });
    const { db } = server().server.services;
    const entries = await db.select().from(audit).where(eq(audit.applicationKey, view.key));
    expect(entries.filter(({ action }) => action === 'candidate.erased')).toHaveLength(1);
  });
});
