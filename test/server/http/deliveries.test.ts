import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { deliveriesViewSchema, replayAnswerSchema } from '../../../lib/contract/failures.ts';
import { addDeliveryRoutes } from '../../../server/http/deliveries.routes.ts';
import { relayDeliveries } from '../../../server/jobs/relay.ts';
import { failureKeys, noteFailure } from '../../../server/storage/failures.repository.ts';
import { applications, deliveries, effects, erasures, failures, inputs } from '../../../server/storage/schema.ts';
import { askErasure, settleTwice } from '../../support/ask-erasure.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { openPipelineApp } from '../../support/pipeline-app.ts';
import { makeEntry, makeResult, STAGES } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
let p: Pipeline;
let call: Awaited<ReturnType<typeof openPipelineApp>>;
beforeEach(async () => {
  p = pipeline.current();
  call = await openPipelineApp(p, 'admin', (app) => addDeliveryRoutes(app, p.parts));
});

const list = async (query = '') => deliveriesViewSchema.parse((await call('GET', `/api/deliveries${query}`)).body);
const replay = async (id: number, dryRun: boolean) =>
  replayAnswerSchema.parse((await call('POST', `/api/deliveries/${id}/replay`, { dryRun })).body);
const work = async () => {
  await relayDeliveries(p.parts);
  for (const { key } of await p.db.select().from(applications)) await p.lane(key);
  await p.settle();
};
/** The person with all they applied for. */
const erase = async (key: string) => {
  const row = await p.row(key);
  await askErasure(p, { candidateIds: [row?.candidateId ?? ''] });
  await settleTwice(p);
  expect(await p.erase()).toBe(1);
};
/** All that is stored but for the deliveries themselves. */
const store = async () => {
  const rows = await Promise.all(
    ['applications', 'inputs', 'invitations', 'effects', 'decisions', 'stage_entries', 'results', 'failures', 'deliveries'].map(
      async (table) => (await p.database.pool.query(`select * from tagalong.${table} order by 1`)).rows,
    ),
  );
  return JSON.stringify(rows);
};
const claim = (state: string, more: object = {}) => ({ state, startedAt: null, submittedAt: null, result: null, ...more });

describe('the list', () => {
  test('has the newest first, by connection, event, outcome and candidate, in pages', async () => {
    await p.apply({ applicationId: 'o1', name: 'Ada Lovelace' });
    for (const applicationId of ['o1', 'o2', 'o3']) await p.deliver([{ applicationId, event: 'candidateStageChange' }]);
    const unreadable = await p.deliver([{ applicationId: 7 }]);
    await work();
    const { items } = await list();
    expect(items.map(({ id }) => id)).toEqual(items.map(({ id }) => id).toSorted((a, b) => b - a));
    expect(items.at(-1)).toMatchObject({ candidates: ['Ada Lovelace'], outcome: 'hinted', connectionName: 'Lever' });
    expect((await list('?outcome=unreadable')).items.map(({ id }) => id)).toEqual([unreadable]);
    expect((await list('?applicationId=o2')).items).toHaveLength(1);
    expect((await list(`?connectionId=${p.vendorConnectionId}`)).items).toEqual([]);
    expect((await list('?event=candidateHired')).items).toEqual([]);
    const first = await list('?limit=3');
    expect((await list(`?limit=3&before=${first.next}`)).items).toHaveLength(1);
    for (const bad of ['x', '-1', '1e9', '', '9'.repeat(30)])
      expect((await call('GET', `/api/deliveries?before=${bad}`)).status).toBe(400);
  });

  test('shows what was sent only when asked for one, without secrets and without what a link opens', async () => {
    const id = await p.deliver([{ applicationId: 'o1', event: 'x' }]);
    const body = { token: 'abc-secret', signature: 'sig', data: { url: 'https://coderbyte.com/t/open-me?x=1', to: 'Test' } };
    await p.db.update(deliveries).set({ body: Buffer.from(JSON.stringify(body)) });
    const { items } = await list(`?id=${id}&body=true`);
    expect(items[0]?.body).toContain('"to": "Test"');
    expect(items[0]?.body).toContain('https://coderbyte.com/(hidden)');
    expect(items[0]?.body).not.toMatch(/abc-secret|sig"|open-me/);
    expect((await list()).items[0]?.body).toBeUndefined();
  });

  test('is for admins alone', async () => {
    const asRecruiter = await openPipelineApp(p, 'recruiter', (app) => addDeliveryRoutes(app, p.parts));
    expect((await asRecruiter('GET', '/api/deliveries')).status).toBe(403);
    expect((await asRecruiter('POST', '/api/deliveries/1/replay', { dryRun: true })).status).toBe(403);
  });
});

describe('a dry run', () => {
  test('shows what would be decided and done, and writes nothing', async () => {
    const key = await p.apply({ applicationId: 'o1', name: 'Ada Lovelace' });
    await p.look(key);
    await p.enter(key, 'test');
    const id = await p.deliver([{ applicationId: 'o1', event: 'candidateStageChange' }]);
    await p.db.update(deliveries).set({ relayedAt: p.now, outcome: 'hinted' });
    const before = await store();
    const answer = await replay(id, true);
    expect(answer).toMatchObject({
      dryRun: true,
      message: 'This would be done:',
      candidates: [{ name: 'Ada Lovelace', would: ['Sending the invitation'] }],
    });
    expect(answer.candidates[0]?.because.join(' ')).toContain('Senior SWE');
    expect(await store()).toBe(before);
    expect(p.queue.lanes).toEqual([]);
    await replay(id, false);
    await work();
    expect(p.vendor.invited).toHaveLength(1);
    expect(await replay(id, true)).toMatchObject({
      message: 'Nothing would be done.',
      candidates: [{ would: [], because: ['What it tells is known already, and was decided.'] }],
    });
  });

  test('of somebody we do not know yet makes no row', async () => {
    await p.apply({ applicationId: 'o2', stage: { id: 'test', name: STAGES.test }, stageEntries: [makeEntry('test', p.now)] });
    await p.db.delete(applications);
    const id = await p.deliver([{ applicationId: 'o2', event: 'x' }]);
    expect((await replay(id, true)).candidates).toHaveLength(1);
    expect(await p.db.select().from(applications)).toEqual([]);
  });

  test('says why nothing: nobody we know, unreadable, the ATS is away', async () => {
    const nobody = await p.deliver([{ candidateId: 'who', event: 'x' }]);
    const unreadable = await p.deliver([{ applicationId: 7 }]);
    const key = await p.apply({ applicationId: 'o1' });
    await p.look(key);
    const away = await p.deliver([{ applicationId: 'o1', event: 'x' }]);
    expect((await replay(nobody, true)).message).toContain('nobody whom Tagalong knows');
    expect((await replay(unreadable, true)).message).toContain('cannot be read');
    p.atsAnswer = { ok: false, kind: 'unreachable', detail: 'away' };
    expect((await replay(away, true)).candidates[0]?.because[0]).toContain('cannot be read');
    expect((await call('POST', '/api/deliveries/999/replay', { dryRun: true })).status).toBe(404);
  });

  const anonymise = (key: string) => p.change(key, (snapshot) => ({ ...snapshot, anonymised: true }));
  const remove = async () => {
    p.ats.applications.delete('o1');
    p.ats.deleted = ['o1'];
  };
  test.each([
    ['shows as anonymised', anonymise],
    ['lists as deleted', remove],
  ])('of somebody whom the ATS %s since says that they would be erased, as they then are', async (_what, change) => {
    const key = await p.apply({ applicationId: 'o1', name: 'Ada Lovelace' });
    const id = await p.deliver([{ applicationId: 'o1', event: 'candidateStageChange' }]);
    await work();
    await change(key);
    const before = await store();
    const answer = await replay(id, true);
    expect(answer).toMatchObject({ message: expect.stringContaining('would be erased'), candidates: [] });
    expect(await store()).toBe(before);
    expect(await p.db.select().from(erasures)).toEqual([]);
    await replay(id, false);
    await work();
    expect(await p.db.select().from(erasures)).toMatchObject([{ applicationKeys: [key] }]);
  });

  test('of somebody erased before, by an application from before that, names nobody and nothing', async () => {
    const key = await p.apply({ applicationId: 'o1', candidateId: 'c-1' });
    await p.look(key);
    await erase(key);
    const createdAt = new Date(p.now.getTime() - 3_600_000).toISOString();
    const again = { applicationId: 'o2', candidateId: 'c-1', name: 'Ada Lovelace', createdAt };
    await p.enter(await p.apply(again), 'test');
    await p.db.delete(applications);
    const id = await p.deliver([{ applicationId: 'o2', candidateId: 'c-1', event: 'candidateStageChange' }]);
    const before = await store();
    const answer = await replay(id, true);
    expect(answer).toMatchObject({ message: expect.stringContaining('somebody who was erased'), candidates: [] });
    expect(await store()).toBe(before);
    // Of another whom the same webhook names all is said.
    await p.enter(await p.apply({ applicationId: 'o3', candidateId: 'c-3', name: 'Ben Bee' }), 'test');
    const both = await p.deliver([
      { applicationId: 'o2', candidateId: 'c-1', event: 'candidateStageChange' },
      { applicationId: 'o3', candidateId: 'c-3', event: 'candidateStageChange' },
    ]);
    expect((await replay(both, true)).candidates).toMatchObject([{ name: 'Ben Bee', would: ['Sending the invitation'] }]);
  });
});

describe('for real', () => {
  test('nothing that was done is done twice, however often, also for what a vendor told', async () => {
    const key = await p.apply({ applicationId: 'o1' });
    await p.look(key);
    await p.enter(key, 'test');
    const ids = [await p.deliver([{ applicationId: 'o1', event: 'candidateStageChange' }])];
    await work();
    const invitationId = (await p.invitationsOf(key))[0]?.id ?? '';
    const result = (value: number) => claim('scored', { result: makeResult({ score: { value, max: 100 } }) });
    for (const told of [claim('started'), claim('submitted'), result(40), result(90)]) {
      p.pass(60);
      ids.push(await p.deliver([{ event: 'x', invitationId, trusted: true, claim: told }], 'vendor'));
      await work();
    }
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'scored', result: { version: 2, score: { value: 90 } } }]);
    const effectsBefore = await p.db.select().from(effects);
    for (const id of [...ids, ...ids.toReversed()]) {
      await replay(id, false);
      await work();
    }
    expect(p.vendor.invited).toHaveLength(1);
    expect(await p.db.select().from(effects)).toHaveLength(effectsBefore.length);
    expect(await p.invitationsOf(key)).toMatchObject([{ state: 'scored', result: { version: 2, score: { value: 90 } } }]);
    const [first] = await p.db
      .select()
      .from(deliveries)
      .where(eq(deliveries.id, ids[1] ?? 0));
    expect(first?.replays).toBe(2);
    const again = (await p.db.select().from(inputs)).filter((input) => input.key.startsWith('replay:'));
    expect(again.length).toBe(8);
    expect(again.every(({ handledAt }) => handledAt !== null)).toBe(true);
  });

  test.each(['ats', 'vendor'] as const)('a webhook of the %s of which an erasure left nothing stays that', async (side) => {
    const { key, invitationId } = await p.sent({ applicationId: 'o1', candidateId: 'c-1' });
    const ofVendor = { event: 'x', invitationId, trusted: true, claim: claim('started') };
    const id = await p.deliver([side === 'ats' ? { applicationId: 'o1', event: 'x' } : ofVendor], side);
    await work();
    await erase(key);
    const before = await store();
    for (const dryRun of [true, false]) expect((await replay(id, dryRun)).message).toMatch(/^Nothing .*somebody who was erased/);
    expect(await store()).toBe(before);
    expect((await list()).items.find((item) => item.id === id)).toMatchObject({ outcome: 'erased', replays: 0 });
  });

  test('a webhook that could not be taken in, and of which an erasure left nothing, is not said to name nobody', async () => {
    const id = await p.deliver([]);
    await p.db.update(deliveries).set({ relayedAt: p.now, outcome: 'failed' });
    const reason = { code: 'delivery-failed', values: { event: 'x', fault: 'X' } };
    await noteFailure(p.db, p.services, { key: failureKeys.delivery(id), kind: 'delivery', reason });
    const before = await store();
    for (const dryRun of [true, false]) expect((await replay(id, dryRun)).message).toMatch(/^Nothing .*somebody who was erased/);
    expect(await store()).toBe(before);
  });

  test('a webhook that names others besides somebody erased is still run again for them', async () => {
    const gone = await p.apply({ applicationId: 'o1', candidateId: 'c-1' });
    const other = await p.apply({ applicationId: 'o2', candidateId: 'c-2', name: 'Ben Bee' });
    const id = await p.deliver([
      { applicationId: 'o1', event: 'candidateStageChange' },
      { applicationId: 'o2', event: 'candidateStageChange' },
    ]);
    await work();
    await erase(gone);
    await p.enter(other, 'test');
    expect((await replay(id, true)).candidates).toMatchObject([{ name: 'Ben Bee' }]);
    expect((await replay(id, false)).message).toMatch(/^Taken in once more/);
    await work();
    expect(p.vendor.invited).toHaveLength(1);
    expect((await list()).items).toMatchObject([{ id, outcome: 'hinted', replays: 1 }]);
    expect(await p.db.select().from(failures)).toEqual([]);
  });
});
