import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../../lib/domain/application.ts';
import { linkChain } from '../../../server/audit/link-chain.ts';
import { verifyChain } from '../../../server/audit/verify-chain.ts';
import { requestErasure } from '../../../server/erasure/request-erasure.ts';
import { raiseHint } from '../../../server/jobs/delivery-hints.ts';
import { relayDeliveries } from '../../../server/jobs/relay.ts';
import type { Transaction } from '../../../server/services.ts';
import { carryExtraTime, setExtraTime } from '../../../server/storage/accommodations.repository.ts';
import { appendAudit } from '../../../server/storage/audit.repository.ts';
import { addPoolLinks, countPoolLinks, takePoolLink } from '../../../server/storage/pool-links.repository.ts';
import {
  accommodations,
  applications,
  audit,
  auditDetails,
  connections,
  deliveries,
  erasedKeys,
  erasures,
  failures,
  invitations,
  poolLinks,
  settings,
} from '../../../server/storage/schema.ts';
import { askErasure as ask, settleTwice as settle } from '../../support/ask-erasure.ts';
import { FORBIDDEN } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { BEN, makeSnapshot } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();

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

  test('lists the note whose answer was lost: nobody looks for it any more, and it may be there', async () => {
    const p = given();
    await p.sending({ applicationId: 'a-1', candidateId: 'c-1' });
    p.ats.fail('writeNote', 'work-then-fail');
    await p.settle();
    expect((await p.effectRows()).find(({ kind }) => kind === 'write-note')).toMatchObject({ state: 'calling' });
    await ask(p, { applicationIds: ['a-1'] });
    await settle(p);
    expect(await p.erase()).toBe(0);
    p.pass(31);
    expect(await p.erase()).toBe(1);
    expect(p.ats.notes).toHaveLength(1);
    expect((await only(p)).outside).toEqual(
      expect.arrayContaining([
        { code: 'ats-notes', values: { ats: 'Lever', count: '1' } },
        { code: 'perhaps', values: { count: '1' } },
      ]),
    );
  });

  test('lists an invitation that the vendor made before our e-mail with its link was refused', async () => {
    const p = given();
    await p.sending({ applicationId: 'a-1', candidateId: 'c-1' });
    p.vendor.receipt = { emailedBy: 'us' };
    p.mailer.answer = { ok: false, kind: 'refused', status: 550, detail: 'no such mailbox' };
    await p.settle();
    expect(p.vendor.invited).toHaveLength(1);
    await ask(p, { applicationIds: ['a-1'] });
    await settle(p);
    expect(await p.erase()).toBe(1);
    expect((await only(p)).outside).toEqual([
      { code: 'vendor-perhaps', values: { vendor: 'Coderbyte', count: '1' } },
      { code: 'backups', values: {} },
    ]);
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

  test('follows from a word that an earlier version took in and did not work off', async () => {
    const p = given();
    const { key } = await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    p.atsAnswer = { ok: false, kind: 'unreachable', detail: 'away' };
    await p.put(key, { kind: 'anonymised' });
    await p.lane(key);
    expect(await only(p)).toMatchObject({ askedBy: 'ats-anonymised', applicationKeys: [key] });
    await settle(p);
    expect(await p.erase()).toBe(1);
    expect(await p.row(key)).toBeUndefined();
  });

  test('takes extra time under an address that was only ever typed or known before, unless somebody who stays has it', async () => {
    const p = given();
    const { key, invitationId } = await p.sent({ applicationId: 'a-1', candidateId: 'c-1', emails: ['ada@mail.example'] });
    await p.look(await p.apply({ applicationId: 'a-2', candidateId: 'c-2', emails: ['stays@mail.example'] }));
    const by = { setBy: randomUUID(), now: p.now };
    const means = { db: p.db, sealer: p.services.sealer };
    const persons = ['ada@mail.example', 'old@mail.example', 'stays@mail.example', 'bea@mail.example'];
    for (const person of persons) await setExtraTime(means, { person, percent: 25, ...by });
    const old = ['old@mail.example', 'stays@mail.example'];
    await p.put(key, { kind: 'extra-time', actionId: randomUUID(), invitationId: null, by: BEN, persons: old });
    // What the click writes with it stands, though the lane then refuses it.
    await carryExtraTime(means, { from: 'ada@mail.example', to: 'new@mail.example', ...by });
    await p.change(key, (snapshot) => ({ ...snapshot, status: 'archived' }));
    p.pass(180);
    await p.put(key, { kind: 'correct-email', actionId: randomUUID(), invitationId, by: BEN, email: ' New@mail.example' });
    await p.lane(key);
    expect(await p.codes(key)).toContain('not-sent-not-active');
    expect((await p.invitationsOf(key)).map(({ person }) => person)).toEqual(['ada@mail.example']);
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    expect(await p.erase()).toBe(1);
    const left = (await p.db.select().from(accommodations)).map(({ person }) => person);
    expect(left.toSorted()).toEqual(['bea@mail.example', 'stays@mail.example']);
  });

  test('leaves what names somebody whose address was only typed into a click: a member’s own, for a look at the test', async () => {
    const p = given();
    const key = await p.apply({ applicationId: 'a-1', candidateId: 'c-1', emails: ['ada@mail.example'], status: 'archived' });
    await p.click(key, { email: 'Grace@northwind.example' });
    await p.lane(key);
    expect(await p.codes(key)).toContain('not-sent-not-active');
    expect(await p.invitationsOf(key)).toEqual([]);
    const claim = { state: 'scored', startedAt: null, submittedAt: null, result: null };
    const told = async (email: string) => {
      const hint = { event: 'scorecard_updated', assessmentExternalId: p.assessment.externalId, email, claim };
      const id = await p.deliver([hint], 'vendor');
      const body = Buffer.from(JSON.stringify({ email, email_admin: 'grace@northwind.example' }));
      await p.db.update(deliveries).set({ body }).where(eq(deliveries.id, id));
      return { id, hint, body };
    };
    const [ada, bea] = [await told('ada@mail.example'), await told('bea@mail.example')];
    const fail = (failure: { key: string; comment?: string }) =>
      p.db.insert(failures).values({
        ...{ id: randomUUID(), kind: 'delivery', reason: { code: 'delivery-trouble', values: {} }, state: 'open', ...failure },
        ...{ connectionId: p.vendorConnectionId, firstAt: p.now, lastAt: p.now },
      });
    for (const { id } of [ada, bea]) await fail({ key: `delivery:${id}` });
    await fail({ key: 'aside:other', comment: 'ask grace@northwind.example' });
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    expect(await p.erase()).toBe(1);
    const rows = new Map((await p.db.select().from(deliveries)).map((row) => [row.id, row]));
    expect(rows.get(ada.id)).toMatchObject({ hints: [], body: null, outcome: 'erased' });
    expect(rows.get(bea.id)).toMatchObject({ hints: [bea.hint], body: bea.body });
    const left = (await p.db.select().from(failures)).map((failure) => failure.key);
    expect(left.toSorted()).toEqual(['aside:other', `delivery:${bea.id}`]);
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

  const erased = async (p: Pipeline) => {
    await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    p.pass(60);
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    expect(await p.erase()).toBe(1);
  };
  /** The ATS has it, and tells of it by a webhook with everything in it. */
  const tellOf = async (p: Pipeline, application: Partial<Snapshot> & { applicationId: string }) => {
    p.ats.applications.set(
      application.applicationId,
      makeSnapshot({ candidateId: 'c-1', emails: ['ada@mail.example'], ...application }),
    );
    const id = await p.deliver([
      { applicationId: application.applicationId, candidateId: 'c-1', event: 'candidate_stage_change' },
    ]);
    await p.db
      .update(deliveries)
      .set({ body: Buffer.from('{"name":"Ada"}') })
      .where(eq(deliveries.id, id));
    await relayDeliveries(p.parts);
    for (const key of p.queue.lanes.splice(0)) await p.lane(key);
    return async () => (await p.db.select().from(deliveries).where(eq(deliveries.id, id)))[0];
  };
  const ago = (p: Pipeline, seconds: number) => new Date(p.now.getTime() - seconds * 1000).toISOString();

  test('is not brought back by another application from before the erasure, and nobody’s name stands for that', async () => {
    const p = given();
    await erased(p);
    const delivery = await tellOf(p, { applicationId: 'a-4', createdAt: ago(p, 120) });
    expect(await p.db.select().from(applications)).toEqual([]);
    expect(await delivery()).toMatchObject({ body: null, hints: [], outcome: 'erased' });
    expect(await p.db.select().from(erasures)).toHaveLength(1);
    expect(await p.db.select().from(failures)).toEqual([]);
    // The next webhook about it does not even get so far.
    const reads = p.ats.count('readSnapshot');
    const again = await tellOf(p, { applicationId: 'a-4', createdAt: ago(p, 120) });
    expect(await again()).toMatchObject({ body: null, hints: [], outcome: 'erased' });
    expect(p.ats.count('readSnapshot')).toBe(reads);
  });

  test('is put aside also where the ATS hid that application at first, and the audit says why its detail is gone', async () => {
    const p = given();
    await erased(p);
    p.ats.fail('readSnapshot', FORBIDDEN);
    await tellOf(p, { applicationId: 'a-4', createdAt: ago(p, 120) });
    const [{ key } = { key: '' }] = await p.db.select().from(applications);
    expect(await p.db.select().from(audit).where(eq(audit.applicationKey, key))).toMatchObject([
      { action: 'application.vanished' },
    ]);
    await linkChain(p.services);
    await tellOf(p, { applicationId: 'a-4', createdAt: ago(p, 120) });
    expect(await p.db.select().from(applications)).toEqual([]);
    const told = await p.db.select().from(audit).where(eq(audit.applicationKey, key)).orderBy(audit.id);
    expect(told).toMatchObject([
      { action: 'application.vanished' },
      { action: 'candidate.erased', whoKind: 'system', connectionId: p.atsConnectionId, detailHash: null },
    ]);
    expect(await verifyChain(p.services)).toMatchObject({ fault: null });
    await linkChain(p.services);
    expect(await verifyChain(p.services)).toMatchObject({ fault: null });
    // Nothing but this one is told: where no detail was, nothing is missing.
    await tellOf(p, { applicationId: 'a-6', createdAt: ago(p, 120) });
    expect((await p.db.select().from(audit)).filter(({ action }) => action === 'candidate.erased')).toHaveLength(2);
  });

  test('comes in with an application made since, by the ATS’s own time and not by ours; the erased one stays out', async () => {
    const p = given();
    await erased(p);
    p.pass(60);
    const first = await tellOf(p, { applicationId: 'a-5', createdAt: ago(p, 30) });
    // Until it was read nobody knows that they are back.
    expect(await first()).toMatchObject({ body: null, hints: [{ applicationId: 'a-5' }], outcome: 'hinted' });
    const [row] = await p.db.select().from(applications);
    expect(row).toMatchObject({ applicationId: 'a-5', snapshot: { candidateId: 'c-1' } });
    await p.click(row?.key ?? '');
    await p.lane(row?.key ?? '');
    p.pass(60);
    await p.look(row?.key ?? '');
    await settle(p);
    expect(await p.invitationsOf(row?.key ?? '')).toMatchObject([{ state: 'sent' }]);
    const next = await tellOf(p, { applicationId: 'a-5', createdAt: ago(p, 90) });
    expect(await next()).toMatchObject({ body: Buffer.from('{"name":"Ada"}'), outcome: 'hinted' });
    const late = await tellOf(p, { applicationId: 'a-1', createdAt: ago(p, 3600) });
    expect(await late()).toMatchObject({ body: null, outcome: 'erased' });
    expect((await p.db.select().from(applications)).map(({ applicationId }) => applicationId)).toEqual(['a-5']);
    expect(await p.db.select().from(erasures)).toHaveLength(1);
    // A clock that runs ahead makes an old application look new.
    const ahead = { createdAt: ago(p, -60), clockAheadMs: 600_000 };
    await tellOf(p, { applicationId: 'a-6', ...ahead });
    expect(await p.db.select().from(applications)).toHaveLength(1);
  });

  test('stays out where the ATS does not say when they applied, and an admin is told', async () => {
    const p = given();
    await erased(p);
    await tellOf(p, { applicationId: 'zq-7', createdAt: null });
    expect(await p.db.select().from(applications)).toEqual([]);
    const told = await p.db.select().from(failures);
    expect(told).toMatchObject([{ kind: 'delivery', state: 'open', reason: { code: 'put-aside' } }]);
    expect(JSON.stringify(told)).not.toMatch(/zq|c-1\b/);
    expect(await p.db.select().from(erasures)).toHaveLength(1);
  });

  test('and came again may be erased again, with all that they applied for until then', async () => {
    const p = given();
    await erased(p);
    p.pass(60);
    await tellOf(p, { applicationId: 'a-5', createdAt: ago(p, 30) });
    p.pass(60);
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    expect(await p.erase()).toBe(1);
    await tellOf(p, { applicationId: 'a-8', createdAt: ago(p, 30) });
    expect(await p.db.select().from(applications)).toEqual([]);
    expect(await p.db.select().from(erasures)).toHaveLength(2);
  });

  test('and is given somebody’s application by a merge takes it along, in nobody’s name', async () => {
    const p = given();
    await erased(p);
    const other = await p.sent({ applicationId: 'b-1', candidateId: 'c-2', emails: ['bea@mail.example'] });
    await p.change(other.key, (snapshot) => ({ ...snapshot, candidateId: 'c-1', createdAt: ago(p, 3600) }));
    await p.look(other.key);
    const [, followed] = await p.db.select().from(erasures).orderBy(erasures.askedAt);
    expect(followed).toMatchObject({ memberId: null, applicationKeys: [other.key] });
    // They are no more out than before.
    p.pass(60);
    await tellOf(p, { applicationId: 'a-5', createdAt: ago(p, 59.5) });
    expect((await p.db.select().from(applications)).map(({ applicationId }) => applicationId)).toContain('a-5');
  });

  const tell = async (p: Pipeline, hint: Record<string, unknown>) => {
    const id = await p.deliver([{ event: 'candidate_updated', ...hint }]);
    await relayDeliveries(p.parts);
    return (await p.db.select().from(deliveries).where(eq(deliveries.id, id)))[0];
  };

  test('is not found in what speaks of the person alone, or of what is over, until they have applied anew', async () => {
    const p = given();
    await erased(p);
    const words = [
      { candidateId: 'c-1' },
      { candidateId: 'c-1', applicationId: 'a-4', deleted: true },
      { candidateId: 'c-1', anonymised: true },
    ];
    for (const word of words) expect(await tell(p, word)).toMatchObject({ hints: [], outcome: 'erased' });
    expect(await p.db.select().from(applications)).toEqual([]);
    expect(await p.db.select().from(erasures)).toHaveLength(1);
    p.pass(60);
    await tellOf(p, { applicationId: 'a-5', createdAt: ago(p, 30) });
    expect(await tell(p, { candidateId: 'c-1' })).toMatchObject({ hints: [{ candidateId: 'c-1' }], outcome: 'hinted' });
  });

  /** A vendor tells of an invitation that somebody made there by hand; the connection may be another one of it. */
  const tellAtVendor = async (p: Pipeline, email: string, connectionId = p.vendorConnectionId, waitsFor = 0) => {
    const claim = { state: 'scored', startedAt: null, submittedAt: null, says: 'notes on them', result: null };
    const hint = { event: 'assessment_completed', assessmentExternalId: p.assessment.externalId, email, claim };
    const id = await p.deliver([hint], 'vendor');
    const body = Buffer.from(JSON.stringify(hint));
    await p.db.update(deliveries).set({ connectionId, body }).where(eq(deliveries.id, id));
    p.pass(waitsFor);
    await relayDeliveries(p.parts);
    return (await p.db.select().from(deliveries).where(eq(deliveries.id, id)))[0];
  };
  const ERASED = { hints: [], body: null, outcome: 'erased' };
  const KEPT = { hints: [{ claim: { says: 'notes on them' } }], outcome: 'nobody' };

  test('is not found in what a vendor tells late of an invitation that was made outside, under any of their addresses', async () => {
    const p = given();
    const key = await p.apply({ applicationId: 'a-1', candidateId: 'c-1', emails: ['Ada@mail.example', 'ada@home.example'] });
    await p.look(key);
    expect(await tellAtVendor(p, 'ada@mail.example')).toMatchObject(KEPT);
    await ask(p, { candidateIds: ['c-1'] });
    expect(await tellAtVendor(p, 'ada@home.example')).toMatchObject(ERASED);
    await settle(p);
    expect(await p.erase()).toBe(1);
    for (const email of ['ADA@mail.example ', 'ada@home.example']) expect(await tellAtVendor(p, email)).toMatchObject(ERASED);
    expect(await tellAtVendor(p, 'bea@mail.example')).toMatchObject(KEPT);
    const later = randomUUID();
    const [vendor] = await p.db.select().from(connections).where(eq(connections.id, p.vendorConnectionId));
    if (vendor) await p.db.insert(connections).values({ ...vendor, id: later, name: 'Coderbyte 2' });
    expect(await tellAtVendor(p, 'ada@mail.example', later)).toMatchObject(ERASED);
    const kept = JSON.stringify(await p.db.select().from(deliveries));
    expect(kept).not.toMatch(/ada@/i);
  });

  test('is found there under an address that we never wrote to, too', async () => {
    const p = given();
    await p.sent({ applicationId: 'a-1', candidateId: 'c-1', emails: ['ada@mail.example', 'ada@home.example'] });
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    expect(await p.erase()).toBe(1);
    expect(await tellAtVendor(p, 'ada@home.example')).toMatchObject(ERASED);
  });

  test('leaves what a vendor tells under an address that somebody has who stays, or came since', async () => {
    const p = given();
    await p.look(await p.apply({ applicationId: 'a-1', candidateId: 'c-1', emails: ['ada@mail.example', 'both@mail.example'] }));
    const other = await p.apply({ applicationId: 'a-2', candidateId: 'c-2', emails: ['Both@mail.example'] });
    await p.look(other);
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    expect(await p.erase()).toBe(1);
    expect(await tellAtVendor(p, 'both@mail.example')).toMatchObject(KEPT);
    expect(await tellAtVendor(p, 'ada@mail.example')).toMatchObject(ERASED);
    // Until their application was read, nobody knows whose address it is.
    const since = await p.apply({ applicationId: 'a-9', candidateId: 'c-9', emails: ['ada@mail.example'] });
    await p.look(since);
    expect(await tellAtVendor(p, 'ada@mail.example')).toMatchObject(KEPT);
    await ask(p, { candidateIds: ['c-9', 'c-2'] });
    expect(await tellAtVendor(p, 'ada@mail.example')).toMatchObject(ERASED);
    expect(await tellAtVendor(p, 'both@mail.example')).toMatchObject(ERASED);
  });

  test('is told of by a vendor as anybody is, 60 days later: they may be back before their application was read', async () => {
    const p = given();
    await p.look(await p.apply({ applicationId: 'a-1', candidateId: 'c-1', emails: ['ada@mail.example'] }));
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    expect(await p.erase()).toBe(1);
    const day = 24 * 60 * 60;
    p.pass(60 * day - 1);
    // It counts when a word came in, not when it is passed on.
    expect(await tellAtVendor(p, 'ada@mail.example', p.vendorConnectionId, 2)).toMatchObject(ERASED);
    expect(await tellAtVendor(p, 'ada@mail.example')).toMatchObject(KEPT);
  });

  test('takes nobody along in what a vendor tells under an address that was only typed into a click', async () => {
    const p = given();
    const key = await p.apply({ applicationId: 'a-1', candidateId: 'c-1', emails: ['ada@mail.example'], status: 'archived' });
    await p.click(key, { email: 'grace@northwind.example' });
    await p.lane(key);
    await ask(p, { candidateIds: ['c-1'] });
    await settle(p);
    expect(await p.erase()).toBe(1);
    expect(await tellAtVendor(p, 'grace@northwind.example')).toMatchObject(KEPT);
    expect(await tellAtVendor(p, 'ada@mail.example')).toMatchObject(ERASED);
  });

  test('is not found any more from the moment that it was asked for', async () => {
    const p = given();
    const { key } = await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    await ask(p, { candidateIds: ['c-1'] });
    expect(await tell(p, { candidateId: 'c-1' })).toMatchObject({ hints: [], outcome: 'erased' });
    expect(await tell(p, { candidateId: 'c-1', applicationId: 'a-1' })).toMatchObject({ hints: [], outcome: 'erased' });
    expect(await p.row(key)).toBeDefined();
  });

  test('with their last application is not found in what speaks of the person alone', async () => {
    const p = given();
    await p.sent({ applicationId: 'a-1', candidateId: 'c-1' });
    await p.sent({ applicationId: 'a-2', candidateId: 'c-1', emails: ['ada@other.example'] });
    await ask(p, { applicationIds: ['a-1'] });
    await settle(p);
    await p.erase();
    expect(await tell(p, { candidateId: 'c-1' })).toMatchObject({ outcome: 'hinted' });
    await ask(p, { applicationIds: ['a-2'] });
    await settle(p);
    await p.erase();
    expect(await tell(p, { candidateId: 'c-1' })).toMatchObject({ hints: [], outcome: 'erased' });
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
