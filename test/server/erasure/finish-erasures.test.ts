import { eq, isNull, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { runLane } from '../../../server/jobs/lane.ts';
import { relayDeliveries } from '../../../server/jobs/relay.ts';
import type { Transaction } from '../../../server/services.ts';
import { audit, deliveries, erasures, settings } from '../../../server/storage/schema.ts';
import { askErasure as ask, settleTwice as settle } from '../../support/ask-erasure.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();

const erasedInAudit = async (p: Pipeline) =>
  (await p.db.select().from(audit).where(eq(audit.action, 'candidate.erased')))
    .map(({ applicationKey }) => applicationKey)
    .toSorted();

test('an erasure that fails holds up no younger one, is told in the log, and is tried again', async () => {
  const p = given();
  const { key } = await p.sent({ applicationId: 'zq-good', candidateId: 'c-1' });
  // More of them than are taken at a time.
  const bad: string[] = [];
  for (let count = 0; count < 21; count += 1) bad.push(await ask(p, { candidateIds: [`zq-${count}`] }));
  const first = `erasure:${bad[0]}`;
  const [kept] = await p.db.select().from(settings).where(eq(settings.key, first));
  await p.db
    .update(settings)
    .set({ value: { applicationIds: 'zq-broken' } })
    .where(sql`${settings.key} like 'erasure:%'`);
  p.pass(1);
  await ask(p, { candidateIds: ['c-1'] });
  await settle(p);
  p.log = [];
  expect(await p.erase()).toBe(1);
  expect(await p.row(key)).toBeUndefined();
  expect(new Set(p.log.filter(({ level }) => level === 50).map(({ erasure }) => erasure))).toEqual(new Set(bad));
  expect(JSON.stringify(p.log)).not.toMatch(/zq/);
  await p.db
    .update(settings)
    .set({ value: kept?.value ?? {} })
    .where(eq(settings.key, first));
  expect(await p.erase()).toBe(1);
  expect((await p.db.select().from(erasures).where(isNull(erasures.finishedAt))).map(({ id }) => id)).not.toContain(bad[0]);
});

test('an application that slips in between the word and its commit is stopped like the others', async () => {
  const p = given();
  const { key: known } = await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
  const slipping = await p.apply({ applicationId: 'a-2', candidateId: 'c-1', emails: ['ada@other.example'] });
  await p.enter(slipping, 'test');
  await p.hint(slipping);
  let asking: Promise<string> | undefined;
  // Its lane has looked for a word and found none, and is about to commit.
  const announce = async (_tx: Transaction, { key }: { key: string }) => {
    if (key !== slipping) return;
    asking ??= ask(p, { candidateIds: ['c-1'] });
    await asking;
  };
  await runLane({ ...p.parts, announce }, slipping);
  expect((await p.db.select().from(erasures))[0]).toMatchObject({ applicationKeys: [known] });
  expect((await p.effectRows(slipping)).find(({ kind }) => kind === 'send-invitation')).toMatchObject({ state: 'queued' });
  p.announced.length = 0;
  p.queue.lanes.length = 0;

  expect(await p.erase()).toBe(0);
  expect((await p.db.select().from(erasures))[0]?.applicationKeys.toSorted()).toEqual([known, slipping].toSorted());
  expect((await p.effectRows(slipping)).map(({ state }) => state)).not.toContain('queued');
  expect((await p.waitingInputs(slipping)).map(({ input }) => input.kind)).toEqual(['deleted']);
  expect(p.announced).toEqual([slipping]);
  expect(p.queue.lanes).toEqual([slipping]);
  // A webhook about it alone tells of nobody any more.
  const id = await p.deliver([{ applicationId: 'a-2', event: 'candidate_stage_change' }]);
  await relayDeliveries(p.parts);
  const [delivery] = await p.db.select().from(deliveries).where(eq(deliveries.id, id));
  expect(delivery).toMatchObject({ hints: [], outcome: 'erased' });
  // Not once more with every look.
  const version = (await p.row(slipping))?.version;
  await p.erase();
  expect((await p.row(slipping))?.version).toBe(version);

  await settle(p);
  expect(p.vendor.invited).toHaveLength(1);
  expect(await p.erase()).toBe(1);
  expect(await p.row(slipping)).toBeUndefined();
  expect(await erasedInAudit(p)).toEqual([known, slipping].toSorted());
});

test('an application that becomes theirs while the erasure waits for a lock is erased with a word of its own', async () => {
  const p = given();
  const { key: known } = await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
  const { key: other } = await p.sent({ applicationId: 'b-1', candidateId: 'c-2' });
  const delivery = await p.deliver([{ applicationId: 'a-1', event: 'candidate_stage_change' }]);
  await ask(p, { candidateIds: ['c-1'] });
  await settle(p);
  const holder = await p.pool.connect();
  await holder.query('begin');
  await holder.query('select 1 from tagalong.deliveries where id = $1 for update', [delivery]);
  const erasing = p.erase();
  const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(async () => (await p.pool.query(waiting)).rowCount).toBe(1);
  await p.pool.query(`update tagalong.applications set candidate_id = 'c-1' where key = $1`, [other]);
  await holder.query('commit');
  holder.release();

  expect(await erasing).toBe(0);
  expect(await p.row(known)).toBeDefined();
  expect((await p.db.select().from(erasures))[0]?.applicationKeys.toSorted()).toEqual([known, other].toSorted());
  await settle(p);
  expect(await p.erase()).toBe(1);
  expect(await p.row(other)).toBeUndefined();
  expect(await erasedInAudit(p)).toEqual([known, other].toSorted());
});
