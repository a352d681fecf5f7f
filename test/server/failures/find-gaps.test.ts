import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { describe, expect, test, vi } from 'vitest';
import type { Snapshot } from '../../../lib/domain/application.ts';
import { findGaps } from '../../../server/failures/find-gaps.ts';
import { sweep } from '../../../server/jobs/sweep.ts';
import { RESTORED } from '../../../server/storage/restored-at.ts';
import { deliveries, effects, failures, settings, stageEntries, webhookEndpoints } from '../../../server/storage/schema.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { makeEntry, STAGES } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();
const list = (p: Pipeline) => p.db.select().from(failures);

async function setUpWebhook(p: Pipeline, secondsAgo = 3600): Promise<void> {
  const addedAt = new Date(p.now.getTime() - secondsAgo * 1000).toISOString();
  await p.db.insert(webhookEndpoints).values({
    id: p.endpointId,
    connectionId: p.atsConnectionId,
    event: 'candidateStageChange',
    token: randomUUID(),
    secrets: [{ id: 's1', sealed: '', lastFour: 'abcd', addedAt }],
  });
}

/** So long after a crossing was decided the ATS has tried for the last time to deliver its webhook. */
const TRIED_FOR_S = 16 * 3600;

const sweepOnce = (p: Pipeline) => sweep(p.parts, p.atsConnectionId);

/** Several people enter the stage, of those in `told` a webhook told, and the next look finds all of them. */
async function cross(p: Pipeline, people: number, told: number): Promise<void> {
  await sweepOnce(p);
  p.pass(300);
  const keys: string[] = [];
  for (let index = 0; index < people; index += 1) {
    const applicationId = `opportunity-${p.now.getTime()}-${index}`;
    const key = await p.apply({ applicationId });
    await p.enter(key, 'review');
    p.pass(1);
    await p.enter(key, 'test');
    if (index < told) await p.deliver([{ applicationId, event: 'candidateStageChange' }]);
    p.ats.changed.push(applicationId);
    keys.push(key);
  }
  p.pass(300);
  await sweepOnce(p);
  for (const key of keys) await p.lane(key);
}

/** Somebody who stood in a stage before, and of whom nothing has been told. */
async function standing(p: Pipeline, changes: Partial<Snapshot> = {}): Promise<string> {
  await setUpWebhook(p);
  await sweepOnce(p);
  p.pass(300);
  const key = await p.apply({ applicationId: 'opportunity-1', ...changes });
  await p.enter(key, 'review');
  await p.look(key);
  p.pass(3600);
  await sweepOnce(p);
  return key;
}

/** Every ten minutes, as the timer would, and less often once hours have passed. */
async function sweepFor(p: Pipeline, seconds: number): Promise<void> {
  let left = seconds;
  while (left >= 600) {
    const step = seconds - left < 3600 ? 600 : Math.min(left, 3600);
    p.pass(step);
    left -= step;
    await sweepOnce(p);
  }
  p.pass(left);
}

const tell = (p: Pipeline) => p.deliver([{ applicationId: 'opportunity-1', event: 'candidateStageChange' }]);

test('crossings that no webhook told are one line for a connection and a day, however many', async () => {
  const p = given();
  await setUpWebhook(p);
  await cross(p, 5, 2);
  expect(await list(p)).toEqual([]);
  const day = p.now.toISOString().slice(0, 10);
  p.pass(600);
  await sweepOnce(p);
  const line = { key: `gap:${p.atsConnectionId}:${day}`, kind: 'gap', connectionId: p.atsConnectionId, state: 'open' };
  expect(await list(p)).toMatchObject([{ ...line, times: 3 }]);
  p.pass(600);
  await sweepOnce(p);
  expect(await list(p)).toMatchObject([{ ...line, times: 3 }]);
  await cross(p, 2, 0);
  p.pass(600);
  await sweepOnce(p);
  expect(await list(p)).toMatchObject([{ ...line, times: 5 }]);
  await sweepFor(p, 3 * TRIED_FOR_S);
  expect(await list(p)).toMatchObject([{ ...line, times: 5 }]);
});

test('one that was put aside by an admin opens again for more of them only, and what is told late leaves the others', async () => {
  const p = given();
  const key = await standing(p);
  const other = await p.apply({ applicationId: 'opportunity-2' });
  await p.enter(other, 'review');
  await p.look(other);
  p.pass(60);
  for (const one of [key, other]) {
    await p.enter(one, 'test');
    await p.look(one);
  }
  p.pass(600);
  await sweepOnce(p);
  expect(await list(p)).toMatchObject([{ times: 2, state: 'open' }]);
  await p.db.update(failures).set({ state: 'discarded', closedAt: p.now });
  await tell(p);
  p.pass(600);
  await sweepOnce(p);
  expect(await list(p)).toMatchObject([{ times: 1, state: 'discarded' }]);
  await p.enter(key, 'onsite');
  await p.look(key);
  p.pass(600);
  await sweepOnce(p);
  expect(await list(p)).toMatchObject([{ times: 2, state: 'open' }]);
});

test('where all was told, and where no webhook is set up, there is none', async () => {
  const p = given();
  await cross(p, 3, 0);
  p.pass(TRIED_FOR_S);
  await sweepOnce(p);
  await setUpWebhook(p);
  await cross(p, 3, 3);
  p.pass(TRIED_FOR_S);
  await sweepOnce(p);
  expect(await list(p)).toEqual([]);
});

test.each([
  ['16 minutes', 16 * 60],
  ['15 hours and 16 minutes, and 13 minutes of chance', 15 * 3600 + 29 * 60],
])('a crossing while we were down, of which the ATS tells in a retry %s later, goes from the list', async (_after, seconds) => {
  const p = given();
  const key = await standing(p);
  await p.enter(key, 'test');
  p.pass(270);
  await p.look(key);
  await sweepFor(p, seconds - 270);
  expect(await list(p)).toMatchObject([{ times: 1, state: 'open' }]);
  await tell(p);
  await sweepFor(p, 600);
  expect(await list(p)).toMatchObject([{ times: 0, state: 'settled' }]);
  await sweepFor(p, 2 * TRIED_FOR_S);
  expect(await list(p)).toMatchObject([{ times: 0, state: 'settled' }]);
});

test('a crossing that is told when the ATS cannot have tried any more stays', async () => {
  const p = given();
  const key = await standing(p);
  await p.enter(key, 'test');
  await p.look(key);
  await sweepFor(p, TRIED_FOR_S + 1200);
  await tell(p);
  await sweepFor(p, 1200);
  expect(await list(p)).toMatchObject([{ times: 1, state: 'open' }]);
});

test('a webhook of the next move tells nothing of the lost one before it', async () => {
  const p = given();
  const key = await standing(p);
  await p.enter(key, 'test');
  p.pass(420);
  await p.look(key);
  p.pass(360);
  await p.enter(key, 'onsite');
  await tell(p);
  await p.look(key);
  await sweepFor(p, TRIED_FOR_S + 1200);
  expect(await list(p)).toMatchObject([{ times: 1, state: 'open' }]);
});

test('nor does what else is told of them, nor a move in another of their applications', async () => {
  const p = given();
  const key = await standing(p, { candidateId: 'candidate-1' });
  await p.enter(key, 'test');
  p.pass(420);
  await p.look(key);
  await p.deliver([{ applicationId: 'opportunity-2', candidateId: 'candidate-1', event: 'candidateStageChange' }]);
  const archived = await tell(p);
  await p.db.update(deliveries).set({ event: 'candidateArchiveChange' }).where(eq(deliveries.id, archived));
  await sweepFor(p, TRIED_FOR_S + 1200);
  expect(await list(p)).toMatchObject([{ times: 1 }]);
});

describe.each([
  ['ahead of', 20],
  ['behind', -20],
])("where the ATS's clock is %s ours", (_where, minutes) => {
  const clockAheadMs = minutes * 60_000;
  /** The history is told by the ATS's clock. */
  const enter = (p: Pipeline, key: string, stage: 'review' | 'test' | 'onsite') =>
    p.change(key, (snapshot) => ({
      ...snapshot,
      clockAheadMs,
      stage: { id: stage, name: STAGES[stage] },
      stageEntries: [...snapshot.stageEntries, makeEntry(stage, new Date(p.now.getTime() + clockAheadMs))],
    }));

  test('what was told at once is no gap, and what was lost is one', async () => {
    const p = given();
    const key = await standing(p, { clockAheadMs });
    await enter(p, key, 'test');
    await tell(p);
    await p.look(key);
    p.pass(600);
    await sweepFor(p, TRIED_FOR_S + 600);
    expect(await list(p)).toEqual([]);
    await enter(p, key, 'onsite');
    await p.look(key);
    await sweepFor(p, TRIED_FOR_S + 600);
    expect(await list(p)).toMatchObject([{ times: 1 }]);
  });

  test('what was told just before is not taken for the next move', async () => {
    const p = given();
    const key = await standing(p, { clockAheadMs });
    await enter(p, key, 'test');
    await tell(p);
    p.pass(900);
    await enter(p, key, 'onsite');
    await p.look(key);
    await sweepFor(p, TRIED_FOR_S + 600);
    expect(await list(p)).toMatchObject([{ times: 1 }]);
  });

  test('who moved before the webhook was set up is none', async () => {
    const p = given();
    await sweepOnce(p);
    const key = await p.apply({ applicationId: 'opportunity-1', clockAheadMs });
    await p.enter(key, 'review');
    p.pass(7200);
    await enter(p, key, 'test');
    p.pass(600);
    await setUpWebhook(p, 0);
    await sweepOnce(p);
    await p.look(key);
    p.pass(600);
    await enter(p, key, 'onsite');
    await p.look(key);
    await sweepFor(p, TRIED_FOR_S + 600);
    expect(await list(p)).toMatchObject([{ times: 1 }]);
  });
});

test('two looks at once count once', async () => {
  const p = given();
  await setUpWebhook(p);
  await cross(p, 2, 0);
  p.pass(TRIED_FOR_S);
  const holder = await p.pool.connect();
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  let looks: Promise<number>[] = [];
  try {
    // Both have looked before either can count.
    await holder.query('begin');
    await holder.query('select 1 from tagalong.connections where id = $1 for update', [p.atsConnectionId]);
    looks = [1, 2].map(() => findGaps(p.services, p.atsConnectionId));
    await vi.waitFor(async () => expect((await p.pool.query(waiting)).rows).toHaveLength(2), { timeout: 10_000, interval: 10 });
  } finally {
    await holder.query('rollback');
    holder.release();
  }
  expect((await Promise.all(looks)).toSorted()).toEqual([0, 2]);
  expect(await list(p)).toMatchObject([{ times: 2 }]);
});

test('a clock that was wrong by days and is set right again stops nothing', async () => {
  const p = given();
  await setUpWebhook(p);
  p.pass(30 * 86_400);
  await sweepOnce(p);
  p.pass(TRIED_FOR_S);
  await sweepOnce(p);
  p.pass(-30 * 86_400);
  await cross(p, 2, 0);
  p.pass(TRIED_FOR_S);
  await sweepOnce(p);
  expect(await list(p)).toMatchObject([{ times: 2 }]);
});

test('what webhooks told between a backup and its restore nobody here knows: it is none', async () => {
  const p = given();
  await setUpWebhook(p);
  await cross(p, 3, 0);
  await p.db.insert(settings).values({ key: RESTORED, value: { at: p.now.toISOString() }, updatedAt: p.now });
  await cross(p, 1, 0);
  p.pass(TRIED_FOR_S);
  await sweepOnce(p);
  expect(await list(p)).toMatchObject([{ times: 1 }]);
});

test('our own move is no gap', async () => {
  const p = given();
  await setUpWebhook(p);
  await sweep(p.parts, p.atsConnectionId);
  p.pass(300);
  const key = await p.apply({ applicationId: 'opportunity-1' });
  await p.enter(key, 'review');
  p.pass(60);
  const effect = { kind: 'move-to-stage', key: 'move:1', fromStageId: 'review', toStageId: 'test', toStageName: 'Test' } as const;
  await p.db.insert(effects).values({
    ...{ id: randomUUID(), key: effect.key, kind: effect.kind, applicationKey: key, state: 'done' },
    ...{ effect: { ...effect, invitationId: null }, createdAt: p.now, startedAt: p.now, finishedAt: p.now },
  });
  await p.enter(key, 'test');
  p.pass(300);
  await p.look(key);
  expect(await p.db.$count(stageEntries)).toBeGreaterThan(0);
  p.pass(TRIED_FOR_S);
  await sweep(p.parts, p.atsConnectionId);
  expect(await list(p)).toEqual([]);
});

test('of the webhooks since an old crossing only those about whom it concerns are read', async () => {
  const p = given();
  await setUpWebhook(p);
  await sweep(p.parts, p.atsConnectionId);
  p.pass(300);
  const told = await p.apply({ applicationId: 'told' });
  const untold = await p.apply({ applicationId: 'untold', candidateId: 'candidate-2' });
  for (const key of [told, untold]) await p.enter(key, 'review');
  p.pass(60);
  await p.enter(untold, 'test');
  await p.deliver([{ applicationId: 'another', candidateId: 'candidate-1' }]);
  p.pass(3600);
  await p.enter(told, 'test');
  // Of the person alone, and a word about one of their applications that is older than the crossing beside it.
  await p.deliver([{ applicationId: 'somebody-else' }, { candidateId: 'candidate-1' }]);
  for (let index = 0; index < 50; index += 1) await p.deliver([{ applicationId: `other-${index}`, candidateId: `c-${index}` }]);
  p.pass(150 * 86_400);
  for (const key of [told, untold]) await p.look(key);
  p.pass(TRIED_FOR_S);
  const query = vi.spyOn(p.database.pool, 'query');
  await findGaps(p.services, p.atsConnectionId);
  const answers = await Promise.all(query.mock.results.map(({ value }) => value as Promise<{ rowCount: number | null }>));
  query.mockRestore();
  expect(answers.length).toBeGreaterThan(0);
  expect(Math.max(...answers.map(({ rowCount }) => rowCount ?? 0))).toBeLessThan(10);
  expect(await list(p)).toMatchObject([{ times: 1 }]);
});
