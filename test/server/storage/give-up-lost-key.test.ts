import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { linkChain } from '../../../server/audit/link-chain.ts';
import { verifyChain } from '../../../server/audit/verify-chain.ts';
import { requestErasure } from '../../../server/erasure/request-erasure.ts';
import { relayDeliveries } from '../../../server/jobs/relay.ts';
import type { Services } from '../../../server/services.ts';
import { appendAudit } from '../../../server/storage/audit.repository.ts';
import { giveUpLostKey } from '../../../server/storage/give-up-lost-key.ts';
import { rotateKey } from '../../../server/storage/key-rotation.ts';
import { deliveries, erasedKeys } from '../../../server/storage/schema.ts';
import { createSealer, markOf, UnreadableSecret } from '../../../server/storage/seal.ts';
import { importExport } from '../../../server/storage/transfer/import-export.ts';
import { openClient } from '../../../server/storage/transfer/open-client.ts';
import { writeExport } from '../../../server/storage/transfer/write-export.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { createTestDatabase } from '../../support/test-database.ts';

const running = usePipeline();
const newKey = randomBytes(32);
const newSealer = createSealer(newKey);

/** The same server, started with another key. */
const restarted = (p: Pipeline) => {
  const services: Services = { ...p.services, sealer: newSealer };
  return { ...p.parts, services };
};
const ask = (p: Pipeline, parts: Pipeline['parts'], applicationId: string) =>
  p.db.transaction((tx) =>
    requestErasure(tx, parts, {
      connectionId: p.atsConnectionId,
      subject: { applicationIds: [applicationId], candidateIds: [], goneCandidateIds: [] },
      askedBy: 'admin',
    }),
  );
const giveUp = (p: Pipeline, services: Services) => p.db.transaction((tx) => giveUpLostKey(tx, services));
const linkAll = async (services: Services) => {
  for (let more = true; more; ) {
    const linked = await linkChain(services);
    if (linked.kind !== 'linked') throw new Error(`not linked: ${JSON.stringify(linked)}`);
    more = linked.entries > 0;
  }
};
/** As somebody does who owns the database: the trigger does not hold them. */
const asOwner = (p: Pipeline, statement: string) =>
  p.db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`);
    await tx.execute(sql.raw(statement));
  });
const outcomeOf = async (p: Pipeline, id: number) =>
  (await p.db.select({ outcome: deliveries.outcome }).from(deliveries).where(eq(deliveries.id, id)))[0]?.outcome;
/** Somebody was erased, and all that is written is linked. */
const eraseOne = async (p: Pipeline) => {
  await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
  await ask(p, p.parts, 'a-1');
  await p.settle();
  await p.settle();
  expect(await p.erase()).toBe(1);
  await linkAll(p.services);
};

test('a server whose key was lost passes on webhooks, links, verifies, changes its key and erases again', async () => {
  const p = running.current();
  await eraseOne(p);
  const noted = (await verifyChain(p.services)).head;
  const parts = restarted(p);
  const { services } = parts;
  const id = await p.deliver([{ event: 'candidateStageChange', applicationId: 'a-2', candidateId: 'c-2' }]);
  await expect(relayDeliveries(parts)).rejects.toBeInstanceOf(UnreadableSecret);
  expect((await verifyChain(services)).fault).toMatchObject({ kind: 'head-forged' });

  const { lines, isFaulty } = await giveUp(p, services);
  expect(isFaulty).toBe(false);
  expect(lines.join('\n')).toMatch(/are no longer kept out.*\n.*sealed anew: \d+:[0-9a-f]{64}\. /);

  expect(await relayDeliveries(parts)).toBe(1);
  expect(await outcomeOf(p, id)).toBe('hinted');
  await linkAll(services);
  expect(await verifyChain(services, { noted })).toMatchObject({ fault: null, waiting: 0 });
  const { rows } = await p.db.execute<{ action: string; detail: string }>(
    sql`select a.action, d.detail from tagalong.audit a join tagalong.audit_details d on d.audit_id = a.id order by a.id desc limit 2`,
  );
  expect(rows.map(({ action }) => action)).toEqual(['activity.sealed-anew', 'erasures.key-lost']);
  expect(rows[1]?.detail).toContain('no longer kept out');

  await ask(p, parts, 'a-2');
  const late = await p.deliver([{ event: 'candidateStageChange', applicationId: 'a-2', candidateId: 'c-2' }]);
  await relayDeliveries(parts);
  expect(await outcomeOf(p, late)).toBe('erased');

  const next = randomBytes(32);
  const keys = { from: createSealer(next, [newKey]), to: createSealer(next), mark: markOf(next), before: [markOf(newKey)] };
  expect((await rotateKey(p.db, keys)).resealed).toBeGreaterThan(0);
  expect((await verifyChain({ db: p.db, sealer: createSealer(next) })).fault).toBeNull();
});

test('who is just being erased stays out', async () => {
  const p = running.current();
  await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
  await ask(p, p.parts, 'a-1');
  const parts = restarted(p);
  await giveUp(p, parts.services);
  const late = await p.deliver([{ event: 'candidateStageChange', applicationId: 'a-1', candidateId: 'c-1' }]);
  await relayDeliveries(parts);
  expect(await outcomeOf(p, late)).toBe('erased');
});

test('what opens stays as it is, however often it is asked', async () => {
  const p = running.current();
  await eraseOne(p);
  const before = await p.db.select().from(erasedKeys);
  expect(before.length).toBeGreaterThan(0);
  expect(await giveUp(p, p.services)).toEqual({ lines: [], isFaulty: false });
  expect(await p.db.select().from(erasedKeys)).toEqual(before);
  expect(await verifyChain(p.services)).toMatchObject({ waiting: 0, fault: null });
});

const LAST = '(select max(seq) from tagalong.audit)';
test.each([
  [
    'was cut short',
    `delete from tagalong.audit_details where audit_id = (select id from tagalong.audit where seq = ${LAST}); delete from tagalong.audit where seq = ${LAST}`,
    'it and all after it are missing.',
  ],
  [
    'has another end',
    `update tagalong.audit set hash = repeat('a', 64) where seq = ${LAST}`,
    'not the one that the sealed end names.',
  ],
  ['goes on behind its end', `update tagalong.audit_head set seq = seq - 1`, 'it stands after the sealed end'],
])('a chain that %s gets no new seal', async (_, statement, told) => {
  const p = running.current();
  await eraseOne(p);
  await asOwner(p, statement);
  const { services } = restarted(p);
  const { lines, isFaulty } = await giveUp(p, services);
  expect(isFaulty).toBe(true);
  expect(lines.join('\n')).toContain('The end of the activity is not sealed anew');
  expect(lines.join('\n')).toContain(told);
  expect((await verifyChain(services)).fault).not.toBeNull();
  expect(await linkChain(services)).toMatchObject({ kind: 'broken' });
});

test('an end that was forged under a key that is there gets no new seal', async () => {
  const p = running.current();
  await eraseOne(p);
  await asOwner(p, `update tagalong.audit_head set hash = repeat('a', 64)`);
  expect(await giveUp(p, p.services)).toMatchObject({ isFaulty: true });
  expect((await verifyChain(p.services)).fault).toMatchObject({ kind: 'head-forged' });
});

test('a changed entry is told, and goes on being told', async () => {
  const p = running.current();
  await eraseOne(p);
  await asOwner(p, `update tagalong.audit set action = 'rules.kept' where seq = 1`);
  const { services } = restarted(p);
  const { lines, isFaulty } = await giveUp(p, services);
  expect(isFaulty).toBe(true);
  expect(lines.join('\n')).toContain('The first place is entry 1: it was changed.');
  await linkAll(services);
  expect((await verifyChain(services)).fault).toEqual({ kind: 'changed', seq: 1 });
});

test('an import with another key does it in its own transaction', async () => {
  const p = running.current();
  await eraseOne(p);
  await appendAudit(p.db, p.services, { who: { kind: 'system' }, action: 'rules.changed' });
  const file = join(tmpdir(), `tagalong-test-${randomBytes(8).toString('hex')}.export`);
  const source = await openClient(p.database.address);
  await writeExport({ client: source, file, keyMark: 'old-key-', now: p.now });
  await source.end();
  const empty = await createTestDatabase();
  const client = await openClient(empty.address);
  const services = { ...p.services, db: empty.db, sealer: newSealer };
  const take = (fails: boolean) =>
    importExport({
      ...{ client, file, keyMark: markOf(newKey), anyKey: true },
      onFilled: async (tx) => {
        await giveUpLostKey(tx, services);
        if (fails) throw new Error('cut off');
      },
    });
  await expect(take(true)).rejects.toThrow('cut off');
  expect((await empty.db.select().from(erasedKeys)).length).toBe(0);
  await take(false);
  await client.end();
  expect((await verifyChain(services)).fault).toBeNull();
  await linkAll(services);
  expect(await verifyChain(services)).toMatchObject({ fault: null, waiting: 0 });
  await empty.drop();
  await rm(file);
});
