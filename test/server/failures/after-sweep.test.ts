import { expect, test } from 'vitest';
import { sweep } from '../../../server/jobs/sweep.ts';
import { failureKeys, noteFailure } from '../../../server/storage/failures.repository.ts';
import { failures } from '../../../server/storage/schema.ts';
import { FORBIDDEN } from '../../support/fake-systems.ts';
import { usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();

test('a look that may not list the changes has found nothing that webhooks missed: the gap waits, while the looks work again', async () => {
  const p = pipeline.current();
  const connectionId = p.atsConnectionId;
  await noteFailure(p.db, p.services, {
    key: failureKeys.gap(connectionId, '2026-03-02'),
    ...{ kind: 'gap', connectionId, reason: { code: 'gap' } },
  });
  await noteFailure(p.db, p.services, {
    key: failureKeys.job('sweep', connectionId),
    ...{ kind: 'job', connectionId, reason: { code: 'job-dead', values: { queue: 'sweep' } } },
  });
  // Somebody asked for a look.
  await p.db.update(failures).set({ state: 'retried', closedAt: p.now });
  const states = async () =>
    (await p.db.select().from(failures).orderBy(failures.kind)).map(({ kind, state }) => `${kind} ${state}`);
  p.pass(60);
  p.ats.fail('findChangedSince', FORBIDDEN);
  await sweep(p.parts, connectionId);
  expect((await states()).toSorted()).toEqual(['gap retried', 'job settled']);
  p.pass(600);
  await sweep(p.parts, connectionId);
  expect((await states()).toSorted()).toEqual(['gap settled', 'job settled']);
});
