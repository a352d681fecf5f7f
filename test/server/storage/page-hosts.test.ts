import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectionSettingsSchema } from '../../../lib/contract/settings.ts';
import type { Snapshot } from '../../../lib/domain/application.ts';
import { lacksPageHost, learnPageHost, profileUrls } from '../../../server/storage/page-hosts.repository.ts';
import { connections } from '../../../server/storage/schema.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const START = new Date('2026-11-21T12:00:00Z');
const hoursLater = (hours: number) => new Date(START.getTime() + hours * 3_600_000);

async function connect(companyHosts: string[] = []): Promise<string> {
  const id = randomUUID();
  const settings = connectionSettingsSchema.parse({ kind: 'greenhouse', companyHosts });
  const at = { automaticSince: START, createdAt: START, updatedAt: START };
  await database.db
    .insert(connections)
    .values({ id, kind: 'greenhouse', side: 'ats', name: 'G', enabled: true, settings, secrets: {}, ...at });
  return id;
}

const snapshot = (connectionId: string, [candidateId, applicationId] = ['1', '2']): Snapshot => ({
  ats: 'greenhouse',
  connectionId,
  applicationId,
  candidateId,
  name: null,
  emails: [],
  canEmail: null,
  tags: [],
  job: null,
  stage: null,
  stageEntries: [],
  status: 'active',
  disposition: null,
  confidential: false,
  anonymised: false,
  profileUrl: `https://app.greenhouse.io/people/${candidateId}?application_id=${applicationId}`,
  readAt: START.toISOString(),
});
const hostOf = async (connectionId: string, ids?: [string, string]) => {
  const [url] = await profileUrls(database.db, [snapshot(connectionId, ids)]);
  return new URL(url ?? '').hostname;
};
const learn = (connectionId: string, host: string, from: 'page' | 'webhook', now = START) =>
  learnPageHost(database.db, { connectionId, host, from, now });

test('a page that was used counts for more than a webhook, and is not changed again by every reader', async () => {
  const id = await connect();
  expect(await lacksPageHost(database.db, id)).toBe(true);
  expect(await hostOf(id)).toBe('app.greenhouse.io');
  await learn(id, 'app3.greenhouse.io', 'webhook');
  expect(await lacksPageHost(database.db, id)).toBe(false);
  expect(await hostOf(id)).toBe('app3.greenhouse.io');
  await learn(id, 'app2.greenhouse.io', 'page');
  await learn(id, 'app4.greenhouse.io', 'webhook', hoursLater(48));
  expect(await hostOf(id)).toBe('app2.greenhouse.io');
  await learn(id, 'acme.greenhouse.io', 'page', hoursLater(23));
  expect(await hostOf(id)).toBe('app2.greenhouse.io');
  await learn(id, 'acme.greenhouse.io', 'page', hoursLater(25));
  expect(await hostOf(id)).toBe('acme.greenhouse.io');
});

test('what is no host of Greenhouse is never learned', async () => {
  const id = await connect();
  for (const host of ['evil.example', 'boards.greenhouse.io', 'hire.lever.co', 'app.greenhouse.io.evil.example'])
    await learn(id, host, 'page');
  expect(await lacksPageHost(database.db, id)).toBe(true);
});

test("the admin's word comes first, the ids' last", async () => {
  const silo: [string, string] = ['259096501002', '273686618002'];
  const id = await connect();
  expect(await hostOf(id, silo)).toBe('app2.greenhouse.io');
  await learn(id, 'app5.greenhouse.io', 'webhook');
  expect(await hostOf(id, silo)).toBe('app5.greenhouse.io');
  const named = await connect(['acme.greenhouse.io', 'acme-eu.greenhouse.io']);
  await learn(named, 'app5.greenhouse.io', 'page');
  expect(await hostOf(named, silo)).toBe('acme.greenhouse.io');
});

test('what Lever names itself, and what is not known, stays as it is', async () => {
  const id = await connect(['acme.greenhouse.io']);
  const lever: Snapshot = { ...snapshot(id), ats: 'lever', profileUrl: 'https://hire.eu.lever.co/candidates/1' };
  const hidden: Snapshot = { ...snapshot(id), profileUrl: null };
  const urls = ['https://hire.eu.lever.co/candidates/1', null, null, 'https://acme.greenhouse.io/people/1?application_id=2'];
  expect(await profileUrls(database.db, [lever, hidden, null, snapshot(id)])).toEqual(urls);
  expect(await profileUrls(database.db, [])).toEqual([]);
});
