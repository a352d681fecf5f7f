import { describe, expect, test } from 'vitest';
import { sessionSchema } from '../../../../server/vendors/codesignal/schemas.ts';
import { toReport } from '../../../../server/vendors/codesignal/to-report.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const START = Date.parse('2026-11-20T10:00:00Z');
/** In the documented shape, as the query asks for it. */
const SESSION = {
  id: 's1',
  status: 'over',
  maxScore: 600,
  startDate: START,
  finishDate: START + 3_480_000,
  expirationDate: START + 86_400_000,
  test: {
    scoreRangeLabels: [
      { label: 'Fail', scoreRange: { min: 0, max: 399 } },
      { label: 'Pass', scoreRange: { min: 400, max: 600 } },
    ],
  },
  verificationStatus: null,
  verificationRejectionReasons: null,
  integrityReviewFinalized: true,
  integrityReviewSuggested: false,
  retakeSession: null,
  result: {
    score: 480,
    url: 'https://app.codesignal.com/test-result/oH3qeBC38oFsf7qB4?accessToken=A7HnBpab4aD7',
    versionedCodingScore: { value: 520, skillAreas: [{ name: 'Problem Solving', label: 'Advanced' }] },
    taskResults: [
      {
        score: 300,
        sessionTask: { maxScore: 300, task: { title: 'Rate limiter' } },
        integrityReport: { status: 'ready', suspicionScore: 'none' },
      },
      {
        score: null,
        sessionTask: { maxScore: 300, task: { title: '<i>Slow</i> report' } },
        integrityReport: { status: 'pending', suspicionScore: null },
      },
    ],
  },
};
const report = (change: object = {}) => toReport(sessionSchema.parse({ ...SESSION, ...change }), NOW);
const withResult = (change: object) => report({ result: { ...SESSION.result, ...change } });

describe('the state', () => {
  test.each([
    ['pending', 'sent'],
    ['active', 'started'],
    ['gracePeriod', 'started'],
    ['finalizing', 'submitted'],
    ['over', 'scored'],
    ['deleted', 'cancelled'],
    ['deletedForPii', 'cancelled'],
    ['expired', 'expired'],
    ['declined', 'cancelled'],
    ['archived', 'scored'],
    ['ofTomorrow', 'sent'],
  ])('%s is %s', (status, state) => {
    expect(report({ status }).state).toBe(state);
    expect(report({ status }).result !== null).toBe(state === 'scored');
  });

  test('archived before there was a result is cancelled', () => {
    expect(report({ status: 'archived', result: null })).toMatchObject({ state: 'cancelled', result: null });
  });

  test('over without a result, or not yet verified, is no more than handed in', () => {
    expect(report({ result: null })).toMatchObject({ state: 'submitted', result: null });
    expect(report({ verificationStatus: 'pending' })).toMatchObject({ state: 'submitted', result: null });
  });
});

describe('the result', () => {
  test('has points of a maximum, tasks, the coding score on its own scale, and the time it took', () => {
    expect(report()).toMatchObject({
      startedAt: '2026-11-20T10:00:00.000Z',
      submittedAt: '2026-11-20T10:58:00.000Z',
      result: {
        status: 'final',
        verified: true,
        score: { value: 480, max: 600 },
        rating: 'Pass',
        seconds: 3480,
        reportUrl: SESSION.result.url,
        breakdown: [
          { kind: 'task', name: 'Rate limiter', score: { value: 300, max: 300 } },
          { kind: 'task', name: 'Slow report', score: null },
          { kind: 'section', name: 'Coding score', score: { value: 520, max: null } },
          { kind: 'skill', name: 'Problem Solving', score: null, rating: 'Advanced' },
        ],
      },
    });
  });

  test.each([null, undefined, 0, -1, 'many'])('a maximum of %j is none', (maxScore) => {
    expect(report({ maxScore }).result).toMatchObject({ score: { value: 480, max: null }, lacksMaximum: true });
  });

  test('null is not zero, and zero is not null', () => {
    expect(withResult({ score: null }).result?.score).toBeNull();
    expect(withResult({ score: 0, versionedCodingScore: null }).result).toMatchObject({
      score: { value: 0, max: 600 },
      rating: 'Fail',
    });
  });

  test('a range is named only where both scores fall into the same', () => {
    expect(withResult({ score: 100 }).result?.rating).toBeNull();
    expect(withResult({ score: null }).result?.rating).toBe('Pass');
    expect(report({ test: null }).result?.rating).toBeNull();
    const open = { scoreRangeLabels: [{ label: 'Strong', scoreRange: { min: 400, max: null } }] };
    expect(report({ test: open }).result?.rating).toBe('Strong');
  });

  test.each(['http://app.codesignal.com/x', 'https://evil.example/x', 'https://a:b@app.codesignal.com/x', 7, null])(
    'a link like %j is not shown',
    (url) => {
      expect(withResult({ url }).result?.reportUrl).toBeNull();
    },
  );

  test('rows that cannot be read are left out, the others stay', () => {
    const taskResults = [null, 'text', { score: 5 }, SESSION.result.taskResults[0]];
    expect(withResult({ taskResults, versionedCodingScore: 'odd' }).result?.breakdown).toMatchObject([{ name: 'Rate limiter' }]);
  });
});

describe('integrity', () => {
  const integrity = (change: object) => report(change).result?.integrity;

  test.each([
    [{ integrityReviewFinalized: false, integrityReviewSuggested: null }, 'pending'],
    [{ integrityReviewFinalized: true, integrityReviewSuggested: null }, 'not evaluated'],
    [{ integrityReviewFinalized: true, integrityReviewSuggested: false }, 'clear'],
    [{ integrityReviewFinalized: true, integrityReviewSuggested: true }, 'flagged'],
    [{ integrityReviewFinalized: false, integrityReviewSuggested: true }, 'flagged'],
    [{ integrityReviewFinalized: null, integrityReviewSuggested: null }, 'not evaluated'],
    [{ verificationStatus: 'verified', integrityReviewFinalized: false, integrityReviewSuggested: null }, 'clear'],
  ])('%j is %s', (change, status) => {
    expect(integrity(change)?.status).toBe(status);
  });

  test('what was not verified is invalid, with the reasons; also once its time is over', () => {
    const reasons = [{ name: 'Presence of others' }, { name: '' }, { name: 7 }];
    const change = { verificationStatus: 'notVerified', verificationRejectionReasons: reasons };
    for (const status of ['over', 'expired'])
      expect(report({ ...change, status })).toMatchObject({
        state: 'scored',
        result: { status: 'voided', integrity: { status: 'flagged', signals: ['Presence of others'] } },
      });
  });

  test('the highest suspicion of all tasks counts, and who raised it is said', () => {
    const task = (title: string, suspicionScore: string, status = 'ready') => ({
      score: 1,
      sessionTask: { maxScore: 1, task: { title } },
      integrityReport: { status, suspicionScore },
    });
    const taskResults = [task('A', 'low'), task('B', 'high'), task('C', 'not_applicable'), task('D', 'high', 'pending')];
    expect(withResult({ taskResults }).result?.integrity).toEqual({
      status: 'clear',
      level: 'high',
      signals: ['B: suspicion high'],
    });
    expect(withResult({ taskResults: [task('C', 'not_applicable')] }).result?.integrity).not.toHaveProperty('level');
  });
});
