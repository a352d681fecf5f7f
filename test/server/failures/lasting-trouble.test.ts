import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { failureWords } from '../../../server/failures/failure-words.ts';
import { listFailures } from '../../../server/failures/list-failures.ts';
import { discardFailure, retryFailure } from '../../../server/failures/retry-failure.ts';
import { reasonWords } from '../../../server/http/reason-words.ts';
import { wakeDue } from '../../../server/jobs/timers.ts';
import type { CallFailure } from '../../../server/outbound/outcome.ts';
import { failureKeys, noteFailure } from '../../../server/storage/failures.repository.ts';
import { applications, failures } from '../../../server/storage/schema.ts';
import { UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();
const NONSENSE = { ok: false, kind: 'unreadable', detail: 'two current stages' } as const;
const LIMITED = { ok: false, kind: 'rate-limited', retryAfterMs: 60_000, detail: '' } as const;

/** What the background does when the next reading is due; each one fails. */
async function failReadings(p: Pipeline, key: string, failure: { ok: false } & CallFailure, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    p.ats.fail('readSnapshot', failure);
    await readWhenDue(p, key);
  }
}

async function readWhenDue(p: Pipeline, key: string): Promise<void> {
  p.pass(121);
  await wakeDue(p.parts);
  await p.lane(key);
}

/** As if so many readings had failed already. */
const after = (p: Pipeline, key: string, readTrouble: string) =>
  p.db.update(applications).set({ readTrouble }).where(eq(applications.key, key));
const states = async (p: Pipeline) => (await p.db.select().from(failures)).map(({ state, times }) => `${state} ${times}`);
const member = { id: randomUUID(), name: 'Rosa', role: 'admin' } as const;
const only = async (p: Pipeline) => (await p.db.select().from(failures))[0] ?? expect.fail('nothing failed');

async function unreadable(p: Pipeline): Promise<string> {
  const key = await p.apply();
  await p.look(key);
  await p.hint(key);
  p.ats.fail('readSnapshot', NONSENSE);
  await p.lane(key);
  return key;
}

test('an application that cannot be read for long stands on the failures list, once, and leaves it when it can be read', async () => {
  const p = pipeline.current();
  const key = await unreadable(p);
  await after(p, key, 'unreadable 58 58');
  await failReadings(p, key, NONSENSE, 1);
  expect(await states(p)).toEqual([]);
  await failReadings(p, key, NONSENSE, 3);
  expect(await states(p)).toEqual(['open 1']);
  const { rows } = await listFailures(p.db, { state: 'open', kind: undefined, before: undefined, limit: 5 }, reasonWords);
  expect(rows.map((row) => failureWords(row).text)).toEqual([expect.stringContaining('made no sense')]);
  // Not being answered at all says nothing of what it would say.
  await failReadings(p, key, LIMITED, 1);
  expect(await states(p)).toEqual(['open 1']);
  await readWhenDue(p, key);
  expect(await states(p)).toEqual(['settled 1']);
});

test('tried again in vain it waits for somebody again; discarded it stays so', async () => {
  const p = pipeline.current();
  const key = await unreadable(p);
  await after(p, key, 'unreadable 59 59');
  await failReadings(p, key, NONSENSE, 1);
  await retryFailure(p.parts, { failure: await only(p), member, checked: false });
  expect(await states(p)).toEqual(['retried 1']);
  await failReadings(p, key, NONSENSE, 1);
  expect(await states(p)).toEqual(['open 1']);
  await discardFailure(p.parts, { failure: await only(p), member, comment: 'known' });
  await failReadings(p, key, NONSENSE, 2);
  expect(await states(p)).toEqual(['discarded 1']);
});

test('an ATS that cannot be reached, however long, is no failure of an application', async () => {
  const p = pipeline.current();
  const key = await unreadable(p);
  await after(p, key, 'unreachable 70');
  await failReadings(p, key, UNREACHABLE, 3);
  expect((await p.row(key))?.readTrouble).toBe('unreachable 73');
  expect(await states(p)).toEqual([]);
});

test('only what made no sense counts, with nothing else in between', async () => {
  const p = pipeline.current();
  const key = await unreadable(p);
  await after(p, key, 'unreachable 59');
  await failReadings(p, key, NONSENSE, 2);
  expect(await states(p)).toEqual([]);
  expect((await p.row(key))?.readTrouble).toBe('unreadable 61 2');
  await after(p, key, 'unreadable 118 59');
  await failReadings(p, key, NONSENSE, 1);
  expect(await states(p)).toEqual(['open 1']);
});

test('what stands there is noted no second time, however the answers change, and what was discarded stays so until it is read', async () => {
  const p = pipeline.current();
  const key = await unreadable(p);
  await after(p, key, 'unreadable 69 69');
  /** The ATS cannot be reached for a moment, then its answers make no sense for another hour. */
  const flip = async () => {
    await failReadings(p, key, UNREACHABLE, 1);
    await failReadings(p, key, NONSENSE, 1);
    await after(p, key, 'unreadable 131 59');
    await failReadings(p, key, NONSENSE, 1);
  };
  await failReadings(p, key, NONSENSE, 1);
  await flip();
  expect(await states(p)).toEqual(['open 1']);
  await discardFailure(p.parts, { failure: await only(p), member, comment: 'known' });
  await flip();
  expect(await only(p)).toMatchObject({ state: 'discarded', times: 1, closedBy: member.id, comment: 'known' });
  // Now it is read.
  p.pass(1);
  await p.change(key, (snapshot) => ({ ...snapshot, readAt: p.services.clock.now().toISOString() }));
  await readWhenDue(p, key);
  expect(await only(p)).toMatchObject({ state: 'discarded', comment: 'known' });
  await p.hint(key);
  await failReadings(p, key, NONSENSE, 1);
  await after(p, key, 'unreadable 59 59');
  await failReadings(p, key, NONSENSE, 1);
  expect(await states(p)).toEqual(['open 2']);
});

test('whoever tried it again hears at the next answer that makes no sense that it is no better', async () => {
  const p = pipeline.current();
  const key = await unreadable(p);
  await after(p, key, 'unreadable 59 59');
  await failReadings(p, key, NONSENSE, 1);
  await retryFailure(p.parts, { failure: await only(p), member, checked: false });
  await failReadings(p, key, UNREACHABLE, 1);
  expect(await states(p)).toEqual(['retried 1']);
  await failReadings(p, key, NONSENSE, 1);
  expect(await states(p)).toEqual(['open 1']);
});

test('a discarded fault of our own does not hide that the ATS makes no sense', async () => {
  const p = pipeline.current();
  const key = await unreadable(p);
  const reason = { code: 'lane-failed', values: { fault: 'TypeError' } };
  await noteFailure(p.db, p.services, { key: failureKeys.job('lane', key), kind: 'job', applicationKey: key, reason });
  await discardFailure(p.parts, { failure: await only(p), member, comment: 'known' });
  await after(p, key, 'unreadable 59 59');
  await failReadings(p, key, NONSENSE, 1);
  expect(await only(p)).toMatchObject({ state: 'open', reason: { code: 'lane-unreadable' } });
});
