import { expect, test } from 'vitest';
import { connectionNotes } from '../../../server/http/setting-troubles.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const automaticSince = new Date('2026-11-01T08:00:00Z');
const late = {
  ...{ kind: 'greenhouse' as const, enabled: true, sweepState: null, automaticSince },
  sweepCursor: new Date('2026-11-23T10:00:00Z'),
};
const given = { isRefused: false, now: NOW };

test('a look that has not got through for more than an hour is noted', () => {
  expect(connectionNotes(late, given)).toEqual([expect.stringContaining('23 November 2026, 10:00 UTC')]);
  expect(connectionNotes({ ...late, sweepCursor: new Date('2026-11-23T11:00:00Z') }, given)).toEqual([]);
});

test('what is switched off is not looked at, so it is not late either', () => {
  expect(connectionNotes({ ...late, enabled: false }, given)).toEqual([]);
});

test('how far it got by the clock of the ATS, which is hours behind ours, is not when it last got through', () => {
  const swept = (sweptAt: string) => connectionNotes({ ...late, sweepState: { sweptAt } }, given);
  expect(swept('2026-11-23T11:50:00Z')).toEqual([]);
  expect(swept('2026-11-23T10:30:00Z')).toEqual([expect.stringContaining('10:30 UTC')]);
  // Written by a clock that was ahead.
  expect(swept('2026-11-23T14:00:00Z')).toEqual([expect.stringContaining('10:00 UTC')]);
});

test('where no look ever got through, it is said once it was switched on an hour ago', () => {
  const never = (since: string) => connectionNotes({ ...late, sweepCursor: null, automaticSince: new Date(since) }, given);
  expect(never('2026-11-23T11:30:00Z')).toEqual([]);
  expect(never('2026-11-23T10:30:00Z')).toEqual([
    expect.stringContaining('missed in Greenhouse has not got through since 23 November 2026, 10:30 UTC.'),
  ]);
});

test('what was off for long is not late at once when it is switched on again', () => {
  expect(connectionNotes({ ...late, automaticSince: new Date('2026-11-23T11:58:00Z') }, given)).toEqual([]);
});
