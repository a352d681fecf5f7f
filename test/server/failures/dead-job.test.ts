import { expect, test } from 'vitest';
import { createNoteDeadJob } from '../../../server/failures/dead-job.ts';
import { failures } from '../../../server/storage/schema.ts';
import { usePipeline } from '../../support/pipeline.ts';

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
