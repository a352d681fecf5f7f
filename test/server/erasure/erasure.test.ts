import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { requestErasure } from '../../../server/erasure/request-erasure.ts';
import { raiseHint } from '../../../server/jobs/delivery-hints.ts';
import { relayDeliveries } from '../../../server/jobs/relay.ts';
import type { Transaction } from '../../../server/services.ts';
import { setExtraTime } from '../../../server/storage/accommodations.repository.ts';
import { appendAudit } from '../../../server/storage/audit.repository.ts';
import { addPoolLinks, countPoolLinks, takePoolLink } from '../../../server/storage/pool-links.repository.ts';
import {
  accommodations,
  applications,
  audit,
  auditDetails,
  deliveries,
  erasedKeys,
  erasures,
  invitations,
  poolLinks,
  settings,
} from '../../../server/storage/schema.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();

const ask = (p: Pipeline, subject: { applicationIds?: string[]; candidateIds?: string[] }) =>
  p.db.transaction((tx) =>
    requestErasure(tx, p.parts, {
      connectionId: p.atsConnectionId,
      subject: { applicationIds: [], candidateIds: [], goneCandidateIds: [], ...subject },
      askedBy: 'admin',
      memberId: randomUUID(),
    }),
  );
/** Also what follows from what the lanes decide first. */
const settle = async (p: Pipeline) => {
  await p.settle();
  await p.settle();
};
const only = async (p: Pipeline) => {
  const [row] = await p.db.select().from(erasures);
  if (!row) throw new Error('nobody asked');
  return row;
};

describe('an erasure', () => {
  test('takes everything of the person and leaves what is of others, under the same address or not', async () => {
    const p = given();
    const one = await p.sent({ applicationId: 'a-1', candidateId: 'c-1', emails: ['ada@mail.example'] });
    const other = await p.sent({ applicationId: 'a-2', candidateId: 'c-2', emails: ['bea@mail.example'] });
    const [twin] = [await p.apply({ applicationId: 'a-3', candidateId: 'c-3', emails: ['ada@mail.example'] })];
    await p.look(twin ?? '');
    const now = p.now;
    const means = { db: p.db, sealer: p.services.sealer };
    for (const person of ['ada@mail.example', 'bea@mail.example'])
      await setExtraTime(means, { person, percent: 25, setBy: randomUUID(), now });
    for (const key of [one.key, other.key])
      await appendAudit(p.db, p.services, {
        who: { kind: 'rule' },
        action: 'invitation.sent',
        applicationKey: key,
        detail: { why: 'ada' },
      });
    await addPoolLinks(p.services, { assessmentId: p.assessment.id, links: ['https://one.example/1', 'https://one.example/2'] });
    const given1 = { assessmentId: p.assessment.id, invitationId: one.invitationId };
    expect(await takePoolLink(p.services, given1)).toMatchObject({ kind: 'taken' });
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    expect(await p.erase()).toBe(1);

    expect((await p.db.select().from(applications)).map(({ applicationId }) => applicationId).toSorted()).toEqual(['a-2', 'a-3']);
    expect((await p.db.select().from(invitations)).map(({ id }) => id)).toEqual([other.invitationId]);
    // The address is also that of somebody whom nobody has asked to forget.
    expect((await p.db.select().from(accommodations)).map(({ person }) => person).toSorted()).toEqual([
      'ada@mail.example',
      'bea@mail.example',
    ]);
    const details = await p.db.select().from(auditDetails);
    const kept = await p.db.select().from(audit).where(eq(audit.applicationKey, one.key));
    expect(kept.some(({ id }) => details.some(({ auditId }) => auditId === id))).toBe(false);
    expect(kept.map(({ action }) => action)).toContain('candidate.erased');
    expect(details.length).toBeGreaterThan(0);
    // The link was theirs and is never given again.
    expect((await p.db.select().from(poolLinks)).map(({ sealed }) => sealed === '').toSorted()).toEqual([false, true]);
    expect((await countPoolLinks(p.db)).get(p.assessment.id)).toEqual({ free: 1, taken: 1 });
    expect(await addPoolLinks(p.services, { assessmentId: p.assessment.id, links: ['https://one.example/1'] })).toBe(0);
    expect((await p.db.select().from(settings)).filter(({ key }) => key.startsWith('erasure:'))).toEqual([]);
  });

  test('takes back what is out at the vendor before the rows go, and says so', async () => {
    const p = given();
    const { invitationId } = await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    await ask(p, { applicationIds: ['a-1'] });
    expect(await p.erase()).toBe(0);
    await settle(p);
    expect(p.vendor.cancelled).toEqual([invitationId]);
    expect(await p.erase()).toBe(1);
    expect((await only(p)).outside.map(({ code }) => code)).toContain('vendor-cancelled');
  });

  test('waits half a minute for a vendor that is away, and no longer', async () => {
    const p = given();
    await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    p.vendorAnswer = { ok: false, kind: 'unreachable', detail: 'away' };
    await ask(p, { applicationIds: ['a-1'] });
    await settle(p);
    p.pass(29);
    expect(await p.erase()).toBe(0);
    p.pass(2);
    expect(await p.erase()).toBe(1);
    const { outside, finishedAt } = await only(p);
    expect(outside.map(({ code }) => code)).toContain('vendor-open');
    expect(finishedAt).toEqual(p.now);
  });

  test('that is asked for again is the same one', async () => {
    const p = given();
    await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    const first = await ask(p, { applicationIds: ['a-1'] });
    expect(await ask(p, { applicationIds: ['a-1'] })).toBe(first);
    await settle(p);
    await p.erase();
    expect(await ask(p, { applicationIds: ['a-1'] })).toBe(first);
    expect(await p.erase()).toBe(0);
  });

  test('and a webhook about the same person wait for one another, never in a circle', async () => {
    const p = given();
    const { key } = await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    // As two jobs of one lane do by their unique key, until the first is committed.
    const sendLane = async (tx: Transaction, lane: string) =>
      void (await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${lane}))`));
    const means = { ...p.parts, queue: { sendLane } };
    const subject = { applicationIds: ['a-1'], candidateIds: [], goneCandidateIds: [] };
    const request = { connectionId: p.atsConnectionId, subject, askedBy: 'admin' as const };
    let erasing: Promise<string> | undefined;
    await p.db.transaction(async (tx) => {
      await raiseHint(tx, [key]);
      erasing = p.db.transaction((other) => requestErasure(other, means, request));
      const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await expect.poll(async () => (await p.pool.query(waiting)).rowCount).toBe(1);
      await sendLane(tx, key);
    });
    await expect(erasing).resolves.toMatch(/-/);
  });

  test('keeps hashes that nobody can try ids on without the key', async () => {
    const p = given();
    await p.sent({ applicationId: 'zq-application', candidateId: 'zq-candidate' });
    await ask(p, { candidateIds: ['zq-candidate'] });
    await settle(p);
    await p.erase();
    const hashes = await p.db.select().from(erasedKeys);
    expect(hashes.length).toBeGreaterThan(2);
    expect(hashes.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
    expect(JSON.stringify([hashes, await p.db.select().from(erasures)])).not.toMatch(/zq/);
  });
});

describe('somebody who was erased', () => {
  test('may apply again as another candidate, under the same address', async () => {
    const p = given();
    await p.sent({ applicationId: 'a-1', candidateId: 'c-1', emails: ['ada@mail.example'] });
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    await p.erase();
    const { key, invitationId } = await p.sent({ applicationId: 'a-9', candidateId: 'c-9', emails: ['ada@mail.example'] });
    expect(await p.invitationsOf(key)).toMatchObject([{ id: invitationId, state: 'sent' }]);
    // What the vendor says under that address is about this one now.
    const state = { state: 'started', startedAt: null, submittedAt: null, result: null };
    const hint = { event: 'x', assessmentExternalId: p.assessment.externalId, email: 'ada@mail.example', claim: state };
    await p.deliver([hint], 'vendor');
    await relayDeliveries(p.parts);
    expect(await p.waitingInputs(key)).toMatchObject([{ input: { kind: 'vendor-hint', invitationId } }]);
  });

  test('is not brought back by another application of the same candidate that a reading shows', async () => {
    const p = given();
    await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    await p.erase();
    const key = await p.apply({ applicationId: 'a-4', candidateId: 'c-1' });
    await p.look(key);
    expect((await p.row(key))?.snapshot).toBeNull();
    expect(await p.erase()).toBe(1);
    expect(await p.row(key)).toBeUndefined();
  });

  test('is taken out of a webhook that also tells of others', async () => {
    const p = given();
    await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    await p.erase();
    const id = await p.deliver([
      { applicationId: 'a-1', event: 'merge_candidate' },
      { applicationId: 'a-5', event: 'merge_candidate' },
    ]);
    await p.db
      .update(deliveries)
      .set({ body: Buffer.from('{"name":"Ada"}') })
      .where(eq(deliveries.id, id));
    await relayDeliveries(p.parts);
    const [row] = await p.db.select().from(deliveries).where(eq(deliveries.id, id));
    expect(row).toMatchObject({ outcome: 'hinted', body: null, hints: [{ applicationId: 'a-5', event: 'merge_candidate' }] });
  });
});
