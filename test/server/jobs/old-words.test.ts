import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { findReplayable, replayForReal } from '../../../server/failures/replay.ts';
import { relayDeliveries } from '../../../server/jobs/relay.ts';
import { applications, deliveries, inputs } from '../../../server/storage/schema.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { makeResult } from '../../support/workflow-story.ts';

/** A webhook may be taken long after it came in; what the vendor has said since stands (server/workflow/merge-result.ts). */
const pipeline = usePipeline();
let p: Pipeline;
beforeEach(() => {
  p = pipeline.current();
});

const HOUR = 3600;
const ADMIN = { id: '6f1b2b1e-0000-4000-8000-000000000001', name: 'Rosa', role: 'admin' as const };

const work = async () => {
  await relayDeliveries(p.parts);
  for (const { key } of await p.db.select().from(applications)) await p.lane(key);
  await p.settle();
};

/** A signed report, as Byteboard sends them: about an assessment and an address. An hour after what was before. */
async function report(email: string, score: number): Promise<number> {
  p.pass(HOUR);
  const result = makeResult({ score: { value: score, max: 100 }, reportedAt: p.now.toISOString() });
  const claim = { state: 'scored', startedAt: null, submittedAt: null, result };
  const id = await p.deliver([{ event: 'result', assessmentExternalId: 'swe', email, trusted: true, claim }], 'vendor');
  await work();
  return id;
}

async function runAgain(id: number): Promise<void> {
  const found = (await findReplayable(p.parts, id)) ?? expect.fail('it is not stored');
  await replayForReal(p.parts, found, ADMIN);
  await work();
}

const EMAIL = 'ada@mail.example';
/** The report came before anybody here knew of the invitation. */
async function reportOfNobody() {
  const id = await report(EMAIL, 60);
  const [row] = await p.db.select().from(deliveries).where(eq(deliveries.id, id));
  expect(row?.outcome).toBe('nobody');
  const { key } = await p.sent({ emails: [EMAIL] });
  return { id, key };
}
const resultOf = async (key: string) => (await p.invitationsOf(key))[0]?.result;
const notesOf = async (key: string) =>
  (await p.effectRows(key)).flatMap(({ effect }) =>
    effect.kind === 'write-note' && effect.note.about === 'result' ? [effect.note.version] : [],
  );

describe('a report that was about nobody when it came', () => {
  test('is taken when it is run again, and not once more after the corrected one', async () => {
    const { id, key } = await reportOfNobody();
    await runAgain(id);
    expect(await resultOf(key)).toMatchObject({ version: 1, score: { value: 60 } });
    await report(EMAIL, 80);
    expect(await resultOf(key)).toMatchObject({ version: 2, score: { value: 80 } });
    await runAgain(id);
    expect(await resultOf(key)).toMatchObject({ version: 2, score: { value: 80 } });
    expect(await notesOf(key)).toEqual([1, 2]);
    const second = await p.db
      .select()
      .from(inputs)
      .where(eq(inputs.key, `replay:${id}:2:0`));
    expect(second).toMatchObject([{ input: { kind: 'poll' } }]);
  });

  test('that is so within the same moment as well', async () => {
    const { id, key } = await reportOfNobody();
    await runAgain(id);
    const at = p.now.toISOString();
    const claim = {
      state: 'scored',
      startedAt: null,
      submittedAt: null,
      result: makeResult({ score: { value: 80, max: 100 }, reportedAt: at }),
    };
    await p.deliver([{ event: 'result', assessmentExternalId: 'swe', email: EMAIL, trusted: true, claim }], 'vendor');
    await work();
    await runAgain(id);
    await runAgain(id);
    expect(await resultOf(key)).toMatchObject({ version: 2, score: { value: 80 } });
  });

  test('does not take the place of the corrected one when it is run again for the first time', async () => {
    const { id, key } = await reportOfNobody();
    await report(EMAIL, 80);
    await runAgain(id);
    expect(await resultOf(key)).toMatchObject({ version: 1, score: { value: 80 } });
    expect(await notesOf(key)).toEqual([1]);
    expect(await p.codes(key)).toContain('late-report-dropped');
  });
});

test('an input that was put aside and is taken after all brings no older score', async () => {
  const { key } = await p.sent({ emails: [EMAIL] });
  await report(EMAIL, 60);
  await p.db.delete(inputs).where(eq(inputs.applicationKey, key));
  const old = { state: 'scored' as const, startedAt: null, submittedAt: null };
  const at = p.now.toISOString();
  await report(EMAIL, 80);
  const [invitation] = await p.invitationsOf(key);
  const result = makeResult({ score: { value: 70, max: 100 }, reportedAt: at });
  const claim = { ...old, result };
  await p.put(key, { kind: 'vendor-hint', invitationId: invitation?.id ?? '', vendor: 'Byteboard', trusted: true, claim });
  await work();
  expect(await resultOf(key)).toMatchObject({ version: 2, score: { value: 80 } });
});

describe('a thumb for which the API has no place', () => {
  const thumb = (verdict: 'up' | 'down') => ({
    state: 'scored' as const,
    startedAt: null,
    submittedAt: null,
    result: makeResult({ verified: false, score: null, verdict, reportedAt: p.now.toISOString() }),
  });
  const tell = async (key: string, claim: ReturnType<typeof thumb>) => {
    const [invitation] = await p.invitationsOf(key);
    // The API is asked now, whenever the webhook came.
    p.vendor.report = {
      state: 'scored',
      startedAt: null,
      submittedAt: null,
      result: makeResult({ reportedAt: p.now.toISOString() }),
    };
    await p.put(key, { kind: 'vendor-hint', invitationId: invitation?.id ?? '', vendor: 'Coderbyte', trusted: false, claim });
    await work();
  };

  test('stays as it was turned, when the first one is told once more', async () => {
    const { key } = await p.sent();
    const first = thumb('up');
    p.pass(HOUR);
    await tell(key, thumb('down'));
    p.pass(HOUR);
    await tell(key, first);
    expect(await resultOf(key)).toMatchObject({ version: 1, verdict: 'down', claimedVerdict: true, score: { value: 84 } });
  });

  test('counts when it comes late and is the only one', async () => {
    const { key } = await p.sent();
    const late = thumb('up');
    p.pass(HOUR);
    await tell(key, { ...late, result: { ...late.result, verdict: null as never, reportedAt: p.now.toISOString() } });
    expect(await resultOf(key)).toMatchObject({ verdict: null });
    p.pass(HOUR);
    await tell(key, late);
    expect(await resultOf(key)).toMatchObject({ version: 2, verdict: 'up', claimedVerdict: true });
  });
});
