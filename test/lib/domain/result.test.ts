import { describe, expect, it } from 'vitest';
import { hasPassed, type VendorResult } from '../../../lib/domain/result.ts';

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
