import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidateSchema } from '../../../../server/vendors/hackerrank/schemas.ts';
import { toReport } from '../../../../server/vendors/hackerrank/to-report.ts';
import { readFixture } from '../../../support/read-fixture.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const fixture = await readFixture('hackerrank/candidate-scored');
const read = (change: object = {}, cutoff: number | null = null) =>
  toReport(candidateSchema.parse({ ...fixture, ...change }), { now: NOW, cutoff });

describe('a candidate as HackerRank documents one', () => {
  it('is a result with every part where it belongs', () => {
    expect(read({}, 60)).toEqual({
      state: 'scored',
      startedAt: '2026-11-20T09:15:00.000Z',
      submittedAt: '2026-11-20T10:42:30.000Z',
      result: {
        status: 'final',
        verified: true,
        score: { value: 76.875, max: 100 },
        rating: null,
        passed: { value: true, basis: 'cutoff' },
        breakdown: [
          { kind: 'section', name: 'Points', score: { value: 61.5, max: null }, rating: null },
          { kind: 'section', name: 'Coding', score: { value: 55, max: null }, rating: null },
          { kind: 'section', name: 'Questions', score: { value: 6.5, max: null }, rating: null },
          { kind: 'skill', name: 'Problem Solving (Basic)', score: { value: 90, max: null }, rating: null },
          { kind: 'skill', name: 'SQL (Intermediate)', score: { value: 0, max: null }, rating: null },
          { kind: 'task', name: 'Rate limiter', score: { value: 55, max: null }, rating: null },
          { kind: 'task', name: 'Slow report', score: null, rating: null },
        ],
        integrity: {
          status: 'flagged',
          level: 'medium',
          signals: ['Suspicion: Medium', 'Two answers resemble published ones.', 'Out of window events: 3'],
        },
        verdict: null,
        notes: null,
        comment: 'Clear code, see …',
        reportUrl: 'https://www.hackerrank.com/x/tests/771204/candidates/4810263/report',
        timeExpired: false,
        seconds: 87 * 60 + 30,
        reportedAt: NOW.toISOString(),
      },
    });
  });

  it('says nothing of what the candidate wrote, of pictures, of addresses, or of the way in', () => {
    const told = JSON.stringify(read());
    for (const secret of ['authkey', 'sample', 'class Main', 'Nice experience', '203.0.113.7', 'proctor', '2015'])
      expect(told).not.toContain(secret);
  });

  const untouched = { status: -1, attempt_starttime: null, attempt_endtime: null };
  it.each([
    ['invited', { ...untouched, invite_valid: true }, 'sent'],
    ['invited, by a row without the flag', { ...untouched, invite_valid: null }, 'sent'],
    ['invited for tomorrow', { ...untouched, invite_valid: false, invite_valid_from: '2026-11-22T08:00:00+0000' }, 'sent'],
    ['not begun in time', { ...untouched, invite_valid: false, invite_valid_to: '2026-11-21T12:00:00+0000' }, 'expired'],
    [
      'not begun in time, still called valid',
      { ...untouched, invite_valid: true, invite_valid_to: '2026-11-20T12:00:00+0000' },
      'expired',
    ],
    ['taken back', { ...untouched, invite_valid: false }, 'cancelled'],
    ['at it', { status: 0, attempt_endtime: null }, 'started'],
    ['at it, by an internal state', { status: 6, attempt_endtime: null }, 'started'],
    ['through', { status: 3 }, 'submitted'],
    ['through, after the deadline', { status: 3, invite_valid_to: '2026-11-20T12:00:00+0000' }, 'submitted'],
    ['through, by a state that is not told', { status: null }, 'submitted'],
    ['through, by a word where a number is documented', { status: 'completed' }, 'submitted'],
    ['reported', { status: 7 }, 'scored'],
    ['reported, by a number that is text', { status: '7' }, 'scored'],
  ])('%s is understood', (_, change, state) => {
    const report = read(change);
    expect(report.state).toBe(state);
    expect(report.result === null).toBe(state !== 'scored');
  });

  it('whose report was deleted has no result, and one without a score has none of zero', () => {
    expect(read({ score: null, percentage_score: null, report_url: null })).toMatchObject({ state: 'submitted', result: null });
    expect(read({ score: null, percentage_score: null }, 10).result).toMatchObject({ score: null });
    expect(read({ score: null, percentage_score: null }, 10).result).not.toHaveProperty('passed');
  });

  it('has no percentage where HackerRank gives none, and zero is a score', () => {
    expect(read({ percentage_score: null }).result).toMatchObject({ score: { value: 61.5, max: null }, lacksMaximum: true });
    expect(read({}).result).not.toHaveProperty('lacksMaximum');
    expect(read({ score: 0, percentage_score: 0 }, 1).result).toMatchObject({
      score: { value: 0, max: 100 },
      passed: { value: false },
    });
    expect(read({ score: '61.5', percentage_score: '76.875' }).result?.score).toEqual({ value: 76.875, max: 100 });
  });

  it.each([
    ['with its key in it', 'https://www.hackerrank.com/x/tests/1/candidates/2/report?authkey=5f2e9a'],
    ['elsewhere', 'https://www.hackerrank.com.evil.example/report'],
    ['without encryption', 'http://www.hackerrank.com/report'],
    ['that is none', 'javascript:alert(1)'],
  ])('has no report link %s', (_, report_url) => {
    expect(read({ report_url }).result?.reportUrl).toBeNull();
  });

  it('has names and comments as one line of plain text', () => {
    const { result } = read({
      comments: '<script>alert(1)</script>Good\u202e <b>work</b>',
      integrity_summary: 'See <a href="https://www.hackerrank.com/?authkey=1">https://www.hackerrank.com/?authkey=1</a>',
      scores_skills_split: { '<img src=x onerror=alert(1)>\nSQL': 1, '': 2, Java: 'n/a' },
    });
    expect(result?.comment).toBe('Good work');
    expect(result?.integrity.signals).toContain('See …');
    expect(result?.breakdown.filter(({ kind }) => kind === 'skill').map(({ name }) => name)).toEqual(['SQL']);
  });

  it('falls back to tags where no skills are told', () => {
    const names = read({ scores_skills_split: null, questions: null, scores_sections_split: null }).result?.breakdown;
    expect(names?.map(({ name }) => name)).toEqual(['Points', 'Java', 'Hard']);
  });

  it('is read where next to nothing is told', () => {
    const bare = (row: object) => toReport(candidateSchema.parse({ id: 7, ...row }), { now: NOW, cutoff: 50 });
    expect(bare({})).toEqual({ state: 'sent', startedAt: null, submittedAt: null, result: null });
    expect(bare({ status: 7, score: 82 })).toMatchObject({
      state: 'scored',
      result: { score: { value: 82, max: null }, passed: { value: true }, seconds: null, integrity: { status: 'not evaluated' } },
    });
  });

  it('is read whatever else the fields hold', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(fixture)), fc.anything()),
        fc.option(fc.double()),
        (change, cutoff) => {
          const row = candidateSchema.safeParse({ ...fixture, ...change, id: 1 });
          expect(row.success).toBe(true);
          if (row.success) expect(toReport(row.data, { now: NOW, cutoff }).state).toBeTruthy();
        },
      ),
    );
  });
});

describe('integrity', () => {
  const integrity = (change: object) =>
    read({ plagiarism: null, out_of_window_events: 0, integrity_summary: null, ...change }).result?.integrity;
  it.each([
    ['High', { status: 'flagged', level: 'high', signals: ['Suspicion: High'] }],
    ['MEDIUM', { status: 'flagged', level: 'medium' }],
    ['low', { status: 'flagged', level: 'low' }],
    ['No Issues Detected', { status: 'clear', level: 'none', signals: [] }],
    ['no_issues_detected', { status: 'clear' }],
    ['clean', { status: 'clear', level: 'none', signals: [] }],
    ['CLEAR', { status: 'clear', level: 'none', signals: [] }],
    ['No issues found', { status: 'clear', level: 'none', signals: [] }],
    ['Review', { status: 'flagged', level: 'unknown', signals: ['Suspicion: Review'] }],
    ['Unclear', { status: 'flagged', level: 'unknown', signals: ['Suspicion: Unclear'] }],
    ['Pending', { status: 'pending', signals: [] }],
    ['', { status: 'not evaluated', signals: [] }],
    ['Not evaluated', { status: 'not evaluated' }],
    ['Suspicious', { status: 'flagged', level: 'unknown', signals: ['Suspicion: Suspicious'] }],
    ['constructor', { status: 'flagged', level: 'unknown' }],
  ])('"%s" is understood', (integrity_status, expected) => {
    expect(integrity({ integrity_status })).toMatchObject(expected);
  });

  it('that is not told is no clearance, whatever the older fields say in favour', () => {
    for (const older of [{}, { plagiarism: false }, { plagiarism_status: false }, { max_code_similarity: 0 }])
      expect(integrity({ integrity_status: null, ...older })).toEqual({ status: 'not evaluated', signals: [] });
    // Detected and not graded, which is more than a word that nobody knows.
    for (const older of [{ plagiarism: true }, { plagiarism_status: true }])
      expect(integrity({ integrity_status: null, ...older })).toEqual({ status: 'flagged', signals: ['Plagiarism: detected'] });
    expect(integrity({ integrity_status: 'No Issues Detected', plagiarism: true })).toMatchObject({ status: 'clear' });
  });
});
