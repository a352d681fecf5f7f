import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { claimDueSweeps, sweep } from '../../../server/jobs/sweep.ts';
import { applications, connections, stageRoles } from '../../../server/storage/schema.ts';
import { UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();
const cursorOf = async (p: Pipeline) => {
  const [row] = await p.db.select().from(connections).where(eq(connections.id, p.atsConnectionId));
  return row?.sweepCursor ?? null;
};

test('a stage entry whose webhook never came is found, and one that we know changes nothing', async () => {
  const p = given();
  const key = await p.apply({ applicationId: 'opportunity-1' });
  await p.enter(key, 'test');
  p.ats.changed = ['opportunity-1', 'opportunity-2'];
  expect(await sweep(p.parts, p.atsConnectionId)).toBe(2);
  expect(await p.db.select().from(applications)).toHaveLength(2);
  await p.lane(key);
  expect(await p.codes(key)).toEqual(['sent-on-stage-entry']);
  await sweep(p.parts, p.atsConnectionId);
  await p.lane(key);
  expect(await p.codes(key)).toEqual(['sent-on-stage-entry']);
});

test('each look begins a little before the last complete one, and asks for the stages that mean something', async () => {
  const p = given();
  await sweep(p.parts, p.atsConnectionId);
  expect(p.ats.calls.at(-1)).toBe('findChangedSince 2025-12-31T23:45:00.000Z test onsite offer');
  expect(await cursorOf(p)).toEqual(p.now);
  p.pass(600);
  await sweep(p.parts, p.atsConnectionId);
  expect(p.ats.calls.at(-1)).toContain('2026-03-02T08:45:00.000Z');
});

test('a look that was cut short keeps what it found and begins again from where it began', async () => {
  const p = given();
  p.ats.changed = ['opportunity-1'];
  p.ats.fail('findChangedSince', UNREACHABLE);
  expect(await sweep(p.parts, p.atsConnectionId)).toBe(1);
  expect(await cursorOf(p)).toBeNull();
  p.pass(121);
  expect(await claimDueSweeps(p.parts)).toEqual([p.atsConnectionId]);
});

test('stages that cannot be listed do not make it skip anybody', async () => {
  const p = given();
  await p.db.insert(stageRoles).values({
    id: randomUUID(),
    connectionId: p.atsConnectionId,
    stageId: null,
    stageName: 'Take Home Test',
    role: 'assessment',
  });
  p.ats.fail('listStages', UNREACHABLE);
  await sweep(p.parts, p.atsConnectionId);
  expect(await cursorOf(p)).toBeNull();
  await sweep(p.parts, p.atsConnectionId);
  expect(await cursorOf(p)).toEqual(p.now);
});

test('two processes: each connection is looked at by one', async () => {
  const p = given();
  const claimed = (await Promise.all([claimDueSweeps(p.parts), claimDueSweeps(p.parts)])).flat();
  expect(claimed).toEqual([p.atsConnectionId]);
  expect(await claimDueSweeps(p.parts)).toEqual([]);
  p.pass(600);
  expect(await claimDueSweeps(p.parts)).toEqual([p.atsConnectionId]);
});

test('a connection that is off is not looked at', async () => {
  const p = given();
  await p.switchConnection(p.atsConnectionId, false);
  expect(await claimDueSweeps(p.parts)).toEqual([]);
});
