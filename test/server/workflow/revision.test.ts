import { describe, expect, it } from 'vitest';
import type { VendorResult } from '../../../lib/domain/result.ts';
import { withRevision } from '../../../server/workflow/revision.ts';

type Unversioned = Omit<VendorResult, 'version'>;

function result(part: Partial<Unversioned> = {}): Unversioned {
  return {
    status: 'final',
    verified: true,
    score: { value: 82, max: 100 },
    rating: null,
    breakdown: [],
    integrity: { status: 'clear', signals: [] },
    verdict: null,
    notes: null,
    reportUrl: null,
    timeExpired: false,
    reportedAt: '2026-11-21T12:00:00.000Z',
    enteredBy: null,
    ...part,
  };
}

const flagged = { status: 'flagged' as const, signals: ['Plagiarism: Detected'] };

describe('the next version of a result', () => {
  it('is not a revision when it is the first, or the end of a provisional one', () => {
    expect(withRevision(null, result()).revision).toBeUndefined();
    expect(withRevision(result({ status: 'provisional' }), result({ score: { value: 90, max: 100 } })).revision).toBeUndefined();
  });

  it('that differs in the integrity check alone is revised for that', () => {
    expect(withRevision(result(), result({ integrity: flagged })).revision).toEqual({ because: 'integrity' });
    const levelled = result({ integrity: { status: 'clear', level: 'low', signals: [] } });
    expect(withRevision(result(), levelled).revision).toEqual({ because: 'integrity' });
    expect(withRevision(result(), result({ status: 'voided' })).revision).toEqual({ because: 'integrity' });
  });

  it('that differs in the grade too is revised, and nobody says why', () => {
    const next = result({ integrity: flagged, score: { value: 55, max: 100 } });
    expect(withRevision(result(), next).revision).toEqual({ because: 'unknown' });
  });

  it('is revised for what the vendor says', () => {
    const next = result({ score: { value: 55, max: 100 } });
    expect(withRevision(result(), next, { because: 'appeal' }).revision).toEqual({ because: 'appeal' });
  });

  it('is no revision when neither grade nor check is new; what was revised before stays so', () => {
    expect(withRevision(result(), result({ comment: 'Well done' })).revision).toBeUndefined();
    const before = result({ revision: { because: 'appeal' } });
    expect(withRevision(before, result({ reportUrl: 'https://coderbyte.com/r/2' })).revision).toEqual({ because: 'appeal' });
  });

  it('does not inherit the cause of the version before', () => {
    const before = result({ revision: { because: 'appeal' } });
    const next = result({ revision: { because: 'appeal' }, score: { value: 55, max: 100 } });
    expect(withRevision(before, next).revision).toEqual({ because: 'unknown' });
  });
});
