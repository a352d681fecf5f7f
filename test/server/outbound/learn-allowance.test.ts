import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AllowanceState, FRESH_STATE, readState, windowLeftMs } from '../../../server/outbound/allowance-state.ts';
import { type EndedCall, learn } from '../../../server/outbound/learn-allowance.ts';
import { readWindowHeaders } from '../../../server/outbound/rate-headers.ts';
import { takeTurn } from '../../../server/outbound/take-allowance.ts';

const NOW = Date.parse('2026-11-21T12:00:10Z');
const WINDOW = { kind: 'window' } as const;
const BUCKET = { kind: 'bucket', perSecond: 10, burst: 8, spare: 3 } as const;

const answered = (headers: Record<string, string>, { status = 200, askedAt = NOW - 50, endedAt = NOW } = {}): EndedCall => ({
  head: { status, headers },
  askedAt,
  endedAt,
  chance: 0,
});
const told = (limit: number, remaining: number, resetInSeconds: number) => ({
  'x-ratelimit-limit': `${limit}`,
  'x-ratelimit-remaining': `${remaining}`,
  'x-ratelimit-reset': `${Math.floor(NOW / 1000) + resetInSeconds}`,
});
const after = (...calls: EndedCall[]): AllowanceState => calls.reduce((state, call) => learn(WINDOW, state, call), FRESH_STATE);

describe('what an answer tells of a window', () => {
  it('is how many are left until when', () => {
    expect(after(answered(told(75, 70, 20))).window).toMatchObject({ limit: 75, remaining: 70 });
  });

  it('is taken as the least that any answer told, because answers overtake each other', () => {
    const state = after(answered(told(75, 60, 20)), answered(told(75, 66, 20)), answered(told(75, 58, 20)));
    expect(state.window?.remaining).toBe(58);
  });

  it.each([-90, 90])('counts anew once one of the two clocks was set (theirs by %d s)', (seconds) => {
    const dated = (by: number, headers: Record<string, string>) => ({
      ...headers,
      date: new Date(NOW + by * 1000).toUTCString(),
    });
    const state = after(answered(dated(0, told(75, 3, 20))), answered(dated(seconds, told(75, 70, seconds + 25))));
    expect(state.window).toMatchObject({ limit: 75, remaining: 70 });
    expect(state.window && windowLeftMs(state, state.window, NOW)).toBeGreaterThan(23_000);
    expect(state.window && windowLeftMs(state, state.window, NOW)).toBeLessThan(27_000);
  });

  it('stands when servers of theirs differ by some seconds', () => {
    const at = (by: number) => ({ date: new Date(NOW + by * 1000).toUTCString() });
    const state = after(answered({ ...told(75, 3, 20), ...at(0) }), answered({ ...told(75, 70, 10), ...at(-8) }));
    expect(state.window).toMatchObject({ limit: 75, remaining: 3 });
  });

  it('of a window that is over says nothing about the next', () => {
    const state = after(answered(told(75, 74, 30)), answered(told(75, 0, 0)));
    expect(state.window?.remaining).toBe(74);
  });

  it('may be another limit than before', () => {
    expect(after(answered(told(60, 30, 20)), answered(told(90, 59, 20))).window).toMatchObject({ limit: 90, remaining: 59 });
    expect(after(answered(told(60, 30, 20)), answered(told(40, 9, 20))).window).toMatchObject({ limit: 40, remaining: 9 });
  });

  it('is counted as one less when no answer came', () => {
    const state = after(answered(told(75, 70, 20)), { head: null, askedAt: NOW, endedAt: NOW, chance: 0 });
    expect(state.window?.remaining).toBe(69);
  });

  it.each([
    ['no headers', {}],
    ['one missing', { 'x-ratelimit-limit': '75', 'x-ratelimit-remaining': '74' }],
    ['words', { ...told(75, 74, 20), 'x-ratelimit-remaining': 'many' }],
    ['more left than there is', told(75, 76, 20)],
    ['a limit of nothing', told(0, 0, 20)],
    ['a reset in milliseconds', { ...told(75, 74, 0), 'x-ratelimit-reset': `${NOW + 20_000}` }],
    ['a reset that is a duration', { ...told(75, 74, 0), 'x-ratelimit-reset': '20' }],
    ['a reset in a year', told(75, 74, 365 * 86_400)],
  ])('is not believed when it is nonsense: %s', (_, headers: Record<string, string>) => {
    const state = after(answered(headers));
    expect(state.window).toBeNull();
    expect(state.careful).toBeGreaterThanOrEqual(1);
  });

  it('holds by their clock, however wrong one of the two is', () => {
    for (const minutes of [-17, 0, 4, 600]) {
      const theirs = NOW + minutes * 60_000;
      const headers = {
        date: new Date(theirs).toUTCString(),
        'x-ratelimit-limit': '75',
        'x-ratelimit-remaining': '70',
        'x-ratelimit-reset': `${theirs / 1000 + 20}`,
      };
      const state = after(answered(headers));
      if (!state.window) throw new Error('nothing was learnt');
      expect(windowLeftMs(state, state.window, NOW)).toBeGreaterThanOrEqual(20_000);
      expect(windowLeftMs(state, state.window, NOW)).toBeLessThanOrEqual(21_000);
    }
  });
});

describe('a 429', () => {
  const pauseOf = (headers: Record<string, string>, state = FRESH_STATE) =>
    learn(BUCKET, state, answered(headers, { status: 429 })).pausedUntil - NOW;

  it('is a pause for as long as it says, in seconds or as a date of their clock', () => {
    expect(pauseOf({ 'retry-after': '30' })).toBe(30_000);
    const theirs = NOW - 3_600_000;
    const date = new Date(theirs).toUTCString();
    const wait = pauseOf({ date, 'retry-after': new Date(theirs + 30_000).toUTCString() });
    expect(wait).toBeGreaterThanOrEqual(30_000);
    expect(wait).toBeLessThanOrEqual(31_000);
  });

  it('that says nothing is a longer pause each time, and a good answer begins anew', () => {
    let state = FRESH_STATE;
    const pauses: number[] = [];
    for (let count = 0; count < 9; count += 1) {
      state = learn(BUCKET, { ...state, pausedUntil: 0 }, answered({}, { status: 429 }));
      pauses.push(state.pausedUntil - NOW);
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    state = learn(BUCKET, state, answered({}));
    expect(pauseOf({}, { ...state, pausedUntil: 0 })).toBe(500);
  });

  it('is obeyed by everybody, people too, and no burst follows it', () => {
    const paused = learn(BUCKET, FRESH_STATE, answered({ 'retry-after': '5' }, { status: 429 }));
    const wanted = { person: 9, automatic: 9, sweep: 9 };
    const turn = { me: 'a', ended: [], flying: 0, wanted, deferredUntil: 0 };
    expect(takeTurn(BUCKET, paused, { ...turn, now: NOW + 4_900 }).granted).toEqual({ person: 0, automatic: 0, sweep: 0 });
  });
});

it('whatever the headers are, nothing throws and no number is other than sensible', () => {
  const text = fc.oneof(fc.string(), fc.integer().map(String), fc.constantFrom('', '-1', '1e9', 'NaN', '9'.repeat(12)));
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text, text, text, text, fc.constantFrom(200, 404, 429, 500, 401))), (answers) => {
      let state = FRESH_STATE;
      for (const [limit, remaining, reset, date, retry, status] of answers) {
        const headers = {
          'x-ratelimit-limit': limit,
          'x-ratelimit-remaining': remaining,
          'x-ratelimit-reset': reset,
          date,
          'retry-after': retry,
        };
        readWindowHeaders(headers);
        state = learn(WINDOW, state, answered(headers, { status }));
        // What is stored is read back as it was.
        expect(readState(JSON.parse(JSON.stringify(state)))).toEqual(state);
        expect(state.pausedUntil).toBeLessThanOrEqual(NOW + 1.05 * 3_600_000);
      }
    }),
  );
});
