import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { feedBacklog } from '../../../server/jobs/feed-backlog.ts';
import { wakeDue } from '../../../server/jobs/timers.ts';
import { applications, effects } from '../../../server/storage/schema.ts';
import { UNREACHABLE } from '../../support/fake-systems.ts';
import { type Pipeline, usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();
const given = (): Pipeline => pipeline.current();
const LIMITED = { ok: false, kind: 'rate-limited', retryAfterMs: 120_000, detail: '' } as const;

function feed(p: Pipeline, calls: number, connectionId = p.atsConnectionId): Promise<number> {
  return feedBacklog({ ...p.parts, governor: { roomForDeferred: async () => [{ connectionId, calls }] } });
}

describe('work that was told to come back', () => {
  test('is brought forward as far as there is room, the earliest first, each once', async () => {
    const p = given();
    const keys: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      const key = await p.apply();
      p.ats.fail('readSnapshot', { ...LIMITED, retryAfterMs: 100_000 + index * 1_000 });
      await p.look(key);
      keys.push(key);
    }
    p.queue.lanes = [];
    expect(await feed(p, 12)).toBe(4);
    expect(new Set(p.queue.lanes)).toEqual(new Set(keys.slice(0, 4)));
    expect(await feed(p, 12)).toBe(2);
    expect(await feed(p, 12)).toBe(0);
    for (const key of keys) await p.lane(key);
    for (const key of keys) expect(await p.row(key)).toMatchObject({ readTrouble: null, dueAt: null });
  });

  test('is brought forward also where nobody was asked, re-reads and writes', async () => {
    const p = given();
    const { key } = await p.sending();
    p.ats.fail('writeNote', { ...LIMITED, inOurQueue: true });
    await p.settle();
    const other = await p.apply();
    p.ats.fail('readSnapshot', { ...LIMITED, inOurQueue: true });
    await p.look(other);
    expect((await p.effectRows(key)).map(({ error }) => error)).toContain(
      'Many requests to Lever are waiting here, so this takes a moment.',
    );
    p.queue.lanes = [];
    expect(await feed(p, 6)).toBe(2);
    expect(p.queue.lanes).toEqual([other]);
  });

  test('is not lost when the job of one that was brought forward is', async () => {
    const p = given();
    const key = await p.apply();
    p.ats.fail('readSnapshot', LIMITED);
    await p.look(key);
    expect(await feed(p, 3)).toBe(1);
    p.pass(31);
    expect(await wakeDue(p.parts)).toBe(1);
  });

  test('stays where it is: another connection, another trouble, something due by itself', async () => {
    const p = given();
    const [limited, unreachable, held] = [await p.apply(), await p.apply(), await p.apply()];
    p.ats.fail('readSnapshot', LIMITED, UNREACHABLE);
    await p.look(limited);
    await p.look(unreachable);
    await p.look(held);
    await p.click(held);
    await p.lane(held);
    expect(await feed(p, 30, p.vendorConnectionId)).toBe(0);
    p.queue.lanes = [];
    expect(await feed(p, 30)).toBe(1);
    expect(p.queue.lanes).toEqual([limited]);
    const rows = await p.db.select().from(applications).where(eq(applications.key, unreachable));
    expect(rows[0]?.readTrouble).toBe('unreachable');
  });

  test('a note that waits goes before re-reads', async () => {
    const p = given();
    const { key } = await p.sending();
    p.ats.fail('writeNote', LIMITED);
    await p.settle();
    const other = await p.apply();
    p.ats.fail('readSnapshot', LIMITED);
    await p.look(other);
    const [note] = (await p.effectRows(key)).filter((row) => row.state === 'queued');
    if (!note) throw new Error('no note waits');
    p.queue.effects = [];
    p.queue.lanes = [];
    expect(await feed(p, 3)).toBe(1);
    expect(p.queue.effects.map(({ id }) => id)).toEqual([note.id]);
    expect(p.queue.lanes).toEqual([]);
    await p.run(note.id);
    expect((await p.db.select().from(effects).where(eq(effects.id, note.id)))[0]?.state).toBe('done');
  });

  test('a note whose call may be on its way is left alone, whatever it waited for before', async () => {
    const p = given();
    const { key } = await p.sending();
    p.ats.fail('writeNote', LIMITED);
    await p.settle();
    const [note] = (await p.effectRows(key)).filter((row) => row.state === 'queued');
    if (!note) throw new Error('no note waits');
    p.pass(121);
    // As a process leaves it that begins with it, and dies in the call.
    const runAfter = new Date(p.now.getTime() + 8000);
    await p.db.update(effects).set({ state: 'calling', attempts: 2, runAfter }).where(eq(effects.id, note.id));
    expect(await feed(p, 30)).toBe(0);
    expect(await p.effectRow(note.id)).toMatchObject({ state: 'calling', runAfter });
  });
});
