import { expect, it } from 'vitest';
import { interviewSchema } from '../../../../server/vendors/hackerrank/schemas.ts';
import { toInterviewReport } from '../../../../server/vendors/hackerrank/to-interview-report.ts';
import { readFixture } from '../../../support/read-fixture.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const fixture = await readFixture('hackerrank/interview-ended');
const read = (change: object = {}) => toInterviewReport(interviewSchema.parse({ ...fixture, ...change }), NOW);

it('an interview that has ended is a result with the interviewer’s thumb and words, and a link with a scheme', () => {
  expect(read()).toMatchObject({
    state: 'scored',
    submittedAt: '2026-11-20T15:01:30.000Z',
    result: {
      status: 'final',
      score: null,
      verdict: 'up',
      comment: 'Asks before building.',
      notes: null,
      reportUrl: 'https://www.hackerrank.com/x/interviews/289187/report',
    },
  });
});

it.each([
  ['new', 'sent'],
  ['active', 'started'],
  ['paused', 'started'],
  ['Ended', 'scored'],
  ['scheduled', 'sent'],
  [null, 'sent'],
])('one that is %s is %s', (status, state) => {
  expect(read({ status }).state).toBe(state);
});

it('waits for a thumb, and the other thumb is one', () => {
  expect(read({ thumbs_up: null }).result).toMatchObject({ status: 'provisional', verdict: null });
  expect(read({ thumbs_up: 0 }).result).toMatchObject({ status: 'final', verdict: 'down' });
  expect(read({ thumbs_up: 'yes', report_url: 'javascript:alert(1)' }).result).toMatchObject({ verdict: null, reportUrl: null });
});
