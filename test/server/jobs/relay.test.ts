import { randomBytes, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { relayDeliveries } from '../../../server/jobs/relay.ts';
import { applications, connections, deliveries, erasures, failures, invitations } from '../../../server/storage/schema.ts';
import { createSealer } from '../../../server/storage/seal.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { BEN } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();
const outcomeOf = async (p: Pipeline, id: number) => {
  const [row] = await p.db.select().from(deliveries).where(eq(deliveries.id, id));
  return row?.outcome ?? null;
};
const claim = { state: 'started', startedAt: null, submittedAt: null, result: null };

describe('what was stored is passed on', () => {
  test('a webhook about a new application makes its row, a hint and a job, once', async () => {
    const p = given();
    const id = await p.deliver([{ applicationId: 'opportunity-1', event: 'candidateStageChange' }]);
    expect(await relayDeliveries(p.parts)).toBe(1);
    expect(await relayDeliveries(p.parts)).toBe(0);
    const rows = await p.db.select().from(applications);
    expect(rows).toMatchObject([{ applicationId: 'opportunity-1', hinted: 1, handled: 0 }]);
    expect(p.queue.lanes).toEqual([rows[0]?.key]);
    expect(await outcomeOf(p, id)).toBe('hinted');
  });

  test('a deletion of somebody we know has them erased; of somebody we never heard of it makes no row, and none later', async () => {
    const p = given();
    const key = await p.apply({ applicationId: 'application-1' });
    await p.look(key);
    await p.deliver([
      { applicationId: 'application-1', candidateId: 'candidate-1', event: 'delete_candidate', deleted: true },
      { applicationId: 'application-2', candidateId: 'candidate-1', event: 'delete_candidate', deleted: true },
      { candidateId: 'candidate-1', event: 'delete_candidate', deleted: true },
    ]);
    // In the same batch, after the word.
    const late = await p.deliver([{ applicationId: 'application-2', event: 'candidate_stage_change' }]);
    await relayDeliveries(p.parts);
    // Another server of the ATS still shows it for a moment; the signed word stands.
    await p.lane(key);
    expect(await p.codes(key)).toEqual(expect.arrayContaining(['application-deleted']));
    await p.erase();
    expect(await p.db.select().from(applications)).toEqual([]);
    expect(await p.db.select().from(erasures)).toMatchObject([
      { askedBy: 'ats-deleted', applicationKeys: expect.arrayContaining([key]), finishedAt: p.now },
    ]);
    expect(await outcomeOf(p, late)).toBe('erased');
  });

  test('a signed webhook that names nobody cannot be read, and a hundred of them are one line for an admin', async () => {
    const p = given();
    const ids = [await p.deliver([]), await p.deliver([])];
    await relayDeliveries(p.parts);
    for (const id of ids) expect(await outcomeOf(p, id)).toBe('unreadable');
    const told = await p.db.select().from(failures);
    expect(told).toMatchObject([{ kind: 'delivery', state: 'open', times: 2, reason: { code: 'delivery-unnamed' } }]);
    // A vendor also tells of what concerns us in nothing.
    const other = await p.deliver([], 'vendor');
    await relayDeliveries(p.parts);
    expect(await outcomeOf(p, other)).toBe('nobody');
  });

  test('a signed report in which nothing can be used is on the failures list, each by itself: nothing else tells of it', async () => {
    const p = given();
    const row = await p.db.query.connections.findFirst({ where: eq(connections.side, 'vendor') });
    const settings = { kind: 'byteboard' } as const;
    await p.db
      .update(connections)
      .set({ kind: 'byteboard', settings })
      .where(eq(connections.id, row?.id ?? ''));
    const ids = [await p.deliver([], 'vendor'), await p.deliver([], 'vendor')];
    await relayDeliveries(p.parts);
    for (const id of ids) expect(await outcomeOf(p, id)).toBe('unreadable');
    const told = await p.db.select().from(failures);
    expect(told).toMatchObject(ids.map(() => ({ kind: 'delivery', state: 'open', reason: { code: 'report-unreadable' } })));
  });

  test('while the key of the erased does not open, webhooks wait and are no fault of their own', async () => {
    const p = given();
    const key = await p.apply({ applicationId: 'a-1' });
    await p.look(key);
    await p.deliver([{ applicationId: 'a-1', event: 'delete_application', deleted: true }]);
    await relayDeliveries(p.parts);
    await p.lane(key);
    await p.erase();
    const id = await p.deliver([{ applicationId: 'a-2', event: 'candidateStageChange' }]);
    const other = { ...p.services, sealer: createSealer(randomBytes(32)) };
    for (let tries = 0; tries < 8; tries += 1)
      await expect(relayDeliveries({ ...p.parts, services: other })).rejects.toThrow('another master key');
    expect(await p.db.select().from(failures)).toEqual([]);
    await relayDeliveries(p.parts);
    expect(await outcomeOf(p, id)).toBe('hinted');
  });

  test('five processes at once pass each on once', async () => {
    const p = given();
    // In another order in each batch, so that they would wait for each other in a circle if they could.
    for (let index = 0; index < 300; index += 1) await p.deliver([{ applicationId: `o${(index * 5) % 17}`, event: 'x' }]);
    const relayed = await Promise.all(Array.from({ length: 5 }, () => relayDeliveries(p.parts)));
    expect(relayed.reduce((a, b) => a + b)).toBe(300);
    const rows = await p.db.select().from(applications);
    expect(rows).toHaveLength(17);
    expect(rows.every((row) => row.hinted > row.handled)).toBe(true);
  });

  test('a webhook that names only the person reaches all applications of that person', async () => {
    const p = given();
    const one = await p.apply();
    const two = await p.apply();
    for (const key of [one, two]) await p.look(key);
    await p.deliver([{ candidateId: 'candidate-1', event: 'update_candidate' }]);
    await relayDeliveries(p.parts);
    expect(await p.row(one)).toMatchObject({ hinted: 2 });
    expect(await p.row(two)).toMatchObject({ hinted: 2 });
  });

  test.each(['is read', 'cannot be seen', 'cannot be asked for'])(
    'a person who was anonymised and then %s: what is held is stopped in all applications, nothing is sent, and all of it is erased',
    async (how) => {
      const p = given();
      const keys = [await p.apply({ emails: ['ada@mail.example'] }), await p.apply({ emails: ['ada@mail.example'] })];
      for (const key of keys) await p.look(key);
      const [one = ''] = keys;
      await p.click(one);
      await p.lane(one);
      expect(await p.invitationsOf(one)).toMatchObject([{ state: 'held' }]);
      if (how === 'cannot be seen') p.ats.applications.clear();
      if (how === 'cannot be asked for') p.atsAnswer = { ok: false, kind: 'unreachable', detail: 'away' };
      await p.deliver([{ candidateId: 'candidate-1', event: 'candidate_anonymized', anonymised: true }]);
      await relayDeliveries(p.parts);
      p.pass(20);
      for (const key of keys) await p.look(key);
      await p.settle();
      expect((await p.effectRows()).map(({ kind }) => kind)).not.toContain('send-invitation');
      await p.erase();
      expect(await p.db.select().from(applications)).toEqual([]);
      expect(await p.db.select().from(invitations)).toEqual([]);
      expect(await p.db.select().from(erasures)).toMatchObject([{ askedBy: 'ats-anonymised', applicationKeys: keys.toSorted() }]);
    },
  );

  test('a job that cannot be sent leaves the delivery for the next time', async () => {
    const p = given();
    const id = await p.deliver([{ applicationId: 'opportunity-1', event: 'x' }]);
    const sendLane = p.queue.sendLane;
    p.queue.sendLane = async () => {
      throw new Error('the queue is full');
    };
    expect(await relayDeliveries(p.parts)).toBe(0);
    expect(await p.db.select().from(applications)).toEqual([]);
    expect(await outcomeOf(p, id)).toBeNull();
    p.queue.sendLane = sendLane;
    expect(await relayDeliveries(p.parts)).toBe(0);
    p.pass(2);
    expect(await relayDeliveries(p.parts)).toBe(1);
    expect(await outcomeOf(p, id)).toBe('hinted');
    expect(await p.db.select().from(failures)).toMatchObject([{ key: `delivery:${id}`, state: 'settled', times: 1 }]);
  });

  test('a store that is down is no fault of the webhooks', async () => {
    const p = given();
    const id = await p.deliver([{ applicationId: 'opportunity-1', event: 'x' }]);
    p.queue.sendLane = async () => {
      throw new Error('Connection terminated unexpectedly');
    };
    await expect(relayDeliveries(p.parts)).rejects.toThrow('Connection terminated');
    const [row] = await p.db.select().from(deliveries).where(eq(deliveries.id, id));
    expect(row).toMatchObject({ relayedAt: null, attempts: 0 });
    expect(await p.db.select().from(failures)).toEqual([]);
  });

  test('one that always fails holds up nobody, is tried more and more seldom, and ends on the failures list', async () => {
    const p = given();
    await p.database.pool.query(`create function refuse_poison() returns trigger language plpgsql as $$
      begin raise exception 'no row for %', new.application_id using errcode = '23514'; end $$`);
    await p.database.pool.query(`create trigger refuse_poison before insert on tagalong.applications for each row
      when (new.application_id = 'poison') execute function refuse_poison()`);
    const ids: number[] = [];
    for (const applicationId of ['before', 'poison', 'after']) ids.push(await p.deliver([{ applicationId, event: 'x' }]));
    const [before = 0, poison = 0, after = 0] = ids;
    expect(await relayDeliveries(p.parts)).toBe(2);
    expect([await outcomeOf(p, before), await outcomeOf(p, after)]).toEqual(['hinted', 'hinted']);
    const attempts = async () => (await p.db.select().from(deliveries).where(eq(deliveries.id, poison)))[0]?.attempts;
    const tries = [];
    for (const seconds of [0, 2, 2, 7, 60, 5, 500, 13, 2]) {
      p.pass(seconds);
      await relayDeliveries(p.parts);
      tries.push(await attempts());
    }
    expect(tries).toEqual([1, 2, 2, 3, 3, 4, 4, 5, 5]);
    expect(await outcomeOf(p, poison)).toBe('failed');
    const [failure] = await p.db.select().from(failures);
    expect(failure).toMatchObject({
      key: `delivery:${poison}`,
      kind: 'delivery',
      state: 'open',
      times: 5,
      reason: { code: 'delivery-failed', values: { event: 'candidateStageChange', fault: '23514' } },
    });
    expect(JSON.stringify(failure)).not.toContain('no row for');
  });

  test('what waits for a connection that was deleted concerns nobody', async () => {
    const p = given();
    await p.switchConnection(p.atsConnectionId, false);
    const id = await p.deliver([{ applicationId: 'opportunity-1', event: 'x' }]);
    await p.db.update(connections).set({ deletedAt: p.now });
    await relayDeliveries(p.parts);
    expect(await outcomeOf(p, id)).toBe('nobody');
    expect((await p.db.select().from(deliveries))[0]).toMatchObject({ hints: [] });
  });

  test.each([
    ['is run again by hand with what it told', Buffer.from('{}'), [{ applicationId: 'poison', event: 'x' }]],
    ['tells of nobody any more where an erasure took its body', null, []],
  ])('one that is given up %s', async (_what, body, hints) => {
    const p = given();
    const id = await p.deliver([{ applicationId: 'poison', event: 'x' }]);
    await p.db.update(deliveries).set({ body });
    p.queue.sendLane = async () => {
      throw new Error('the queue is full');
    };
    for (let tries = 0; tries < 5; tries += 1) {
      await relayDeliveries(p.parts);
      p.pass(3600);
    }
    const [row] = await p.db.select().from(deliveries).where(eq(deliveries.id, id));
    expect(row).toMatchObject({ outcome: 'failed', hints });
  });

  test('while a connection is off its webhooks wait, and are passed on once it is on again', async () => {
    const p = given();
    await p.switchConnection(p.atsConnectionId, false);
    await p.deliver([{ applicationId: 'opportunity-1', event: 'x' }]);
    expect(await relayDeliveries(p.parts)).toBe(0);
    await p.switchConnection(p.atsConnectionId, true);
    expect(await relayDeliveries(p.parts)).toBe(1);
  });

  test.each([
    ['an id of a size that no system gives', { applicationId: 'x'.repeat(5000), event: 'x' }],
    ['something that is no hint', { applicationId: 7 }],
  ])('%s does not hold up the webhooks behind it', async (_what, hint) => {
    const p = given();
    const bad = await p.deliver([hint]);
    const good = await p.deliver([{ applicationId: 'opportunity-1', event: 'x' }]);
    expect(await relayDeliveries(p.parts)).toBe(2);
    expect(await outcomeOf(p, bad)).toBe('unreadable');
    expect(await p.db.select().from(failures)).toMatchObject([{ key: `delivery:${bad}`, state: 'open' }]);
    expect(await outcomeOf(p, good)).toBe('hinted');
  });
});

describe('a vendor speaks of an invitation', () => {
  test.each<[string, (ids: { invitationId: string; email: string }) => Record<string, string>]>([
    ['by our id', ({ invitationId }) => ({ invitationId })],
    ['by our id in capitals', ({ invitationId }) => ({ invitationId: invitationId.toUpperCase() })],
    ['by its own id', ({ invitationId }) => ({ externalId: `ext-${invitationId}` })],
    ['by the name of the assessment and address', ({ email }) => ({ assessmentExternalId: 'senior SWE', email })],
    [
      'by assessment and address, however that is written',
      ({ email }) => ({ assessmentExternalId: 'swe', email: email.toUpperCase() }),
    ],
  ])('%s', async (_how, toWhom) => {
    const p = given();
    const { key, invitationId } = await p.sent();
    const email = (await p.invitationsOf(key))[0]?.email ?? '';
    await p.deliver([{ event: 'x', ...toWhom({ invitationId, email }), claim }], 'vendor');
    await relayDeliveries(p.parts);
    expect(await p.waitingInputs(key)).toMatchObject([{ input: { kind: 'vendor-hint', invitationId, trusted: false } }]);
  });

  test('of nobody we know: noted, and nothing else', async () => {
    const p = given();
    const id = await p.deliver([{ event: 'x', email: 'who@mail.example', assessmentExternalId: 'swe', claim }], 'vendor');
    await relayDeliveries(p.parts);
    expect(await outcomeOf(p, id)).toBe('nobody');
  });

  test('that still waits in its hold: it cannot be that one', async () => {
    const p = given();
    const key = await p.apply({ emails: ['ada@mail.example'] });
    await p.look(key);
    await p.click(key);
    await p.lane(key);
    const [held] = await p.invitationsOf(key);
    const byAddress = await p.deliver([{ event: 'x', email: 'ada@mail.example', assessmentExternalId: 'swe', claim }], 'vendor');
    const byId = await p.deliver([{ event: 'x', invitationId: held?.id, claim }], 'vendor');
    await relayDeliveries(p.parts);
    expect(await outcomeOf(p, byAddress)).toBe('nobody');
    expect(await outcomeOf(p, byId)).toBe('nobody');
  });

  test.each([
    ['failed', null],
    ['expired', 'session-0'],
  ] as const)(
    'by our id, which is %s, and by its own, under which another one was attached: that one has it',
    async (state, externalId) => {
      const p = given();
      const { key, invitationId } = await p.sent();
      await p.db.update(invitations).set({ state, externalId });
      const claimed = { externalId: 'session-1', email: 'ada@mail.example', invitedAt: null, expiresAt: null };
      const attach = {
        kind: 'attach',
        actionId: randomUUID(),
        by: BEN,
        assessmentId: p.assessment.id,
        vendor: 'Coderbyte',
      } as const;
      await p.put(key, { ...attach, ...claimed, trusted: true, claim: { ...claim, state: 'sent' } });
      await p.lane(key);
      const attached = (await p.invitationsOf(key)).find(({ externalId }) => externalId === 'session-1');
      await p.deliver([{ event: 'x', invitationId, externalId: 'session-1', claim }], 'vendor');
      await p.deliver([{ event: 'x', invitationId, externalId: 'session-2', claim }], 'vendor');
      await relayDeliveries(p.parts);
      expect(await p.waitingInputs(key)).toMatchObject([
        { input: { kind: 'vendor-hint', invitationId: attached?.id } },
        { input: { kind: 'vendor-hint', invitationId } },
      ]);
      // One of which a result is known is the one that our id names.
      await p.db.update(invitations).set({ state: 'scored' }).where(eq(invitations.id, invitationId));
      await p.deliver([{ event: 'x', invitationId, externalId: 'session-1', claim }], 'vendor');
      await relayDeliveries(p.parts);
      expect((await p.waitingInputs(key)).at(-1)).toMatchObject({ input: { kind: 'vendor-hint', invitationId } });
    },
  );

  test('of another vendor, by an id that is not its own: it is not believed', async () => {
    const p = given();
    const { key, invitationId } = await p.sent();
    const other = randomUUID();
    const [vendor] = await p.db.select().from(connections).where(eq(connections.id, p.vendorConnectionId));
    if (!vendor) throw new Error('no vendor');
    await p.db.insert(connections).values({ ...vendor, id: other });
    const id = await p.deliver([{ event: 'x', invitationId, claim }], 'vendor');
    await p.db.update(deliveries).set({ connectionId: other }).where(eq(deliveries.id, id));
    await relayDeliveries(p.parts);
    expect(await outcomeOf(p, id)).toBe('nobody');
    expect(await p.waitingInputs(key)).toEqual([]);
  });

  test('of another connection: it is not believed', async () => {
    const p = given();
    const { key, invitationId } = await p.sent();
    await p.db.update(deliveries).set({ relayedAt: p.now });
    const id = await p.deliver([{ event: 'x', invitationId, claim }], 'ats');
    await relayDeliveries(p.parts);
    expect(await outcomeOf(p, id)).toBe('nobody');
    expect(await p.waitingInputs(key)).toEqual([]);
  });
});
