import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createNoteDeadJob } from '../../../server/failures/dead-job.ts';
import { retryFailure } from '../../../server/failures/retry-failure.ts';
import { sweep } from '../../../server/jobs/sweep.ts';
import { failures } from '../../../server/storage/schema.ts';
import { FORBIDDEN, UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();

test('a job that was given up is on the list, once, unless there is nothing left to do', async () => {
  const p = pipeline.current();
  const note = createNoteDeadJob(p.services);
  const { key, effectId } = await p.sending();
  await note({ queue: 'effect', about: effectId });
  await note({ queue: 'effect', about: effectId });
  await note({ queue: 'sweep', about: p.atsConnectionId });
  expect(await p.db.select().from(failures).orderBy(failures.key)).toMatchObject([
    { key: `job:effect:${effectId}`, applicationKey: key, times: 2, reason: { code: 'job-dead', values: { queue: 'effect' } } },
    { key: `job:sweep:${p.atsConnectionId}`, connectionId: p.atsConnectionId, times: 1 },
  ]);
  await p.db.delete(failures);
  await p.settle();
  await note({ queue: 'effect', about: effectId });
  await note({ queue: 'lane', about: '00000000-0000-4000-8000-000000000000' });
  expect(await p.db.select().from(failures)).toEqual([]);
});

describe('a job that was given up and is tried again', () => {
  const states = async (p: Pipeline) => (await p.db.select().from(failures)).map(({ state }) => state);
  const retry = async (p: Pipeline) => {
    const [failure] = await p.db.select().from(failures);
    const member = { id: randomUUID(), name: 'Rosa', role: 'admin' } as const;
    const given = { failure: failure ?? expect.fail('nothing failed'), member, checked: false };
    return await retryFailure({ services: p.services, queue: p.queue }, given);
  };

  test('an effect: is settled when the effect has ended, and not before', async () => {
    const p = pipeline.current();
    const { key, effectId } = await p.sending();
    await createNoteDeadJob(p.services)({ queue: 'effect', about: effectId });
    expect(await retry(p)).toBe('retried');
    await p.look(key);
    expect(await states(p)).toEqual(['retried']);
    await p.settle();
    expect(await states(p)).toEqual(['settled']);
  });

  test('an effect that has ended meanwhile is not waited for', async () => {
    const p = pipeline.current();
    const { effectId } = await p.sending();
    await createNoteDeadJob(p.services)({ queue: 'effect', about: effectId });
    await p.settle();
    await p.db.update(failures).set({ state: 'open' });
    expect(await retry(p)).toBe('gone');
    expect(await states(p)).toEqual(['settled']);
  });

  test('an application: is settled by the next round that comes through', async () => {
    const p = pipeline.current();
    const key = await p.apply();
    await p.look(key);
    await createNoteDeadJob(p.services)({ queue: 'lane', about: key });
    expect(await retry(p)).toBe('retried');
    await p.lane(key);
    expect(await states(p)).toEqual(['settled']);
  });

  test.each([[], [FORBIDDEN]])('a look at the ATS: is settled by one that comes to its end (%#)', async (...ends) => {
    const p = pipeline.current();
    await createNoteDeadJob(p.services)({ queue: 'sweep', about: p.atsConnectionId });
    expect(await retry(p)).toBe('retried');
    p.ats.fail('findChangedSince', UNREACHABLE, ...ends);
    await sweep(p.parts, p.atsConnectionId);
    expect(await states(p)).toEqual(['retried']);
    await sweep(p.parts, p.atsConnectionId);
    expect(await states(p)).toEqual(['settled']);
  });

  test('a chore comes again by itself: there is nothing to try', async () => {
    const p = pipeline.current();
    await createNoteDeadJob(p.services)({ queue: 'housekeeping', about: 'forget' });
    expect(await retry(p)).toBe('only-discard');
    expect(await states(p)).toEqual(['open']);
  });
});
