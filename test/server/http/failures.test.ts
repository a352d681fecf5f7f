import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { failuresClosedSchema, failuresViewSchema } from '../../../lib/contract/failures.ts';
import { lockApplications } from '../../../server/erasure/find-applications.ts';
import { settleSwept } from '../../../server/failures/after-sweep.ts';
import { toActivityEntry } from '../../../server/http/activity-view.ts';
import { addFailureRoutes } from '../../../server/http/failures.routes.ts';
import { readWaiting } from '../../../server/http/waiting.ts';
import { relayDeliveries } from '../../../server/jobs/relay.ts';
import { sweep } from '../../../server/jobs/sweep.ts';
import { listActivity } from '../../../server/storage/activity.repository.ts';
import { failureKeys, noteFailure } from '../../../server/storage/failures.repository.ts';
import { audit, auditDetails, connections, deliveries, failures } from '../../../server/storage/schema.ts';
import { askErasure, settleTwice } from '../../support/ask-erasure.ts';
import { FakeVendor, FORBIDDEN, LOST } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { openPipelineApp } from '../../support/pipeline-app.ts';
import { BEN } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
const REFUSED = { ok: false, kind: 'refused', status: 422, detail: 'no credits left' } as const;
let p: Pipeline;
let call: Awaited<ReturnType<typeof openPipelineApp>>;
beforeEach(async () => {
  p = pipeline.current();
  call = await openPipelineApp(p, 'admin', (app) => addFailureRoutes(app, p.parts));
});

const list = async (query = '') => failuresViewSchema.parse((await call('GET', `/api/failures${query}`)).body);
const close = async (how: 'retry' | 'discard', body: object) =>
  failuresClosedSchema.parse((await call('POST', `/api/failures/${how}`, body)).body);
const only = async () => {
  const { items } = await list();
  const [item] = items;
  if (!item || items.length > 1) throw new Error(`${items.length} failures`);
  return item;
};
/** The background's work, until nothing is left to do now. */
const work = async (key: string) => {
  await p.settle();
  await p.lane(key);
  await p.settle();
};

describe('the list', () => {
  test('tells what failed, why, and of whom, in words; by pages and by state', async () => {
    p.vendor.fail('invite', REFUSED);
    const { key } = await p.sending({ name: 'Ada Lovelace' });
    await work(key);
    expect(await only()).toMatchObject({
      kind: 'effect',
      text: 'Not done: sending the invitation.',
      why: expect.stringContaining('no credits left'),
      candidateName: 'Ada Lovelace',
      connectionName: 'Lever',
      times: 1,
      needsCheck: false,
    });
    for (let index = 0; index < 5; index += 1) {
      p.pass(1);
      const reason = { code: 'delivery-unreadable', values: { event: 'x' } };
      await noteFailure(p.db, p.services, { key: failureKeys.delivery(index), kind: 'delivery', reason });
    }
    const first = await list('?limit=4');
    const second = await list(`?limit=4&before=${encodeURIComponent(first.next ?? '')}`);
    expect([first.items.length, second.items.length, second.next]).toEqual([4, 2, null]);
    const bad = ['x', '2026-13-45T00:00:00.000Z_00000000-0000-0000-0000-000000000000', `${first.next?.slice(0, -1)}`, ''];
    for (const end of bad) expect((await call('GET', `/api/failures?before=${encodeURIComponent(end)}`)).status).toBe(400);
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(6);
    expect(first.counts).toEqual({ open: 6, retried: 0, discarded: 0, settled: 0 });
    expect((await list('?kind=effect')).items).toHaveLength(1);
    expect((await list('?state=settled')).items).toEqual([]);
  });

  test('is for admins alone', async () => {
    const asRecruiter = await openPipelineApp(p, 'recruiter', (app) => addFailureRoutes(app, p.parts));
    expect((await asRecruiter('GET', '/api/failures')).status).toBe(403);
    expect((await asRecruiter('POST', '/api/failures/retry', { all: true })).status).toBe(403);
    expect((await asRecruiter('POST', '/api/failures/discard', { all: true, comment: 'x' })).status).toBe(403);
  });
});

test('how many wait is told to admins, and to nobody else', async () => {
  await noteFailure(p.db, p.services, { key: 'gap:x', kind: 'gap', reason: { code: 'gap' } });
  const as = (role: 'admin' | 'recruiter') => readWaiting(p.services, { id: randomUUID(), name: 'Rosa', role });
  expect((await as('admin')).failures).toBe(1);
  expect((await as('recruiter')).failures).toBeUndefined();
});

describe('trying again', () => {
  test('an invitation: by two admins at once it goes out once', async () => {
    p.vendor.fail('invite', REFUSED);
    const { key } = await p.sending();
    await work(key);
    const { id } = await only();
    const answers = await Promise.all([
      close('retry', { ids: [id] }),
      close('retry', { ids: [id] }),
      close('retry', { all: true }),
    ]);
    expect(answers.reduce((sum, { closed }) => sum + closed, 0)).toBe(1);
    await work(key);
    expect(p.vendor.invited).toHaveLength(1);
    expect((await list('?state=settled')).items).toHaveLength(1);
    expect((await close('retry', { ids: [id] })).closed).toBe(0);
    const entries = await p.db.select().from(audit);
    expect(entries.filter(({ action }) => action === 'failure.retried')).toHaveLength(1);
  });

  test('an invitation to somebody who has been archived since is not sent, and the list says why', async () => {
    p.vendor.fail('invite', REFUSED);
    const { key } = await p.sending();
    await work(key);
    await p.change(key, (snapshot) => ({ ...snapshot, status: 'archived' }));
    await close('retry', { ids: [(await only()).id] });
    await work(key);
    expect(p.vendor.invited).toEqual([]);
    expect(p.vendor.count('invite')).toBe(1);
    expect(await only()).toMatchObject({
      text: expect.stringContaining('still not done'),
      why: expect.stringMatching(/archived|active/i),
    });
  });

  test('what may have been done wants somebody’s look first, and is never among all', async () => {
    p.vendor = new FakeVendor({ inviteStory: 'unconfirmed' });
    p.vendor.fail('invite', LOST);
    const { key } = await p.sending();
    await work(key);
    const { id, needsCheck } = await only();
    expect(needsCheck).toBe(true);
    expect(await close('retry', { all: true, checked: true })).toMatchObject({ closed: 0, kept: [{ id }] });
    expect(await close('retry', { ids: [id] })).toMatchObject({ closed: 0 });
    await work(key);
    expect(p.vendor.count('invite')).toBe(1);
    expect(await close('retry', { ids: [id], checked: true })).toMatchObject({ closed: 1 });
    await work(key);
    expect(p.vendor.count('invite')).toBe(2);
    expect(await list()).toMatchObject({ items: [], counts: { settled: 1 } });
  });

  test('a tag: the same effect runs again, its end is told again, and a day of trying begins anew', async () => {
    const key = await p.apply();
    await p.look(key);
    p.ats.fail('addTag', FORBIDDEN);
    await p.put(key, { kind: 'add-tag', actionId: randomUUID(), by: BEN, tag: 'Other' });
    await work(key);
    expect(await p.codes(key)).toContain('tag-failed');
    p.pass(3 * 24 * 3600);
    await close('retry', { ids: [(await only()).id] });
    await work(key);
    expect(p.ats.count('addTag')).toBe(2);
    expect((await p.codes(key)).filter((code) => code === 'tag-added')).toHaveLength(1);
    expect(await list()).toMatchObject({ items: [], counts: { settled: 1 } });
  });

  test('a note that may have been written is looked for first', async () => {
    p.ats.fail('writeNote', 'work-then-fail');
    p.ats.fail('findNote', FORBIDDEN);
    const { key } = await p.sent();
    p.pass(60);
    await work(key);
    expect(p.ats.notes).toHaveLength(1);
    const { id, needsCheck } = await only();
    expect(needsCheck).toBe(true);
    expect(await close('retry', { ids: [id] })).toMatchObject({ closed: 0, kept: [{ id }] });
    expect((await close('retry', { ids: [id], checked: true })).closed).toBe(1);
    await work(key);
    expect(p.ats.notes).toHaveLength(1);
    expect((await list('?state=settled')).items).toHaveLength(1);
  });

  test('a webhook, a put-aside word, a gap: each takes its way again', async () => {
    const id = await p.deliver([{ applicationId: 7 }]);
    await relayDeliveries(p.parts);
    await p.db.update(deliveries).set({ hints: [{ applicationId: 'o1', event: 'x' }] });
    await close('retry', { all: true });
    await relayDeliveries(p.parts);
    expect((await p.db.select().from(deliveries))[0]).toMatchObject({ id, outcome: 'hinted' });
    expect(await list()).toMatchObject({ items: [], counts: { settled: 1 } });
    const gap = { key: failureKeys.gap(p.atsConnectionId, '2026-03-02'), kind: 'gap' as const, connectionId: p.atsConnectionId };
    await noteFailure(p.db, p.services, { ...gap, reason: { code: 'gap' }, times: 12 });
    expect(await only()).toMatchObject({ text: expect.stringContaining('12 stage changes'), times: 12 });
    await close('retry', { all: true });
    expect((await p.db.select().from(connections)).find(({ side }) => side === 'ats')?.sweepDueAt).toEqual(p.now);
    expect((await list()).counts).toMatchObject({ retried: 1 });
    await sweep(p.parts, p.atsConnectionId);
    expect((await list()).counts).toMatchObject({ retried: 0, settled: 2 });
  });

  test('a look at the ATS that began before somebody asked for one does not count as that one', async () => {
    const gap = { key: failureKeys.gap(p.atsConnectionId, '2026-03-02'), kind: 'gap' as const, connectionId: p.atsConnectionId };
    await noteFailure(p.db, p.services, { ...gap, reason: { code: 'gap' } });
    const begun = p.now;
    p.pass(60);
    await close('retry', { all: true });
    await settleSwept(p.services, { connectionId: p.atsConnectionId, startedAt: begun });
    expect((await list()).counts).toMatchObject({ retried: 1 });
    await settleSwept(p.services, { connectionId: p.atsConnectionId, startedAt: p.now });
    expect((await list()).counts).toMatchObject({ settled: 1 });
  });

  test('a webhook that still cannot be read waits for somebody again', async () => {
    await p.deliver([{ applicationId: 7 }]);
    await relayDeliveries(p.parts);
    await close('retry', { ids: [(await only()).id] });
    await relayDeliveries(p.parts);
    expect(await only()).toMatchObject({ times: 2 });
  });

  test('what there is no way for stays, unread by nobody: it is said, and no audit claims that it was tried', async () => {
    const aside = { key: `aside:${randomUUID()}`, kind: 'delivery' as const, connectionId: p.atsConnectionId };
    await noteFailure(p.db, p.services, { ...aside, reason: { code: 'put-aside', values: { erasedAt: p.now.toISOString() } } });
    await p.deliver([]);
    await relayDeliveries(p.parts);
    const ids = (await list()).items.map(({ id }) => id);
    expect(ids).toHaveLength(2);
    const kept = expect.arrayContaining(ids.map((id) => ({ id, why: expect.stringMatching(/discard/) })));
    expect(await close('retry', { ids })).toMatchObject({ closed: 0, kept, message: expect.stringMatching(/discard/) });
    expect(await close('retry', { all: true })).toMatchObject({ closed: 0, kept, more: false });
    expect((await list()).counts).toMatchObject({ open: 2, settled: 0 });
    expect((await p.db.select().from(audit)).filter(({ action }) => action === 'failure.retried')).toEqual([]);
    expect((await close('discard', { ids, comment: 'Read' })).closed).toBe(2);
  });

  test('however much stands there that cannot be tried, all else is, and nobody is asked to go on for ever', async () => {
    const many = Array.from({ length: 501 }, () => ({
      ...{ id: randomUUID(), key: `aside:${randomUUID()}`, kind: 'delivery' as const, state: 'open' as const },
      ...{ reason: { code: 'put-aside', values: {} }, firstAt: p.now, lastAt: p.now },
    }));
    await p.db.insert(failures).values(many);
    p.pass(60);
    const gap = { key: failureKeys.gap(p.atsConnectionId, '2026-03-02'), kind: 'gap' as const, connectionId: p.atsConnectionId };
    await noteFailure(p.db, p.services, { ...gap, reason: { code: 'gap' } });
    expect(await close('retry', { all: true })).toMatchObject({
      closed: 1,
      more: false,
      message: 'Tried again: 1. Still on the list: 501.',
    });
  });
});

describe('discarding', () => {
  test('wants a comment, happens once, and stays to be read', async () => {
    p.vendor.fail('invite', REFUSED);
    const { key } = await p.sending();
    await work(key);
    const { id } = await only();
    expect((await call('POST', '/api/failures/discard', { ids: [id] })).status).toBe(400);
    expect((await call('POST', '/api/failures/discard', { ids: [id], comment: '  ' })).status).toBe(400);
    const answers = await Promise.all([1, 2].map(() => close('discard', { ids: [id], comment: 'Left the company' })));
    expect(answers.map(({ closed }) => closed).toSorted()).toEqual([0, 1]);
    expect((await list('?state=discarded')).items).toMatchObject([{ comment: 'Left the company', closedBy: 'Ada' }]);
    // What settles it later does not undo the word of a person.
    const invitationId = (await p.invitationsOf(key))[0]?.id ?? '';
    await p.put(key, { kind: 'send-again', invitationId, by: BEN });
    await work(key);
    expect((await p.db.select().from(failures)).map(({ state }) => state)).toEqual(['discarded']);
  });

  test('the comment stands with the failure alone; the activity says that there is one', async () => {
    const gap = { key: failureKeys.gap(p.atsConnectionId, '2026-03-02'), kind: 'gap' as const, connectionId: p.atsConnectionId };
    await noteFailure(p.db, p.services, { ...gap, reason: { code: 'gap' } });
    await close('discard', { all: true, comment: 'ada@mail.example was told by telephone' });
    const [row] = await listActivity(p.db, { action: 'failure.discarded' }, { limit: 5 });
    expect(row?.detail).not.toContain('ada@mail.example');
    expect(row && toActivityEntry(row, 'all').why).toEqual([
      expect.stringMatching(/^what: /),
      expect.stringContaining('with a comment'),
    ]);
  });

  test.each([
    ['ada@mail.example', 'Ada@mail.example'],
    ['zoë@mail.example', 'Zoë@mail.example'],
  ])('a comment that names %s goes with them, on whatever it was written', async (email, written) => {
    const { key } = await p.sent({ applicationId: 'a-1', candidateId: 'c-1', emails: [email] });
    const other = await p.sent({ applicationId: 'a-2', candidateId: 'c-2', emails: ['bea@mail.example'] });
    const gap = (about: string) => ({ key: `gap:${about}`, kind: 'gap' as const, reason: { code: 'gap' } });
    await noteFailure(p.db, p.services, { ...gap('kept'), connectionId: p.atsConnectionId });
    await close('discard', { all: true, comment: 'bea@mail.example was told' });
    await noteFailure(p.db, p.services, { ...gap('of-nobody'), connectionId: p.atsConnectionId });
    await noteFailure(p.db, p.services, { ...gap('of-ada'), applicationKey: key });
    await noteFailure(p.db, p.services, { ...gap('of-bea'), applicationKey: other.key });
    expect((await close('discard', { all: true, comment: `Told ${written}, twice` })).closed).toBe(3);
    await askErasure(p, { candidateIds: ['c-1'] });
    await settleTwice(p);
    expect(await p.erase()).toBe(1);
    expect((await p.db.select().from(failures)).map(({ key: kept }) => kept)).toEqual(['gap:kept']);
    const left = JSON.stringify([await p.db.select().from(auditDetails), await list('?state=discarded')]);
    expect(left.toLowerCase()).not.toContain(email);
    expect((await p.db.select().from(audit)).filter(({ action }) => action === 'failure.discarded')).toHaveLength(4);
  });

  test('waits for an erasure that has the application, and writes nothing down behind it', async () => {
    const { key } = await p.sent();
    await noteFailure(p.db, p.services, { key: 'gap:x', kind: 'gap', applicationKey: key, reason: { code: 'gap' } });
    const ids = [(await only()).id];
    let discarding: ReturnType<typeof close> | undefined;
    await p.db.transaction(async (tx) => {
      await lockApplications(tx, [key]);
      let isDone = false;
      discarding = close('discard', { ids, comment: 'x' }).finally(() => {
        isDone = true;
      });
      const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await expect.poll(async () => isDone || (await p.pool.query(waiting)).rowCount === 1).toBe(true);
      await tx.delete(failures);
    });
    expect((await discarding)?.closed).toBe(0);
    expect((await p.db.select().from(audit)).filter(({ action }) => action === 'failure.discarded')).toEqual([]);
  });

  test.each([{}, { ids: [], comment: 'x' }, { ids: [randomUUID()], all: true, comment: 'x' }])('refuses %o', async (body) => {
    expect((await call('POST', '/api/failures/discard', body)).status).toBe(400);
  });
});
