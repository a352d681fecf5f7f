import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import type { ApplicationChange } from '../../../lib/domain/application-change.ts';
import { effects } from '../../../server/storage/schema.ts';
import { LOST, UNREACHABLE } from '../../support/fake-systems.ts';
import { usePipeline } from '../../support/pipeline.ts';
import { BEN } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
const CHANGES: ApplicationChange[] = [
  { kind: 'advance' },
  { kind: 'transfer', jobId: 'job-2', jobName: 'Platform' },
  { kind: 'reject', reasonId: 'underqualified', reasonName: 'Underqualified' },
  { kind: 'hire', openingId: null, reasonId: null },
];
const ADVANCE: ApplicationChange = { kind: 'advance' };

/** Somebody in the stage "Test", and a change that was asked for and not made yet. */
const asked = async (change: ApplicationChange, changes: { archived?: boolean } = {}) => {
  const p = pipeline.current();
  const key = await p.apply({ tags: [] });
  await p.enter(key, 'test');
  if (changes.archived)
    await p.change(key, (snapshot) => ({
      ...snapshot,
      status: 'archived',
      disposition: { reasonId: 'underqualified', reasonName: null, at: null },
    }));
  await p.look(key);
  await p.put(key, { kind: 'change', actionId: randomUUID(), by: BEN, change, fromStageId: 'test', fromStageName: 'Test' });
  await p.lane(key);
  const effect = (await p.effectRows(key)).find(({ kind }) => kind === 'change-application');
  if (!effect) throw new Error(`not asked for: ${await p.codes(key)}`);
  const { applicationId } = (await p.row(key)) ?? {};
  return { p, key, effectId: effect.id, world: () => p.ats.applications.get(applicationId ?? '') };
};
const REFUSED = { ok: false, kind: 'refused', status: 422, detail: 'not in this stage' } as const;

describe('a change of the application', () => {
  test.each(CHANGES)('$kind is made, and what the ATS shows then is read at once', async (change) => {
    const { p, key } = await asked(change);
    await p.settle();
    expect(p.ats.count(change.kind)).toBe(1);
    expect((await p.codes(key)).join()).toMatch(/(advance|transfer|archive|hire)-done/);
    const { snapshot } = (await p.row(key)) ?? {};
    expect([snapshot?.stage?.id, snapshot?.job?.id, snapshot?.status]).toEqual(
      {
        advance: ['onsite', 'job-1', 'active'],
        transfer: ['review', 'job-2', 'active'],
        reject: ['test', 'job-1', 'archived'],
        hire: ['test', 'job-1', 'hired'],
        unreject: [],
      }[change.kind],
    );
  });

  test('a rejection is taken back', async () => {
    const { p, key, world } = await asked({ kind: 'unreject' }, { archived: true });
    await p.settle();
    expect(world()?.status).toBe('active');
    expect(await p.codes(key)).toContain('unreject-done');
  });

  test.each(CHANGES)('$kind, and the answer is lost after it was made: it is not made twice', async (change) => {
    const { p, key, effectId } = await asked(change);
    p.ats.fail(change.kind, 'work-then-fail');
    expect(await p.run(effectId)).toBe('later');
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'calling' });
    const after = p.ats.applications.get((await p.row(key))?.applicationId ?? '');
    p.pass(60);
    expect(await p.run(effectId)).toBe('done');
    expect(p.ats.count(change.kind)).toBe(1);
    expect((await p.effectRow(effectId)).state).toBe('done');
    expect(p.ats.applications.get((await p.row(key))?.applicationId ?? '')).toEqual(after);
  });

  test.each(CHANGES)('$kind, and the call is lost before it was made: it is made then', async (change) => {
    const { p, effectId } = await asked(change);
    p.ats.fail(change.kind, LOST);
    expect(await p.run(effectId)).toBe('later');
    p.pass(60);
    expect(await p.run(effectId)).toBe('done');
    expect(p.ats.count(change.kind)).toBe(2);
  });

  test('the process died in the call of "next stage": it looks, and does not move one further', async () => {
    const { p, key, effectId, world } = await asked(ADVANCE);
    await p.db.update(effects).set({ state: 'calling', attempts: 1, startedAt: p.now }).where(eq(effects.id, effectId));
    await p.enter(key, 'onsite');
    expect(await p.run(effectId)).toBe('done');
    expect(p.ats.count('advance')).toBe(0);
    expect(world()?.stage?.id).toBe('onsite');
    expect((await p.effectRow(effectId)).state).toBe('done');
  });

  test('"next stage" was made and its answer lost, and a person has brought the candidate back since: they stay there', async () => {
    const { p, key, effectId, world } = await asked(ADVANCE);
    p.ats.fail('advance', 'work-then-fail');
    await p.run(effectId);
    for (const stage of ['onsite', 'test'] as const) {
      p.pass(20);
      await p.enter(key, stage);
    }
    p.pass(20);
    expect(await p.run(effectId)).toBe('done');
    expect(p.ats.count('advance')).toBe(1);
    expect(world()?.stage?.id).toBe('test');
  });

  test('"next stage" was made, its answer lost, and the application closed since: nobody says that it failed', async () => {
    const { p, key, effectId } = await asked(ADVANCE);
    p.ats.fail('advance', 'work-then-fail');
    await p.run(effectId);
    await p.change(key, (snapshot) => ({ ...snapshot, status: 'archived' }));
    p.pass(60);
    expect(await p.run(effectId)).toBe('done');
    expect((await p.effectRow(effectId)).state).toBe('unconfirmed');
    await p.lane(key);
    expect(await p.codes(key)).toContain('change-unconfirmed');
    expect(p.ats.count('advance')).toBe(1);
  });

  test('whether it was made cannot be read for a day: nobody says that it failed, and it is not made again', async () => {
    const { p, key, effectId } = await asked(ADVANCE);
    p.ats.fail('advance', LOST);
    await p.run(effectId);
    p.pass(25 * 3600);
    p.ats.fail('readSnapshot', UNREACHABLE);
    expect(await p.run(effectId)).toBe('done');
    expect((await p.effectRow(effectId)).state).toBe('unconfirmed');
    await p.lane(key);
    expect(await p.codes(key)).toContain('change-unconfirmed');
    expect(p.ats.count('advance')).toBe(1);
  });

  test.each([ADVANCE, { kind: 'transfer', jobId: 'job-2', jobName: 'Platform' } as const])(
    '$kind: somebody moved the candidate before our first call: hands off',
    async (change) => {
      const { p, key, effectId } = await asked(change);
      await p.enter(key, 'offer');
      await p.run(effectId);
      await p.lane(key);
      expect(p.ats.count(change.kind)).toBe(0);
      expect(await p.codes(key)).toContain(`${change.kind}-failed`);
    },
  );

  test('rejected for another reason by somebody else meanwhile: theirs stays, and it says so', async () => {
    const { p, key, effectId, world } = await asked({ kind: 'reject', reasonId: 'withdrew', reasonName: 'Withdrew' });
    await p.change(key, (snapshot) => ({
      ...snapshot,
      status: 'archived',
      disposition: { reasonId: 'underqualified', reasonName: null, at: null },
    }));
    await p.run(effectId);
    await p.lane(key);
    expect(world()?.disposition?.reasonId).toBe('underqualified');
    expect(await p.codes(key)).toContain('archive-failed');
  });

  test('the ATS refuses, or has no such call: failed, with the reason, and not tried for ever', async () => {
    const refused = await asked(ADVANCE);
    refused.p.ats.fail('advance', REFUSED);
    await refused.p.settle();
    expect(await refused.p.codes(refused.key)).toContain('advance-failed');
    expect((await refused.p.effectRow(refused.effectId)).error).toContain('not in this stage');
    const without = await asked(ADVANCE);
    delete without.p.ats.adapter.operations.advance;
    await without.p.settle();
    expect(await without.p.codes(without.key)).toContain('advance-failed');
  });

  test('the ATS is away: it waits, and is made once it is back', async () => {
    const { p, effectId } = await asked(ADVANCE);
    p.ats.fail('readSnapshot', UNREACHABLE);
    expect(await p.run(effectId)).toBe('later');
    expect(await p.effectRow(effectId)).toMatchObject({ state: 'queued' });
    p.pass(60);
    expect(await p.run(effectId)).toBe('done');
    expect(p.ats.count('advance')).toBe(1);
  });
});

test('moved on into the assessment stage by a click: the rule sends once, however often the entry is told', async () => {
  const p = pipeline.current();
  const key = await p.apply();
  await p.enter(key, 'review');
  await p.look(key);
  await p.put(key, {
    kind: 'change',
    actionId: randomUUID(),
    by: BEN,
    change: ADVANCE,
    fromStageId: 'review',
    fromStageName: 'Review',
  });
  await p.lane(key);
  await p.settle();
  await p.enter(key, 'test');
  for (let told = 0; told < 3; told += 1) {
    await p.look(key);
    await p.settle();
  }
  expect(p.vendor.invited).toHaveLength(1);
  expect(p.ats.count('advance')).toBe(1);
});
