import { eq, isNull, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createErasureChore } from '../../../server/erasure/finish-erasures.ts';
import { runLane } from '../../../server/jobs/lane.ts';
import { relayDeliveries } from '../../../server/jobs/relay.ts';
import type { Transaction } from '../../../server/services.ts';
import { applications, audit, deliveries, erasures, settings } from '../../../server/storage/schema.ts';
import { askErasure as ask, settleTwice as settle } from '../../support/ask-erasure.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { watchStatements } from '../../support/watch-statements.ts';
import { makeSnapshot } from '../../support/workflow-story.ts';

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

test('one that failed is tried again later and later, and not before', async () => {
  const p = given();
  const id = await ask(p, { candidateIds: ['c-1'] });
  const row = eq(settings.key, `erasure:${id}`);
  const [kept] = await p.db.select().from(settings).where(row);
  await p.db
    .update(settings)
    .set({ value: { applicationIds: 'broken' } })
    .where(row);
  let at = 0;
  const chore = createErasureChore({ ...p.parts, forgetJobs: async () => 0, steadyMs: () => at });
  const failedAt: number[] = [];
  for (; at < 40_000; at += 1000) {
    p.log = [];
    await chore();
    if (p.log.some(({ erasure }) => erasure === id)) failedAt.push(at);
  }
  expect(failedAt).toEqual([0, 5000, 15_000, 35_000]);
  await p.db
    .update(settings)
    .set({ value: kept?.value ?? {} })
    .where(row);
  at = 80_000;
  expect(await chore()).toBe(1);
});

test('who applies anew between the word and the end of the erasure is not swallowed by it', async () => {
  const p = given();
  const { key: old } = await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
  p.pass(60);
  const id = await ask(p, { candidateIds: ['c-1'] });
  p.pass(2);
  const createdAt = p.now.toISOString();
  p.ats.applications.set(
    'a-2',
    makeSnapshot({ applicationId: 'a-2', candidateId: 'c-1', emails: ['ada@new.example'], createdAt }),
  );
  const told = await p.deliver([{ applicationId: 'a-2', candidateId: 'c-1', event: 'new_candidate_application' }]);
  await relayDeliveries(p.parts);
  for (const key of p.queue.lanes.splice(0)) await p.lane(key);
  // One more has come in and is not passed on yet.
  const waiting = await p.deliver([{ applicationId: 'a-3', candidateId: 'c-1', event: 'new_candidate_application' }]);
  await settle(p);
  expect(await p.erase()).toBe(1);
  expect(await p.row(old)).toBeUndefined();
  const rows = await p.db.select().from(applications);
  expect(rows).toMatchObject([{ applicationId: 'a-2', snapshot: { candidateId: 'c-1' } }]);
  expect((await p.db.select().from(erasures)).find((row) => row.id === id)).toMatchObject({ applicationKeys: [old] });
  const stored = await p.db.select().from(deliveries).orderBy(deliveries.id);
  expect(stored.find((row) => row.id === told)).toMatchObject({ hints: [] });
  expect(stored.find((row) => row.id === waiting)).toMatchObject({ hints: [{ applicationId: 'a-3' }], relayedAt: null });
  // Neither the next time.
  await tellAgain(p);
  expect((await p.db.select().from(applications)).map(({ applicationId }) => applicationId)).toContain('a-2');
});

test('what may tell of a new application is not kept for a connection that is off', async () => {
  const p = given();
  await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
  await ask(p, { candidateIds: ['c-1'] });
  await settle(p);
  const waiting = await p.deliver([{ applicationId: 'a-3', candidateId: 'c-1', event: 'new_candidate_application' }]);
  await p.switchConnection(p.atsConnectionId, false);
  expect(await p.erase()).toBe(1);
  const [stored] = await p.db.select().from(deliveries).where(eq(deliveries.id, waiting));
  expect(stored).toMatchObject({ hints: [], outcome: 'erased', relayedAt: p.now });
});

async function tellAgain(p: Pipeline): Promise<void> {
  await p.deliver([{ applicationId: 'a-2', candidateId: 'c-1', event: 'candidate_stage_change' }]);
  await relayDeliveries(p.parts);
  for (const key of p.queue.lanes.splice(0)) await p.lane(key);
  await p.erase();
}

test('a vendor’s webhook that comes in before the applications are locked does not keep its body', async () => {
  const p = given();
  await p.sent({ applicationId: 'a-1', candidateId: 'c-1', emails: ['ada@mail.example'] });
  await ask(p, { candidateIds: ['c-1'] });
  await settle(p);
  let late: number | undefined;
  watchStatements(p.database.pool, async (text) => {
    if (late !== undefined || !/from "applications"|from "tagalong"."applications"/.test(text) || !text.endsWith('for update'))
      return;
    // By a way of its own, and passed on at once.
    const { rows } = await p.pool.query(
      `insert into tagalong.deliveries (endpoint_id, connection_id, delivery_key, event, received_at, hints, body, relayed_at, outcome)
       values ($1, $2, 'late', 'x', $3, '[]', 'for ada@mail.example', $3, 'hinted') returning id::int`,
      [p.endpointId, p.vendorConnectionId, p.now],
    );
    late = rows[0].id;
  });
  expect(await p.erase()).toBe(1);
  const [stored] = await p.db
    .select()
    .from(deliveries)
    .where(eq(deliveries.id, late ?? 0));
  expect(stored).toMatchObject({ body: null, outcome: 'erased' });
});

test('what a vendor says of somebody who is being erased is kept no more than what the ATS says', async () => {
  const p = given();
  const { key, invitationId } = await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
  await ask(p, { candidateIds: ['c-1'] });
  const waiting = (await p.waitingInputs(key)).length;
  const claim = { state: 'started', startedAt: null, submittedAt: null, result: null };
  const id = await p.deliver([{ event: 'x', invitationId, claim }], 'vendor');
  await p.db
    .update(deliveries)
    .set({ body: Buffer.from('{"name":"Ada"}') })
    .where(eq(deliveries.id, id));
  await relayDeliveries(p.parts);
  const [stored] = await p.db.select().from(deliveries).where(eq(deliveries.id, id));
  expect(stored).toMatchObject({ body: null, hints: [], outcome: 'erased' });
  expect(await p.waitingInputs(key)).toHaveLength(waiting);
});
