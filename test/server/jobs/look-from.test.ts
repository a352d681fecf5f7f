import { expect, test } from 'vitest';
import { lookFrom } from '../../../server/jobs/look-from.ts';

const NOW = new Date('2026-11-23T09:00:00Z');
const HOUR_MS = 3_600_000;
const OVERLAP_MS = HOUR_MS / 2;
const before = (ms: number) => new Date(NOW.getTime() - ms);

test.each([
  ['of the ATS, with a right clock', 10 * 60_000, { aheadMs: 0, isOfAts: true }, 10 * 60_000],
  ['of ours, with a right clock', 10 * 60_000, { aheadMs: 0, isOfAts: false }, 10 * 60_000],
  // Taken off once only: what the ATS told is not told by our clock.
  ['of the ATS, two hours behind us', 2 * HOUR_MS + 60_000, { aheadMs: 2 * HOUR_MS, isOfAts: true }, 2 * HOUR_MS + 60_000],
  ['of ours, two hours ahead of the ATS', 60_000, { aheadMs: 2 * HOUR_MS, isOfAts: false }, 2 * HOUR_MS + 60_000],
  ['in what the ATS calls the time to come', HOUR_MS, { aheadMs: 2 * HOUR_MS, isOfAts: true }, 2 * HOUR_MS],
  ['in our time to come', -HOUR_MS, { aheadMs: 0, isOfAts: false }, 0],
])('after a mark %s a look asks with half an hour of overlap', (_mark, ago, given, asked) => {
  expect(lookFrom(before(ago), { startedAt: NOW, ...given })).toEqual(before(asked + OVERLAP_MS));
});
