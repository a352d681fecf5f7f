import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { findGaps } from '../../../server/failures/find-gaps.ts';
import { sweep } from '../../../server/jobs/sweep.ts';
import { effects, failures, stageEntries, webhookEndpoints } from '../../../server/storage/schema.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();
const list = (p: Pipeline) => p.db.select().from(failures);

async function setUpWebhook(p: Pipeline): Promise<void> {
  const addedAt = new Date(p.now.getTime() - 3600_000).toISOString();
  await p.db.insert(webhookEndpoints).values({
    id: p.endpointId,
    connectionId: p.atsConnectionId,
    event: 'candidateStageChange',
    token: randomUUID(),
    secrets: [{ id: 's1', sealed: '', lastFour: 'abcd', addedAt }],
  });
}

/** Several people enter the stage; of those in `told` a webhook told. Then two sweeps. */
async function crossAndSweep(p: Pipeline, people: number, told: number): Promise<void> {
  await sweep(p.parts, p.atsConnectionId);
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
  await sweep(p.parts, p.atsConnectionId);
  for (const key of keys) await p.lane(key);
  p.pass(600);
  await sweep(p.parts, p.atsConnectionId);
}

test('crossings that no webhook told are one line for a connection and a day, however many', async () => {
  const p = given();
  await setUpWebhook(p);
  await crossAndSweep(p, 5, 2);
  expect(await list(p)).toMatchObject([
    { key: `gap:${p.atsConnectionId}:2026-03-02`, kind: 'gap', connectionId: p.atsConnectionId, times: 3, state: 'open' },
  ]);
  p.pass(600);
  await sweep(p.parts, p.atsConnectionId);
  expect(await list(p)).toMatchObject([{ times: 3 }]);
  await crossAndSweep(p, 2, 0);
  expect(await list(p)).toMatchObject([{ times: 5 }]);
});

test('where all was told, and where no webhook is set up, there is none', async () => {
  const p = given();
  await crossAndSweep(p, 3, 0);
  await setUpWebhook(p);
  await crossAndSweep(p, 3, 3);
  expect(await list(p)).toEqual([]);
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
  p.pass(600);
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
  p.pass(600);
  const query = vi.spyOn(p.database.pool, 'query');
  await findGaps(p.services, p.atsConnectionId);
  const answers = await Promise.all(query.mock.results.map(({ value }) => value as Promise<{ rowCount: number | null }>));
  query.mockRestore();
  expect(answers.length).toBeGreaterThan(0);
  expect(Math.max(...answers.map(({ rowCount }) => rowCount ?? 0))).toBeLessThan(10);
  expect(await list(p)).toMatchObject([{ times: 1 }]);
});
