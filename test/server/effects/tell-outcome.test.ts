import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { coderbyteSettingsSchema, type OutcomeWords } from '../../../lib/contract/settings.ts';
import type { Outcome } from '../../../lib/domain/outcome.ts';
import type { CallResult } from '../../../server/outbound/outcome.ts';
import { connections, reasonMeanings } from '../../../server/storage/schema.ts';
import { UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();
let p: Pipeline;
let told: { invitationId: string; outcome: Outcome; word: string }[];
let answer: CallResult<void>;

beforeEach(async () => {
  p = pipeline.current();
  told = [];
  answer = { ok: true, value: undefined };
  p.vendor.operations.tellOutcome = async ({ id }, { outcome, word }) => {
    told.push({ invitationId: id, outcome, word });
    return answer;
  };
  const meaning = { connectionId: p.atsConnectionId, reasonName: '' };
  await p.db.insert(reasonMeanings).values([
    { ...meaning, reasonId: 'under', meaning: 'rejected' },
    { ...meaning, reasonId: 'left', meaning: 'withdrew' },
  ]);
  await choose({ rejected: '22', withdrew: '11' });
});

const choose = (outcomeWords: OutcomeWords) =>
  p.db
    .update(connections)
    .set({ settings: coderbyteSettingsSchema.parse({ kind: 'coderbyte', outcomeWords }) })
    .where(eq(connections.id, p.vendorConnectionId));

/** The ATS shows the application archived for this reason. */
async function archive(key: string, reasonId: string) {
  for (const [id, snapshot] of p.ats.applications)
    p.ats.applications.set(id, { ...snapshot, status: 'archived', disposition: { reasonId, reasonName: '', at: null } });
  await p.hint(key);
  await p.lane(key);
}
const waiting = async (key: string) =>
  (await p.effectRows(key)).filter(({ kind, state }) => kind === 'tell-outcome' && state === 'queued').map(({ id }) => id);

describe('what became of a candidate', () => {
  test('is told in the word that the admin has chosen', async () => {
    const { key, invitationId } = await p.sent();
    await archive(key, 'under');
    const [id = ''] = await waiting(key);
    await p.run(id);
    expect(told).toEqual([{ invitationId, outcome: { nextStep: 'rejected', offerStatus: 'none' }, word: '22' }]);
    await p.lane(key);
    expect(await p.codes(key)).toContain('outcome-told');
  });

  test('held up is told as it is by then, not as it was', async () => {
    const { key } = await p.sent();
    await archive(key, 'under');
    await archive(key, 'left');
    for (const id of await waiting(key)) await p.run(id);
    expect(told.map(({ word }) => word)).toEqual(['11', '11']);
  });

  test('is told again when the vendor could not be reached, and again when the answer was lost', async () => {
    const { key } = await p.sent();
    await archive(key, 'under');
    const [id = ''] = await waiting(key);
    answer = UNREACHABLE;
    expect(await p.run(id)).toBe('later');
    answer = { ok: true, value: undefined };
    p.pass(600);
    expect(await p.run(id)).toBe('done');
    expect(told).toHaveLength(2);
  });

  test('is told nobody when the word was taken away, or the vendor takes none', async () => {
    const { key } = await p.sent();
    await archive(key, 'under');
    await choose({});
    for (const id of await waiting(key)) await p.run(id);
    await choose({ withdrew: '11' });
    await archive(key, 'left');
    delete p.vendor.operations.tellOutcome;
    for (const id of await waiting(key)) await p.run(id);
    expect(told).toEqual([]);
    await p.lane(key);
    expect((await p.codes(key)).filter((code) => code === 'outcome-kept')).toHaveLength(2);
  });

  test('that the vendor refuses is said', async () => {
    const { key } = await p.sent();
    await archive(key, 'under');
    answer = { ok: false, kind: 'refused', status: 422, detail: 'no such state' };
    for (const id of await waiting(key)) await p.run(id);
    await p.lane(key);
    expect(await p.codes(key)).toContain('outcome-not-told');
  });
});
