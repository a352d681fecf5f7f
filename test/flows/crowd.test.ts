import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { leverPage, useTestServer } from '../support/test-server.ts';

const server = useTestServer({ world: { lever: { rateLimit: null } } });

test('many recruiters at once: everybody is answered, and every candidate gets one invitation', async () => {
  const { world, clock, settle, join } = server();
  const { lever, seeds, journal } = world;
  const recruiters = await Promise.all(['Ada', 'Ben', 'Cleo'].map((name) => join(name)));
  const emails = Array.from({ length: 8 }, () => `${randomUUID()}@mail.example`);
  const pages = emails.map((email) => {
    const contactId = lever.play.createContact({ name: 'Somebody', emails: [email] }).id;
    const { phoneScreen: stageId } = seeds.lever.stages;
    return leverPage(
      lever.play.createOpportunity({ contactId, postingId: seeds.lever.postings.backend, stageId, tags: ['Senior SWE'] }).id,
    );
  });
  const views = await Promise.all(recruiters.flatMap((one) => pages.map((page) => one.open(page))));
  expect(new Set(views.map(({ key }) => key)).size).toBe(8);
  const answers = await Promise.all(
    recruiters.flatMap((one) =>
      pages.map(async (page) => one.send(await one.open(page), { assessmentId: server().company.assessments.seniorSwe.id })),
    ),
  );
  expect(answers.filter(({ outcome }) => outcome === 'pending')).toEqual([]);
  expect(answers.filter(({ outcome }) => outcome === 'done')).toHaveLength(8);
  clock.advance(11);
  await settle();
  const invites = journal.list({ simulator: 'coderbyte', kind: 'api' }).filter(({ what }) => what.startsWith('POST'));
  expect(invites).toHaveLength(8);
  expect(server().log.filter((line) => Number(line.level) >= 50)).toEqual([]);
});
