import { expect, test } from 'vitest';
import { interviewSchema } from '../../../../server/vendors/codesignal/schemas.ts';
import { toInterviewReport } from '../../../../server/vendors/codesignal/to-interview-report.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const START = Date.parse('2026-11-20T10:00:00Z');
const report = (change: object) => {
  const dates = { startDate: START, finishDate: START + 3_600_000 };
  return toInterviewReport(interviewSchema.parse({ id: 'i 1&x', status: 'over', ...dates, ...change }), NOW);
};
const evaluated = (...words: unknown[]) =>
  report({ interviewersFeedback: words.map((overallEvaluation) => ({ generalNotes: 'private', overallEvaluation })) }).result;

test.each([
  ['pending', 'sent'],
  ['active', 'started'],
  ['over', 'scored'],
  ['ofTomorrow', 'sent'],
])('%s is %s', (status, state) => {
  expect(report({ status }).state).toBe(state);
});

test('without a word of an interviewer it waits for one; the page opens for who has signed in', () => {
  expect(report({ interviewersFeedback: null })).toMatchObject({
    submittedAt: '2026-11-20T11:00:00.000Z',
    result: {
      status: 'provisional',
      score: null,
      rating: null,
      verdict: null,
      reportUrl: 'https://app.codesignal.com/client-dashboard/interviews?status=over&liveInterviewId=i+1%26x',
    },
  });
});

test.each([
  [['Strong Yes'], 'Strong Yes', 'up'],
  [['yes', 'Strong Yes'], null, 'up'],
  [['No', 'No'], 'No', 'down'],
  [['Yes', 'No'], null, null],
  [['Yes please, but not in this team'], 'Yes please, but not in this team', null],
  [['Yes', 'Ask Kim'], null, null],
])('%j is rated %s, thumb %s', (words, rating, verdict) => {
  expect(evaluated(...words)).toMatchObject({ status: 'final', rating, verdict, notes: null });
  expect(JSON.stringify(evaluated(...words))).not.toContain('private');
});

test('words that are none are passed over', () => {
  expect(evaluated(null, 7, '')).toMatchObject({ status: 'provisional', rating: null });
  const interviewersFeedback = [{ recommendedLevel: 'Senior' }, { recommendedLevel: 'Senior', overallEvaluation: 'Yes' }];
  expect(report({ interviewersFeedback }).result?.breakdown).toMatchObject([{ name: 'Recommended level', rating: 'Senior' }]);
});
