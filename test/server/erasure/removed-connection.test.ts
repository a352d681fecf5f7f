import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { listErasures } from '../../../server/erasure/list-erasures.ts';
import { relayDeliveries, relayFresh } from '../../../server/jobs/relay.ts';
import { deleteConnection } from '../../../server/storage/connections.repository.ts';
import { applications, connections, deliveries, effects, erasures, failures } from '../../../server/storage/schema.ts';
import { askErasure as ask, settleTwice as settle } from '../../support/ask-erasure.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();

/** As the connector answers from then on. */
const REMOVED = { ok: false, kind: 'misconfigured', detail: 'this connection was removed.' } as const;
const removeAts = async (p: Pipeline) => {
  await deleteConnection(p.db, { id: p.atsConnectionId, now: p.now });
  p.atsAnswer = REMOVED;
};
const removeVendor = async (p: Pipeline) => {
  await deleteConnection(p.db, { id: p.vendorConnectionId, now: p.now });
  p.vendorAnswer = REMOVED;
};
const only = async (p: Pipeline) => {
  const [row] = await p.db.select().from(erasures);
  if (!row) throw new Error('nobody asked');
  return row;
};
const deliveryRow = async (p: Pipeline, id: number) => (await p.db.select().from(deliveries).where(eq(deliveries.id, id)))[0];

describe('a deletion by the ATS that waited when its connection was removed', () => {
  test.each([
    ['relay', relayDeliveries],
    ['relay of what has just come in', relayFresh],
  ])('erases all the same, by the %s', async (_which, relay) => {
    const p = given();
    const { key } = await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    await p.switchConnection(p.atsConnectionId, false);
    const id = await p.deliver([
      { applicationId: 'a-1', candidateId: 'c-1', event: 'delete_candidate', deleted: true },
      { candidateId: 'c-1', event: 'delete_candidate', deleted: true },
    ]);
    await removeAts(p);
    expect(await relay(p.parts)).toBe(1);
    expect(await only(p)).toMatchObject({ askedBy: 'ats-deleted', applicationKeys: [key] });
    expect(await deliveryRow(p, id)).toMatchObject({ relayedAt: p.now, hints: [] });
    await settle(p);
    expect(await p.erase()).toBe(1);
    expect(await p.row(key)).toBeUndefined();
    expect(await relay(p.parts)).toBe(0);
  });

  test('or that it anonymised somebody does, too', async () => {
    const p = given();
    const { key } = await p.sent({ applicationId: 'a-1', candidateId: 'candidate-1' });
    await p.deliver([{ candidateId: 'candidate-1', event: 'anonymize', anonymised: true }]);
    await removeAts(p);
    await relayDeliveries(p.parts);
    expect(await only(p)).toMatchObject({ askedBy: 'ats-anonymised', applicationKeys: [key] });
  });

  test('makes no row of others whom the same webhook names, and lists nothing', async () => {
    const p = given();
    const other = await p.deliver([{ applicationId: 'a-9', candidateId: 'c-9', event: 'x' }]);
    const mixed = await p.deliver([
      { applicationId: 'a-8', candidateId: 'c-8', event: 'x' },
      { applicationId: 'a-7', event: 'delete_application', deleted: true },
    ]);
    await removeAts(p);
    await relayDeliveries(p.parts);
    expect(await p.db.select().from(applications)).toEqual([]);
    expect(await p.db.select().from(failures)).toEqual([]);
    for (const id of [other, mixed]) expect(await deliveryRow(p, id)).toMatchObject({ relayedAt: p.now, hints: [] });
    expect(p.queue.lanes).toEqual([]);
  });

  test('and is at fault holds up nobody, and is tried again later', async () => {
    const p = given();
    const gone = await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    const { key } = await p.sent({ applicationId: 'a-2', candidateId: 'c-2' });
    const bad = await p.deliver([{ applicationId: 'a-1', event: 'delete_application', deleted: true }]);
    await removeAts(p);
    const [invitation] = await p.invitationsOf(key);
    const claim = { state: 'started', startedAt: null, submittedAt: null, result: null };
    await p.deliver([{ event: 'x', invitationId: invitation?.id, claim }], 'vendor');
    const { sendLane } = p.queue;
    p.queue.sendLane = async (tx, lane) => {
      if (lane === gone.key) throw new Error('the queue is full');
      await sendLane.call(p.queue, tx, lane);
    };
    await relayDeliveries(p.parts);
    expect(await p.waitingInputs(key)).toMatchObject([{ input: { kind: 'vendor-hint' } }]);
    expect(await deliveryRow(p, bad)).toMatchObject({ relayedAt: null, attempts: 1 });
    p.queue.sendLane = sendLane;
    p.pass(3600);
    await relayDeliveries(p.parts);
    expect(await only(p)).toMatchObject({ applicationKeys: [gone.key] });
    expect(await p.db.select().from(failures)).toMatchObject([{ state: 'settled' }]);
  });
});

describe('of a connection that was removed', () => {
  test('an ATS: the person is erased at once, what is open at the vendor is cancelled, and what stays in the ATS is for a person', async () => {
    const p = given();
    const { key, invitationId } = await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    await removeAts(p);
    // What was decided before and waits for a connection that never comes back.
    await p.db
      .update(effects)
      .set({ state: 'queued', runAfter: new Date(p.now.getTime() + 300_000), finishedAt: null })
      .where(eq(effects.kind, 'write-note'));
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    expect(p.vendor.cancelled).toEqual([invitationId]);
    expect(await p.erase()).toBe(1);
    expect(await p.row(key)).toBeUndefined();
    expect(await p.effectRows()).toEqual([]);
    const { outside } = await only(p);
    expect(outside.map(({ code }) => code)).toContain('vendor-cancelled');
    // Nothing was written there in the end.
    expect(outside.map(({ code }) => code)).not.toContain('ats-removed');
  });

  test('an ATS in which something of ours stays is named as out of reach', async () => {
    const p = given();
    await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    await removeAts(p);
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    expect(await p.erase()).toBe(1);
    expect((await only(p)).outside).toEqual(
      expect.arrayContaining([
        { code: 'ats-notes', values: { ats: 'Lever', count: '1' } },
        { code: 'ats-removed', values: { ats: 'Lever' } },
      ]),
    );
    const [told] = (await listErasures(p.db)).erasures;
    expect(told?.outside.find(({ code }) => code === 'ats-removed')?.text).toBe(
      'The connection to Lever was removed, so Tagalong does not reach it any more: what is listed for Lever is to be deleted there by hand.',
    );
  });

  test('a vendor: half a minute later the person is erased, and what is there is for a person', async () => {
    const p = given();
    const { key } = await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    await removeVendor(p);
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    p.pass(31);
    await p.settle();
    expect(await p.erase()).toBe(1);
    expect(p.vendor.cancelled).toEqual([]);
    expect(await p.row(key)).toBeUndefined();
    expect(await p.effectRows()).toEqual([]);
    const { outside } = await only(p);
    expect(outside.filter(({ code }) => code.startsWith('vendor'))).toEqual([
      { code: 'vendor-removed', values: { vendor: 'Coderbyte', count: '1' } },
    ]);
  });
});

describe('the removed ATSs that an admin may name', () => {
  test('are those of whom people are here, the last removed first, and no vendor', async () => {
    const p = given();
    const list = async () => (await listErasures(p.db)).removedConnections;
    await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    expect(await list()).toEqual([]);
    await removeVendor(p);
    await removeAts(p);
    const removedAt = p.now.toISOString();
    expect(await list()).toEqual([{ id: p.atsConnectionId, kind: 'lever', name: 'Lever', removedAt }]);
    const [ats] = await p.db.select().from(connections).where(eq(connections.id, p.atsConnectionId));
    if (!ats) throw new Error('no connection');
    p.pass(60);
    const [later, empty] = [randomUUID(), randomUUID()];
    for (const id of [later, empty]) await p.db.insert(connections).values({ ...ats, id, name: 'Lever 2', deletedAt: p.now });
    await p.db.execute(sql`insert into tagalong.applications
      select (jsonb_populate_record(a, jsonb_build_object('key', ${randomUUID()}::text, 'connection_id', ${later}::text))).* from tagalong.applications a`);
    expect((await list()).map(({ id }) => id)).toEqual([later, p.atsConnectionId]);
  });

  test('go from the list with their last person', async () => {
    const p = given();
    await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    await removeAts(p);
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    await p.erase();
    expect((await listErasures(p.db)).removedConnections).toEqual([]);
  });
});
