import { eq } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import type { CandidateReference } from '../../../lib/domain/candidate-reference.ts';
import { describeFailure } from '../../../server/http/describe-failure.ts';
import { applicationView } from '../../../server/http/panel-view.ts';
import { invitations } from '../../../server/storage/schema.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';
import { makeEntry, START, type StageName } from '../../support/workflow-story.ts';

const pipeline = usePipeline();
let p: Pipeline;
beforeEach(() => {
  p = pipeline.current();
});

const PAGE: CandidateReference = { kind: 'application', ats: 'lever', host: 'hire.lever.co', applicationId: 'application-1' };
const ADMIN = { id: '0f8fad5b-d9cb-469f-a165-70867728950e', name: 'Rosa', role: 'admin' as const };
const open = (key: string) => applicationView(p.parts, key, PAGE, ADMIN);
const OUR_QUEUE = { ok: false, kind: 'rate-limited', retryAfterMs: 4_000, detail: '', inOurQueue: true } as const;
const PAUSED = { ...OUR_QUEUE, inOurQueue: false };

test('what waits in our own queue is not blamed on the ATS', async () => {
  const key = await p.apply();
  p.ats.fail('readSnapshot', OUR_QUEUE);
  await p.look(key);
  const view = await open(key);
  expect(view).toMatchObject({ text: 'Many requests to Lever are waiting here, so this takes a moment.' });
  expect(describeFailure(OUR_QUEUE, 'Lever')).toBe('Many requests to Lever are waiting here, so this takes a moment.');
  const seen = await p.apply();
  await p.look(seen);
  p.ats.fail('readSnapshot', OUR_QUEUE);
  await p.look(seen);
  const text = 'Many requests to Lever are waiting here. What you see may be old; it is read again in a moment.';
  expect(await open(seen)).toMatchObject({ troubles: [{ text }] });
});

test('a pause that the ATS has asked for is told as one', async () => {
  const key = await p.apply();
  p.ats.fail('readSnapshot', PAUSED);
  await p.look(key);
  expect(await open(key)).toMatchObject({ text: 'Lever asks us to slow down. Trying again by itself.' });
  expect(describeFailure(PAUSED, 'Lever')).toBe('Lever asks for a pause. Try again in a minute.');
});

test('of somebody who was anonymised nothing is shown any more', async () => {
  const { key } = await p.sent();
  const before = await open(key);
  if (before.kind !== 'application') throw new Error(before.kind);
  const address = before.invitations[0]?.email ?? '';
  expect(address).toContain('@');
  expect(before.happenings.map(({ text }) => text)).toContain(`Senior SWE was sent to ${address}.`);
  await p.change(key, (snapshot) => ({ ...snapshot, anonymised: true }));
  await p.look(key);
  // At once, and not only when the rows are gone.
  const text = 'This candidate was erased here on 2 March 2026. Tagalong keeps nothing about them and takes nothing new in.';
  expect(await open(key)).toEqual({ kind: 'unavailable', code: 'erased', text, mend: null });
  await p.settle();
  await p.erase();
  expect(await open(key)).toMatchObject({ code: 'erased', text });
  expect(await p.row(key)).toBeUndefined();
});

test('who comes back to a stage, of which the history does not tell, waits for a person, and that is said', async () => {
  const key = await p.apply();
  const stand = async (stage: StageName) => {
    const told = { stage: { id: stage, name: 'Test' }, stageEntries: [makeEntry(stage, START)], tags: [] };
    await p.change(key, (snapshot) => ({ ...snapshot, ...told }));
    await p.look(key);
    const view = await open(key);
    if (view.kind !== 'application') throw new Error(view.kind);
    return view.happenings.filter(({ text }) => text.startsWith('Not sent: the candidate is back in "Test"'));
  };
  expect(await stand('test')).toEqual([]);
  expect(await stand('review')).toEqual([]);
  expect(await stand('test')).toMatchObject([{ mend: { kind: 'send-now' }, tone: 'attention' }]);
  expect(await stand('test')).toHaveLength(1);
});

test('what keeps a note from being written is told as long as the note waits', async () => {
  p.ats.fail('writeNote', { ok: false, kind: 'unreachable', detail: 'ECONNREFUSED' });
  const { key } = await p.sent();
  expect(await open(key)).toMatchObject({ troubles: [{ text: expect.stringContaining('Lever') }] });
  p.pass(3_600);
  await p.settle();
  expect(p.ats.notes).toHaveLength(1);
  expect(await open(key)).toMatchObject({ troubles: [] });
});

test('what kept something from being done is no trouble that waits any more once it was given up', async () => {
  p.ats.fail('writeNote', { ok: false, kind: 'refused', status: 422, detail: 'no notes today' });
  const { key } = await p.sent();
  const [note] = (await p.effectRows(key)).filter(({ kind }) => kind === 'write-note');
  expect(note).toMatchObject({ state: 'failed', error: expect.stringContaining('no notes today') });
  expect(await open(key)).toMatchObject({ troubles: [] });
});

test('a link is there to be copied where one was kept, and nowhere else', async () => {
  const { key, invitationId } = await p.sent();
  expect(await open(key)).toMatchObject({ invitations: [{ actions: expect.arrayContaining(['copy-link']) }] });
  await p.db.update(invitations).set({ sealedLink: null }).where(eq(invitations.id, invitationId));
  expect(await open(key)).toMatchObject({ invitations: [{ actions: expect.not.arrayContaining(['copy-link']) }] });
});
