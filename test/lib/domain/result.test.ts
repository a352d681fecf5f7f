import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasPassed, shownPercent, type VendorResult, wholePercent } from '../../../lib/domain/result.ts';

function result(part: Partial<VendorResult>): VendorResult {
  return {
    version: 1,
    status: 'final',
    verified: true,
    score: null,
    rating: null,
    breakdown: [],
    integrity: { status: 'not evaluated', signals: [] },
    verdict: null,
    notes: null,
    reportUrl: null,
    timeExpired: false,
    reportedAt: '2026-11-21T12:00:00.000Z',
    enteredBy: null,
    ...part,
  };
}

const score = { value: 42, max: 60 };
const failedThere = { value: false, basis: 'cutoff' as const };

describe('whether an assessment was passed', () => {
  it('is said by our own mark before anybody else’s word', () => {
    expect(hasPassed(result({ score, passed: failedThere }), 70)).toBe(true);
    expect(hasPassed(result({ score, passed: failedThere }), 71)).toBe(false);
  });

  it('is said by the vendor where we have no mark, or no score for it', () => {
    expect(hasPassed(result({ score, passed: failedThere }), null)).toBe(false);
    expect(hasPassed(result({ passed: { value: true, basis: 'vendor' }, verdict: 'down' }), 70)).toBe(true);
  });

  it('is said by the thumb only where there is neither score nor word', () => {
    expect(hasPassed(result({ verdict: 'up' }), null)).toBe(true);
    expect(hasPassed(result({ score, verdict: 'up' }), null)).toBeNull();
  });

  it('is never said by the mark where the maximum is missing that this vendor otherwise tells', () => {
    const odd = { score: { value: 700, max: null }, lacksMaximum: true as const };
    expect(hasPassed(result(odd), 80)).toBeNull();
    expect(hasPassed(result({ ...odd, passed: failedThere }), 80)).toBe(false);
    expect(hasPassed(result({ score: odd.score }), 80)).toBe(true);
  });

  it('cannot be said of an attempt that was declared invalid', () => {
    expect(hasPassed(result({ status: 'voided', score, passed: { value: true, basis: 'vendor' } }), 10)).toBeNull();
  });
});

describe('a score and the mark', () => {
  /** In tenths, so that the comparison can be made exactly, in whole numbers. */
  const tenths = fc.record({
    value: fc.integer({ min: 0, max: 20_000 }),
    max: fc.integer({ min: 1, max: 10_000 }),
    mark: fc.integer({ min: 0, max: 2_000 }),
  });
  const nearTheMark = tenths.map(({ max, mark }) => ({ value: Math.floor((mark * max) / 1000), max, mark }));

  it('are compared as they are: who misses the mark by a little has missed it', () => {
    expect(hasPassed(result({ score: { value: 69.5, max: 100 } }), 70)).toBe(false);
    expect(hasPassed(result({ score: { value: 69.999, max: 100 } }), 70)).toBe(false);
    // To a computer 0.57 * 100 is a little less than 57, and 4.35 * 100 than 435.
    expect(hasPassed(result({ score: { value: 0.57, max: 1 } }), 57)).toBe(true);
    expect(hasPassed(result({ score: { value: 4.35, max: 5 } }), 87)).toBe(true);
    fc.assert(
      fc.property(fc.oneof(tenths, nearTheMark), ({ value, max, mark }) => {
        const passed = hasPassed(result({ score: { value: value / 10, max: max / 10 } }), mark / 10);
        expect(passed).toBe(value * 1000 >= mark * max);
      }),
    );
  });

  it('never contradict each other where they are shown', () => {
    expect(shownPercent({ value: 42, max: 60 }, 70)).toBe(70);
    expect(shownPercent({ value: 2, max: 3 }, 50)).toBe(67);
    expect(shownPercent({ value: 69.5, max: 100 }, 70)).toBe(69.5);
    expect(shownPercent({ value: 69.96, max: 100 }, 70)).toBe(69.9);
    expect(shownPercent({ value: 70.4, max: 100 }, 70.4)).toBe(70.4);
    expect(shownPercent({ value: 69.5, max: 100 }, null)).toBe(70);
    expect(shownPercent({ value: 7, max: null }, 70)).toBeNull();
    fc.assert(
      fc.property(fc.oneof(tenths, nearTheMark), ({ value, max, mark }) => {
        const score = { value: value / 10, max: max / 10 };
        expect((shownPercent(score, mark / 10) ?? 0) >= mark / 10).toBe(hasPassed(result({ score }), mark / 10));
      }),
    );
  });

  it('agree in whole numbers where the score stands alone', () => {
    expect(wholePercent({ value: 82.7, max: 100 })).toBe(83);
    expect(wholePercent({ value: 4.35, max: 5 })).toBe(87);
    expect(wholePercent({ value: 7, max: null })).toBeNull();
  });
});
