import { describe, expect, test } from 'vitest';
import type { AtsStage } from '../../../server/ats/port.ts';
import { runLane } from '../../../server/jobs/lane.ts';
import { createFindMoveTarget } from '../../../server/jobs/move-target.ts';
import { UNREACHABLE } from '../../support/fake-systems.ts';
import { usePipeline } from '../../support/pipeline.ts';

const stage = (stageId: string, jobId: string): AtsStage => ({
  stageId,
  name: 'Onsite',
  order: 1,
  job: { id: jobId, name: null },
});
const ROLES = [{ stageId: null, stageName: 'onsite', role: 'onsite' as const }];
const find = (stages: AtsStage[], jobId: string | null, roles = ROLES) =>
  createFindMoveTarget({
    connector: { ats: async () => UNREACHABLE, vendor: async () => UNREACHABLE },
    listStages: async () => stages,
  })('connection', jobId, roles);

describe('where "move on" leads', () => {
  test('to the stage with the role, of that job', async () => {
    expect(await find([stage('a', 'one'), stage('b', 'two')], 'two')).toEqual({ stageId: 'b', name: 'Onsite' });
  });

  test('nowhere without such a stage, or such a role', async () => {
    expect(await find([{ ...stage('a', 'one'), name: 'Offer' }], 'one')).toBeNull();
    expect(await find([], 'one', [])).toBeNull();
    expect(await find([stage('a', 'one')], null)).toBeNull();
  });

  test('nobody can tell while the stages cannot be read, or are older than the job', async () => {
    expect(await find([], 'one')).toBe('unknown');
    expect(await find([stage('a', 'one')], 'made since')).toBe('unknown');
  });
});

const pipeline = usePipeline();

test('the stages of a job are asked for only of those who can still be moved on', async () => {
  const p = pipeline.current();
  const asked: (string | null)[] = [];
  const findMoveTarget = async (_connectionId: string, jobId: string | null) => {
    asked.push(jobId);
    return null;
  };
  const job = { id: 'closed', name: null };
  for (const status of ['active', 'archived', 'hired', 'prospect'] as const) {
    const key = await p.apply({ status, job });
    await p.hint(key);
    await runLane({ ...p.parts, findMoveTarget }, key);
  }
  expect(asked).toEqual(['closed', null, null, null]);
});

test('a pass that comes while the stages cannot be read is kept over a restart, and moves the candidate when they can', async () => {
  const p = pipeline.current();
  const { key, invitationId } = await p.sent();
  await p.setRules({ advanceOnPass: true });
  p.moveTarget = 'unknown';
  const result = { status: 'final', verified: true, score: { value: 90, max: 100 }, rating: null, breakdown: [] } as const;
  const rest = { verdict: null, notes: null, reportUrl: null, timeExpired: false, reportedAt: p.now.toISOString() };
  const integrity = { status: 'clear', signals: [] } as const;
  const by = { kind: 'member', memberId: 'ben', name: 'Ben' } as const;
  await p.put(key, {
    kind: 'enter-result',
    invitationId,
    by,
    result: { ...result, ...rest, integrity, breakdown: [], enteredBy: 'Ben' } as never,
  });
  await p.lane(key);
  expect(await p.invitationsOf(key)).toMatchObject([{ state: 'scored' }]);
  expect(await p.codes(key)).toContain('not-advanced-yet');
  expect((await p.row(key))?.dueAt).toEqual(new Date(p.now.getTime() + 30_000));
  p.moveTarget = { stageId: 'onsite', name: 'Onsite' };
  p.pass(31);
  await p.settle();
  expect(p.ats.count('moveToStage')).toBe(1);
});
