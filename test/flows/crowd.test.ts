import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ApplicationView } from '../../lib/contract/panel.ts';
import { leverPage, useTestServer } from '../support/test-server.ts';

const server = useTestServer({ world: { lever: { rateLimit: null } } });
const CANDIDATES = 8;
/** Who opens a panel waits three seconds for our own allowance of Lever calls; a machine that stands still must not use them up. */
const OPENED_AT_ONCE = 2;

test('many recruiters at once: everybody is answered, and every candidate gets one invitation', async () => {
  const { world, company, clock, settle, join, log } = server();
  const { lever, seeds, journal } = world;
  const loggedBefore = log.length;
  const recruiters = await Promise.all(['Ada', 'Ben', 'Cleo'].map((name) => join(name)));
  const emails = Array.from({ length: CANDIDATES }, () => `${randomUUID()}@mail.example`);
  const pages = emails.map((email) => {
    const contactId = lever.play.createContact({ name: 'Somebody', emails: [email] }).id;
    const { phoneScreen: stageId } = seeds.lever.stages;
    return leverPage(
      lever.play.createOpportunity({ contactId, postingId: seeds.lever.postings.backend, stageId, tags: ['Senior SWE'] }).id,
    );
  });
  const shown: { by: (typeof recruiters)[number]; view: ApplicationView }[] = [];
  for (let first = 0; first < pages.length; first += OPENED_AT_ONCE) {
    const together = pages.slice(first, first + OPENED_AT_ONCE);
    shown.push(
      ...(await Promise.all(recruiters.flatMap((by) => together.map(async (page) => ({ by, view: await by.open(page) }))))),
    );
  }
  expect(new Set(shown.map(({ view }) => view.key)).size).toBe(CANDIDATES);
  const answers = await Promise.all(
    shown.map(({ by, view }) => by.send(view, { assessmentId: company.assessments.seniorSwe.id })),
  );
  expect(answers.filter(({ outcome }) => outcome === 'pending')).toEqual([]);
  expect(answers.filter(({ outcome }) => outcome === 'done')).toHaveLength(CANDIDATES);
  clock.advance(11);
  await settle();
  const invites = journal.list({ simulator: 'coderbyte', kind: 'api' }).filter(({ what }) => what.startsWith('POST'));
  // By address, because an earlier attempt at this test may have left others.
  expect(emails.map((email) => invites.filter(({ detail }) => JSON.stringify(detail).includes(email)).length)).toEqual(
    emails.map(() => 1),
  );
  expect(log.slice(loggedBefore).filter((line) => Number(line.level) >= 50)).toEqual([]);
});
