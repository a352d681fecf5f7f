import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { loadPolicy } from '../../../server/storage/load-policy.ts';
import { addHook, deleteHook } from '../../../server/storage/outgoing-hooks.repository.ts';
import { connections, policyVersions, reasonMeanings, stageRoles } from '../../../server/storage/schema.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();

/** Another connection like this one. */
async function beside({ db }: Pipeline, id: string): Promise<string> {
  const [row] = await db.select().from(connections).where(eq(connections.id, id));
  if (!row) throw new Error('no such connection');
  const other = randomUUID();
  await db.insert(connections).values({ ...row, id: other });
  return other;
}

test('roles and meanings are those of the connection alone', async () => {
  const p = pipeline.current();
  await p.db.delete(stageRoles);
  const other = await beside(p, p.atsConnectionId);
  for (const [connectionId, name] of [
    [p.atsConnectionId, 'ours'],
    [other, 'theirs'],
  ] as const) {
    await p.db.insert(stageRoles).values({ id: randomUUID(), connectionId, stageId: name, stageName: name, role: 'assessment' });
    await p.db.insert(reasonMeanings).values({ connectionId, reasonId: name, reasonName: name, meaning: 'rejected' });
  }
  const policy = await loadPolicy(p.db, p.atsConnectionId);
  expect(policy.stageRoles).toEqual([{ stageId: 'ours', stageName: 'ours', role: 'assessment' }]);
  expect(policy.dispositionMeanings).toEqual([{ reasonId: 'ours', meaning: 'rejected' }]);
});

test('what was deleted or is switched off does not count, and of the rules the newest do', async () => {
  const p = pipeline.current();
  const hook = (name: string, enabled: boolean) =>
    addHook(p.services, { name, url: 'https://other.example/hook', events: ['invitation.sent'], enabled }, 'a-secret');
  const on = await hook('on', true);
  await hook('off', false);
  await deleteHook(p.db, { id: await hook('deleted', true), now: p.now });
  const off = await beside(p, p.vendorConnectionId);
  await p.switchConnection(off, false);
  const deleted = await beside(p, p.vendorConnectionId);
  await p.db.update(connections).set({ deletedAt: p.now }).where(eq(connections.id, deleted));
  await p.setRules({ holdSeconds: 20 });
  await p.setRules({ holdSeconds: 30 });
  const [, newest] = await p.db.select().from(policyVersions).orderBy(policyVersions.version);
  const policy = await loadPolicy(p.db, p.atsConnectionId);
  expect(policy).toMatchObject({ version: newest?.version, holdSeconds: 30, vendorsOn: [p.vendorConnectionId] });
  expect(policy.hooks).toEqual([{ id: on, events: ['invitation.sent'] }]);
  expect(Object.keys(policy.outcomeWords ?? {}).toSorted()).toEqual([off, p.vendorConnectionId].toSorted());
});
