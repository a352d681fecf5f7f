import { expect, test } from 'vitest';
import type { Look } from '../../../server/jobs/look-at-deleted.ts';
import { halve, lookInSlices, type Slice } from '../../../server/jobs/look-in-slices.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 23, 9) + seconds * 1000);

/** Somebody who changed at each of these seconds, in an ATS whose list has room for so many. */
function lookerAt(seconds: readonly number[], most: number) {
  const seen = new Set<number>();
  const whole: Date[] = [];
  const asked: Slice[] = [];
  const look = async (slice: Slice): Promise<Look> => {
    asked.push(slice);
    const found = seconds.filter((second) => at(second) >= slice.since && (!slice.until || at(second) <= slice.until));
    for (const second of found.slice(0, most)) seen.add(second);
    return { found: Math.min(found.length, most), ended: found.length > most ? 'too-much' : 'complete' };
  };
  const upTo = () => at(1000);
  return {
    seen,
    whole,
    asked,
    look,
    upTo,
    run: () => lookInSlices(at(0), { look, upTo, onWhole: async (until) => void whole.push(until) }),
  };
}

test('a window that fits is asked for at once, and has no end', async () => {
  const looker = lookerAt([1, 500, 999], 3);
  expect(await looker.run()).toEqual({ found: 3, ended: 'complete' });
  expect(looker.asked).toEqual([{ since: at(0), until: null }]);
  expect(looker.whole).toEqual([]);
});

test('one that does not fit is halved until it fits, the earlier part first; the last part has no end', async () => {
  const seconds = Array.from({ length: 200 }, (_, index) => (index % 3 === 0 ? index : 800 + index));
  const looker = lookerAt(seconds, 10);
  expect((await looker.run()).ended).toBe('complete');
  expect(looker.seen).toEqual(new Set(seconds));
  expect(looker.whole).toEqual(looker.whole.toSorted((a, b) => a.getTime() - b.getTime()));
  expect(looker.asked.at(-1)?.until).toBeNull();
});

test('what bears the time at which two slices meet is in both', () => {
  expect(halve({ since: at(0), until: null }, at(1000))).toEqual([
    { since: at(0), until: at(500) },
    { since: at(500), until: null },
  ]);
  expect(halve({ since: at(0), until: at(7) }, at(1000))).toEqual([
    { since: at(0), until: at(3) },
    { since: at(3), until: at(7) },
  ]);
});

test('what takes too long ends with a whole slice; what is left is for another look', async () => {
  const { look, whole, upTo } = lookerAt(
    Array.from({ length: 100 }, (_, index) => index * 10),
    10,
  );
  const isEnough = () => whole.length > 2;
  const ended = await lookInSlices(at(0), { look, upTo, isEnough, onWhole: async (until) => void whole.push(until) });
  expect(ended.ended).toBe('too-long');
  expect(whole).toHaveLength(3);
});

test('more of one moment than the list has room for ends the look; what lies before was seen', async () => {
  const looker = lookerAt([10, 20, 700, 700, 700], 2);
  expect((await looker.run()).ended).toBe('too-much');
  expect(looker.seen).toContain(20);
  expect(looker.whole.at(-1)?.getTime()).toBeGreaterThan(at(690).getTime());
  expect(looker.asked.length).toBeLessThan(30);
});

test('what the ATS calls the time to come is no end of a slice', () => {
  expect(halve({ since: at(0), until: null }, null)).toBeNull();
  expect(halve({ since: at(10), until: null }, at(5))).toBeNull();
});
