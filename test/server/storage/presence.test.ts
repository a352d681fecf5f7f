import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { takeLease } from '../../../server/storage/lease.ts';
import { showPresence, takeFirstCode } from '../../../server/storage/presence.ts';
import { Pipeline } from '../../support/pipeline.ts';
import { SOON } from '../../support/soon.ts';

let p: Pipeline;
beforeAll(async () => {
  p = await Pipeline.create();
});
afterAll(() => p.drop());

async function openSession(): Promise<Client> {
  const session = new Client(p.database.address);
  await session.connect();
  return session;
}
const take = (key: string, holder: string | null) => takeLease(p.db, key, { token: randomUUID(), holder }, p.now);

test('a lane belongs to a process for as long as that shows its presence, and to the next at once after its end', async () => {
  const key = await p.apply();
  const [ours, theirs] = [randomUUID(), randomUUID()];
  const session = await openSession();
  await showPresence(session, ours);
  expect(await take(key, ours)).toBe(true);
  expect(await take(key, theirs)).toBe(false);
  await session.end();
  await vi.waitFor(async () => expect(await take(key, theirs)).toBe(true), SOON);
});

test('a process that has two sessions for a moment is there until the last one ends', async () => {
  const key = await p.apply();
  const ours = randomUUID();
  const [before, after] = [await openSession(), await openSession()];
  for (const session of [before, after]) await showPresence(session, ours);
  expect(await take(key, ours)).toBe(true);
  await before.end();
  expect(await take(key, randomUUID())).toBe(false);
  await after.end();
  await vi.waitFor(async () => expect(await take(key, randomUUID())).toBe(true), SOON);
});

test('a lane whose holder shows no presence at all is taken only when its lease has run out', async () => {
  const key = await p.apply();
  expect(await take(key, null)).toBe(true);
  expect(await take(key, null)).toBe(false);
});

test('one session prints the first code, and the next one after it has ended', async () => {
  const [first, second] = [await openSession(), await openSession()];
  expect([await takeFirstCode(first), await takeFirstCode(second)]).toEqual([true, false]);
  await first.end();
  await vi.waitFor(async () => expect(await takeFirstCode(second)).toBe(true), SOON);
  await second.end();
});
