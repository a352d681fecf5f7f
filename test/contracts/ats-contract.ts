/**
 * The promises of server/ats/port.ts, checked against any adapter and its simulator. A new ATS writes an AtsContractSubject
 * (verbs of a person at the ATS, a broken network, signed deliveries) and calls `describeAtsContract`; see lever.test.ts.
 */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentStageEntry, type Snapshot, stageEntryKey } from '../../lib/domain/application.ts';
import type { AtsKind } from '../../lib/domain/ats.ts';
import type { AtsAdapter, AtsWebhooks, ChangedApplication, WriteTarget } from '../../server/ats/port.ts';
import type { CallResult } from '../../server/outbound/outcome.ts';
import type { WebhookRequest } from '../../server/webhooks/verdict.ts';

/** One adapter, wired through the real HTTP client to its own fresh simulator; both use the subject's clock. */
export interface AtsContractSubject {
  adapter: AtsAdapter;
  webhooks: AtsWebhooks;
  now(): Date;
  /** Moves the clock of adapter and simulator. */
  passTime(ms: number): void;

  /** The stages of the job that `apply` applies for. */
  stages: Record<'first' | 'assessment' | 'onsite', { id: string; name: string }>;
  job: { id: string; name: string };
  /** Reasons that `archive` takes, both known to the ATS. */
  reasons: { declined: { id: string; name: string } };
  /** A text every application of the job gets as a tag, where the ATS does that. */
  inheritedTag: string | null;

  /** Somebody applies for the job and lands in the stage `first`. Nothing is known of them but what is given. */
  apply(person: { name?: string; emails?: string[]; tags?: string[] }): Promise<Required<TargetOf>>;
  /** The same person applies once more, later. */
  applyAgain(candidateId: string): Promise<{ applicationId: string }>;
  move(applicationId: string, stageId: string): Promise<void>;
  tag(target: TargetOf, text: string): Promise<void>;
  archive(applicationId: string, reasonId: string): Promise<void>;
  hire(applicationId: string): Promise<void>;
  /** An id of the right form that nobody has. */
  unknownApplicationId: string;

  /** What a person sees there. */
  see(target: TargetOf): Promise<{ tags: string[]; notes: string[]; stageId: string | null }>;

  /** From now on every call of that kind is answered so, until the subject is closed. Tokens still come. */
  break(calls: 'reads' | 'writes', how: Breakage): Promise<void>;
  /** The next write is carried out and its answer lost. */
  loseNextAnswer(): Promise<void>;

  /** How many rows make the adapter read a third page of its sweep. */
  rowsForThreePages: number;

  /** The ATS tells of this application, signed as it does. */
  delivery(applicationId: string): Promise<SignedDelivery>;
  /** The ATS's set-up test. */
  testDelivery(): Promise<SignedDelivery>;
  /** Requests made from an authentic one that must not be believed. */
  forgeries(delivery: SignedDelivery): { what: string; request: WebhookRequest }[];

  close(): Promise<void>;
}

interface TargetOf {
  applicationId: string;
  candidateId: string;
}

export interface SignedDelivery {
  request: WebhookRequest;
  secret: string;
}

export type Breakage =
  | { kind: 'status'; status: number; headers?: Record<string, string> }
  /** An HTML page with status 200, as proxies and sign-in walls answer. */
  | { kind: 'html' }
  | { kind: 'hang' }
  | { kind: 'reset' };

const BREAKAGES: { what: string; how: Breakage; read: string; write: string }[] = [
  { what: '401', how: { kind: 'status', status: 401 }, read: 'unauthorised', write: 'unauthorised' },
  { what: '403', how: { kind: 'status', status: 403 }, read: 'forbidden', write: 'forbidden' },
  { what: '404', how: { kind: 'status', status: 404 }, read: 'not-found', write: 'not-found' },
  { what: '422', how: { kind: 'status', status: 422 }, read: 'refused', write: 'refused' },
  {
    what: '429',
    how: { kind: 'status', status: 429, headers: { 'retry-after': '90' } },
    read: 'rate-limited',
    write: 'rate-limited',
  },
  { what: '500', how: { kind: 'status', status: 500 }, read: 'unreachable', write: 'ambiguous' },
  {
    what: '503',
    how: { kind: 'status', status: 503, headers: { 'retry-after': '5' } },
    read: 'unreachable',
    write: 'unreachable',
  },
  { what: 'HTML instead of JSON', how: { kind: 'html' }, read: 'unreadable', write: 'ambiguous' },
  { what: 'silence', how: { kind: 'hang' }, read: 'unreachable', write: 'ambiguous' },
  { what: 'a cut connection', how: { kind: 'reset' }, read: 'unreachable', write: 'ambiguous' },
];

const MINUTE_MS = 60_000;

/** `makeSubject` is called for each test. */
export function describeAtsContract(name: AtsKind, makeSubject: () => Promise<AtsContractSubject>): void {
  let ats: AtsContractSubject;
  beforeEach(async () => {
    ats = await makeSubject();
  });
  afterEach(() => ats.close());

  const read = async (applicationId: string): Promise<Snapshot> => succeeded(await ats.adapter.readSnapshot(applicationId));
  const ada = () => ats.apply({ name: 'Ada Moreno', emails: ['ada@mail.example'], tags: ['Senior SWE'] });

  describe(`${name}: an application is read whole`, () => {
    it('with person, tags, job, stage and the time of reading', async () => {
      const target = await ada();
      expect(await read(target.applicationId)).toMatchObject({
        ats: name,
        ...target,
        name: 'Ada Moreno',
        emails: ['ada@mail.example'],
        job: ats.job,
        stage: ats.stages.first,
        status: 'active',
        disposition: null,
        anonymised: false,
        readAt: ats.now().toISOString(),
      });
    });

    it('with the recruiter’s tags told apart from those that came with the job', async () => {
      const { applicationId } = await ada();
      const { tags } = await read(applicationId);
      expect(tags).toContainEqual({ text: 'Senior SWE', inherited: false });
      if (ats.inheritedTag !== null) expect(tags).toContainEqual({ text: ats.inheritedTag, inherited: true });
    });

    it('also when the candidate has neither name nor e-mail nor tag', async () => {
      const { applicationId } = await ats.apply({});
      const snapshot = await read(applicationId);
      expect(snapshot).toMatchObject({ name: null, emails: [], stage: ats.stages.first });
      expect(snapshot.tags.filter(({ inherited }) => !inherited)).toEqual([]);
    });

    it('with a tag that was added since', async () => {
      const target = await ada();
      await ats.tag(target, 'Take-home');
      expect((await read(target.applicationId)).tags.map(({ text }) => text)).toEqual(
        expect.arrayContaining(['Senior SWE', 'Take-home']),
      );
    });

    it('and an unknown one is not found', async () => {
      expect(await ats.adapter.readSnapshot(ats.unknownApplicationId)).toMatchObject({ ok: false, kind: 'not-found' });
    });

    it.each(['', '..', 'a/b', '1 OR 1=1', 'x'.repeat(300), '%00', '😀'])(
      'and %j is no application, whatever the ATS thinks of it',
      async (id) => {
        expect(await ats.adapter.readSnapshot(id)).toMatchObject({ ok: false });
      },
    );

    it('with the reason when it was archived', async () => {
      const { applicationId } = await ada();
      ats.passTime(MINUTE_MS);
      await ats.archive(applicationId, ats.reasons.declined.id);
      expect(await read(applicationId)).toMatchObject({
        status: 'archived',
        disposition: { reasonId: ats.reasons.declined.id, reasonName: ats.reasons.declined.name, at: ats.now().toISOString() },
      });
    });

    it('and says when the candidate was hired', async () => {
      const { applicationId } = await ada();
      await ats.hire(applicationId);
      expect((await read(applicationId)).status).toBe('hired');
    });
  });

  describe(`${name}: stage entries`, () => {
    it('are in order, each known by stage and time, the last being where the candidate is', async () => {
      const { applicationId } = await ada();
      ats.passTime(MINUTE_MS);
      await ats.move(applicationId, ats.stages.assessment.id);
      const snapshot = await read(applicationId);
      const times = snapshot.stageEntries.map(({ enteredAt }) => Date.parse(enteredAt));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(currentStageEntry(snapshot)).toMatchObject({
        key: stageEntryKey(ats.stages.assessment.id, ats.now()),
        stageId: ats.stages.assessment.id,
        stageName: ats.stages.assessment.name,
        enteredAt: ats.now().toISOString(),
      });
    });

    it('count coming back as a new one, and reading twice as none', async () => {
      const { applicationId } = await ada();
      const enter = async (stageId: string) => {
        ats.passTime(MINUTE_MS);
        await ats.move(applicationId, stageId);
        return currentStageEntry(await read(applicationId))?.key;
      };
      const first = await enter(ats.stages.assessment.id);
      await enter(ats.stages.onsite.id);
      const second = await enter(ats.stages.assessment.id);
      const again = currentStageEntry(await read(applicationId))?.key;
      expect(first).toBeDefined();
      expect(second).not.toBe(first);
      expect(again).toBe(second);
    });
  });

  describe(`${name}: lists`, () => {
    it('the stages, by the names that snapshots use', async () => {
      const stages = succeeded(await ats.adapter.listStages());
      for (const { id, name: stageName } of Object.values(ats.stages)) {
        const job = ats.adapter.capabilities.stagesPerJob ? { id: ats.job.id } : null;
        expect(stages).toContainEqual(
          expect.objectContaining({ stageId: id, name: stageName, job: job && expect.objectContaining(job) }),
        );
      }
      const orders = Object.values(ats.stages).map(({ id }) => stages.find(({ stageId }) => stageId === id)?.order ?? -1);
      expect(orders).toEqual(orders.toSorted((a, b) => a - b));
    });

    it('the disposition reasons', async () => {
      const reasons = succeeded(await ats.adapter.listDispositionReasons());
      expect(reasons).toContainEqual(
        expect.objectContaining({ reasonId: ats.reasons.declined.id, name: ats.reasons.declined.name, active: true }),
      );
    });

    it('all applications of one person, the newest first', async () => {
      const { applicationId, candidateId } = await ada();
      ats.passTime(MINUTE_MS);
      const second = await ats.applyAgain(candidateId);
      await ats.apply({ name: 'Ben Fischer' });
      const found = succeeded(await ats.adapter.findApplications(candidateId));
      expect(found.map((one) => one.applicationId)).toEqual([second.applicationId, applicationId]);
      expect(found[1]).toMatchObject({
        applicationId,
        candidateId,
        candidateName: 'Ada Moreno',
        jobName: ats.job.name,
        stageName: ats.stages.first.name,
        status: 'active',
      });
      // Who was erased and applies anew is known by it: never by what a webhook says.
      const { createdAt } = succeeded(await ats.adapter.readSnapshot(applicationId));
      expect(createdAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
      expect(found[1]?.createdAt).toBe(createdAt);
    });

    it('a credential that works is recognised', async () => {
      expect(await ats.adapter.check()).toMatchObject({ ok: true });
    });
  });

  describe(`${name}: what changed since`, () => {
    const changedSince = async (since: Date) => {
      const results: CallResult<ChangedApplication>[] = [];
      const stageIds = [ats.stages.assessment.id, ats.stages.onsite.id];
      for await (const result of ats.adapter.findChangedSince({ since, stageIds })) results.push(result);
      return results;
    };
    const idsSince = async (since: Date) => (await changedSince(since)).map((result) => succeeded(result).applicationId);

    it('names those who entered a mapped stage and those who were archived', async () => {
      const entered = await ada();
      const archived = await ada();
      ats.passTime(MINUTE_MS);
      const since = ats.now();
      await ats.move(entered.applicationId, ats.stages.assessment.id);
      await ats.archive(archived.applicationId, ats.reasons.declined.id);
      expect(await idsSince(since)).toEqual(expect.arrayContaining([entered.applicationId, archived.applicationId]));
    });

    it('leaves out those who entered before', async () => {
      const early = await ada();
      await ats.move(early.applicationId, ats.stages.assessment.id);
      ats.passTime(60 * MINUTE_MS);
      expect(await idsSince(ats.now())).not.toContain(early.applicationId);
    });

    it('misses nobody when the answer takes several pages, and names each once', async () => {
      const since = ats.now();
      const all = new Set<string>();
      for (let n = 0; n < ats.rowsForThreePages; n++) {
        const { applicationId } = await ats.apply({});
        await ats.move(applicationId, ats.stages.assessment.id);
        all.add(applicationId);
      }
      const found = await idsSince(since);
      expect(found).toHaveLength(all.size);
      expect(new Set(found)).toEqual(all);
    });

    it('ends with the failure when it cannot be read to the end', async () => {
      await ada();
      await ats.break('reads', { kind: 'status', status: 500 });
      expect((await changedSince(new Date(0))).at(-1)).toMatchObject({ ok: false, kind: 'unreachable' });
    });
  });

  describe(`${name}: writing`, () => {
    const forms: [string, (target: TargetOf) => WriteTarget][] = [
      ['with the person known', (target) => target],
      ['with only the application known', ({ applicationId }) => ({ applicationId, candidateId: null })],
    ];

    it.each(forms)('a tag is added once however often it is asked for, %s', async (_form, toWriteTarget) => {
      const target = await ada();
      for (let n = 0; n < 2; n++) succeeded(await ats.adapter.addTag(toWriteTarget(target), 'Take-home'));
      const { tags } = await ats.see(target);
      expect(tags.filter((text) => text === 'Take-home')).toHaveLength(1);
      expect(tags).toContain('Senior SWE');
    });

    it('a tag is removed however often it is asked for, and no other with it', async () => {
      const target = await ada();
      await ats.tag(target, 'Take-home');
      for (let n = 0; n < 2; n++) succeeded(await ats.adapter.removeTag(target, 'Take-home'));
      const { tags } = await ats.see(target);
      expect(tags).not.toContain('Take-home');
      expect(tags).toContain('Senior SWE');
    });

    it.each(forms)('a note is there once, as written, and found by its reference, %s', async (_form, toWriteTarget) => {
      const target = await ada();
      const on = toWriteTarget(target);
      expect(await ats.adapter.findNote(on, 'TA-7Q2M')).toEqual({ ok: true, value: 'absent' });
      succeeded(await ats.adapter.writeNote(on, { text: 'Senior SWE was sent. (TA-7Q2M)', reference: 'TA-7Q2M' }));
      expect(await ats.adapter.findNote(on, 'TA-7Q2M')).toEqual({ ok: true, value: 'found' });
      expect(await ats.adapter.findNote(on, 'TA-OTHER')).toEqual({ ok: true, value: 'absent' });
      expect((await ats.see(target)).notes).toEqual(['Senior SWE was sent. (TA-7Q2M)']);
    });

    it('a note whose answer was lost may have been written: it is found by looking, not written again', async () => {
      const target = await ada();
      await ats.loseNextAnswer();
      const written = await ats.adapter.writeNote(target, { text: 'Sent. (TA-7Q2M)', reference: 'TA-7Q2M' });
      expect(written).toMatchObject({ ok: false, kind: 'ambiguous' });
      expect(await ats.adapter.findNote(target, 'TA-7Q2M')).toEqual({ ok: true, value: 'found' });
      expect((await ats.see(target)).notes).toHaveLength(1);
    });

    it('a candidate is moved on', async () => {
      const target = await ada();
      const move = { fromStageId: ats.stages.first.id, toStageId: ats.stages.assessment.id };
      succeeded(await ats.adapter.moveToStage(target, move));
      expect((await ats.see(target)).stageId).toBe(ats.stages.assessment.id);
      expect((await read(target.applicationId)).stage?.id).toBe(ats.stages.assessment.id);
    });

    it('a candidate whom somebody else moved meanwhile stays there', async () => {
      const target = await ada();
      await ats.move(target.applicationId, ats.stages.onsite.id);
      const move = { fromStageId: ats.stages.first.id, toStageId: ats.stages.assessment.id };
      expect(await ats.adapter.moveToStage(target, move)).toMatchObject({ ok: false, kind: 'refused' });
      expect((await ats.see(target)).stageId).toBe(ats.stages.onsite.id);
    });

    it('a candidate whom somebody archived meanwhile is not moved', async () => {
      const target = await ada();
      await ats.archive(target.applicationId, ats.reasons.declined.id);
      const move = { fromStageId: ats.stages.first.id, toStageId: ats.stages.assessment.id };
      expect(await ats.adapter.moveToStage(target, move)).toMatchObject({ ok: false });
      expect((await ats.see(target)).stageId).not.toBe(ats.stages.assessment.id);
    });

    it('to an unknown application changes nothing and says so', async () => {
      const target = { applicationId: ats.unknownApplicationId, candidateId: null };
      for (const result of [
        await ats.adapter.addTag(target, 'x'),
        await ats.adapter.writeNote(target, { text: 'x', reference: 'x' }),
        await ats.adapter.moveToStage(target, { fromStageId: ats.stages.first.id, toStageId: ats.stages.onsite.id }),
      ])
        expect(result).toMatchObject({ ok: false, kind: 'not-found' });
    });
  });

  describe(`${name}: trouble on the other side`, () => {
    it.each(BREAKAGES)('$what for a read means $read', async ({ how, read: kind }) => {
      const { applicationId } = await ada();
      await ats.break('reads', how);
      expect(await ats.adapter.readSnapshot(applicationId)).toMatchObject({ ok: false, kind });
    });

    it.each(BREAKAGES)('$what for a write means $write', async ({ how, write: kind }) => {
      const target = await ada();
      await ats.break('writes', how);
      const note = { text: 'Sent. (TA-7Q2M)', reference: 'TA-7Q2M' };
      expect(await ats.adapter.writeNote(target, note)).toMatchObject({ ok: false, kind });
      expect((await ats.see(target)).notes).toEqual([]);
    });

    it('tells how long to stay away', async () => {
      const target = await ada();
      await ats.break('writes', { kind: 'status', status: 429, headers: { 'retry-after': '90' } });
      expect(await ats.adapter.writeNote(target, { text: 'x', reference: 'x' })).toMatchObject({ retryAfterMs: 90_000 });
    });
  });

  describe(`${name}: webhooks`, () => {
    const verify = ({ request, secret }: SignedDelivery, secrets = [secret]) =>
      ats.webhooks.verifyDelivery(request, secrets, ats.now());

    it('an authentic delivery leads to its application', async () => {
      const target = await ada();
      const verdict = verify(await ats.delivery(target.applicationId));
      if (verdict.kind !== 'authentic') throw new Error(JSON.stringify(verdict));
      expect(verdict.deliveryKey).not.toBe('');
      const hints = ats.webhooks.toHints(verdict.body);
      expect(hints.some((hint) => hint.applicationId === target.applicationId || hint.candidateId === target.candidateId)).toBe(
        true,
      );
      expect(ats.webhooks.events.map((event) => event.name)).toContain(verdict.event);
    });

    it('is accepted under the old and the new secret while they are exchanged', async () => {
      const delivery = await ats.delivery((await ada()).applicationId);
      expect(verify(delivery, ['the next one', delivery.secret]).kind).toBe('authentic');
      expect(verify(delivery, [delivery.secret, 'the next one']).kind).toBe('authentic');
    });

    it('a repeat is known by its key, another delivery has another', async () => {
      const { applicationId } = await ada();
      const keyOf = (delivery: SignedDelivery) => {
        const verdict = verify(delivery);
        return verdict.kind === 'authentic' ? verdict.deliveryKey : verdict;
      };
      const first = await ats.delivery(applicationId);
      ats.passTime(MINUTE_MS);
      const second = await ats.delivery(applicationId);
      expect(keyOf(first)).toBe(keyOf(first));
      expect(keyOf(second)).not.toBe(keyOf(first));
    });

    it('the ATS’s set-up test is a test and gives no hint', async () => {
      expect(verify(await ats.testDelivery())).toMatchObject({ kind: 'test' });
    });

    it('a delivery under another secret, or while none is known, is refused', async () => {
      const delivery = await ats.delivery((await ada()).applicationId);
      expect(verify(delivery, ['another'])).toEqual({ kind: 'refused', because: 'signature-wrong' });
      expect(verify(delivery, [])).toEqual({ kind: 'refused', because: 'no-secret-configured' });
    });

    it('forged, cut and unsigned deliveries are refused', async () => {
      const delivery = await ats.delivery((await ada()).applicationId);
      const { request, secret } = delivery;
      const forged = [
        ...ats.forgeries(delivery),
        { what: 'cut', request: { ...request, body: request.body.slice(0, -1) } },
        { what: 'empty', request: { ...request, body: new Uint8Array() } },
        { what: 'not JSON', request: { ...request, body: new TextEncoder().encode('<html>') } },
      ];
      const verdicts = forged.map(({ what, request }) => ({ what, verdict: verify({ request, secret }).kind }));
      expect(verdicts).toEqual(forged.map(({ what }) => ({ what, verdict: 'refused' })));
    });

    it('any bytes and any body are judged without an error', async () => {
      const { request, secret } = await ats.delivery((await ada()).applicationId);
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), fc.anything(), (body, anything) => {
          expect(verify({ request: { ...request, body }, secret }).kind).toBe('refused');
          expect(Array.isArray(ats.webhooks.toHints(anything))).toBe(true);
        }),
      );
    });
  });
}

function succeeded<T>(result: CallResult<T>): T {
  if (!result.ok) throw new Error(`${result.kind}: ${result.detail}`);
  return result.value;
}
