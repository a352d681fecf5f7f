import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { applications, decisions, invitations, stageEntries } from '../../server/storage/schema.ts';
import { useTestServer } from '../support/test-server.ts';

/** Of somebody who has just applied an ATS may not tell yet when they came into the stage, and tell it a moment later. */
const server = useTestServer({ world: { lever: { rateLimit: null }, greenhouse: { rateLimit: 5000 } } });

const storyOf = async (applicationId: string) => {
  const { db } = server().server.services;
  const [row] = await db.select().from(applications).where(eq(applications.applicationId, applicationId));
  const key = row?.key ?? '';
  const decided = await db.select().from(decisions).where(eq(decisions.applicationKey, key));
  return {
    entries: (await db.select().from(stageEntries).where(eq(stageEntries.applicationKey, key))).length,
    entered: decided.filter(({ event }) => event === 'stage.entered').length,
    invitations: (await db.select().from(invitations).where(eq(invitations.applicationKey, key))).map(({ state }) => state),
    currentKey: row?.snapshot?.stageEntries.at(-1)?.key,
    boundTo: (await db.select().from(invitations).where(eq(invitations.applicationKey, key)))[0]?.stageEntryKey,
  };
};
const ONCE = { entries: 1, entered: 1, invitations: ['sent'] };

describe('one landing, told twice at two times, is one entry', () => {
  test('Lever: no stage changes at first, and then one some seconds after the creation', async () => {
    const { lever, seeds } = server().world;
    const contactId = lever.play.createContact({ name: 'Ada Moreno', emails: [`${randomUUID()}@mail.example`] }).id;
    lever.direct.configure({ deliver: 'hold' });
    const { stages, postings } = seeds.lever;
    const more = { postingId: postings.backend, stageId: stages.assessment, tags: ['Senior SWE'] };
    const { id } = lever.play.createOpportunity({ contactId, ...more });
    const opportunity = lever.account.opportunities.get(id);
    if (!opportunity) throw new Error('nobody applied');
    const [told] = opportunity.stageChanges.splice(0);
    await lever.direct.releaseHeld();
    lever.direct.configure({ deliver: 'deliver' });
    await server().settle();
    expect(await storyOf(id)).toMatchObject(ONCE);
    if (told) opportunity.stageChanges.push({ ...told, updatedAt: told.updatedAt + 4000 });
    const delivery = lever.deliveries().findLast(({ event }) => event === 'applicationCreated');
    lever.direct.configure({ retryReusesToken: false });
    await lever.direct.rerun({ deliveryId: delivery?.id ?? '' });
    await server().settle();
    const story = await storyOf(id);
    expect(story).toMatchObject(ONCE);
    expect(story.currentKey).toBe(story.boundTo);
  });

  test('Greenhouse: the row of the stage has no time at first, and then one some seconds after the application', async () => {
    const { greenhouse, seeds } = server().world;
    const { jobs, stages } = seeds.greenhouse;
    const email = `${randomUUID()}@mail.example`;
    const { id: candidateId } = greenhouse.createCandidate({ firstName: 'Ada', lastName: 'Moreno', email, tags: ['Senior SWE'] });
    greenhouse.change({ webhooks: 'hold' });
    const { id } = greenhouse.createApplication({ candidateId, jobId: jobs.backend, stageId: stages.backend.Assessment });
    const [row] = greenhouse.world.stageRows.list((one) => one.applicationId === id && one.current);
    if (!row?.enteredAt) throw new Error('nobody applied');
    const { enteredAt } = row;
    greenhouse.world.stageRows.change(row, { enteredAt: null });
    greenhouse.change({ webhooks: 'deliver' });
    await greenhouse.releaseHeld();
    await server().settle();
    expect(await storyOf(String(id))).toMatchObject(ONCE);
    greenhouse.world.stageRows.change(row, { enteredAt: new Date(Date.parse(enteredAt) + 4000).toISOString() });
    greenhouse.tag({ candidateId, tag: 'Later' });
    await server().settle();
    const story = await storyOf(String(id));
    expect(story).toMatchObject(ONCE);
    expect(story.currentKey).toBe(story.boundTo);
  });
});
