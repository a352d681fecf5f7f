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

// The fixture has an end, which HackerRank's documented sample of one that is new has too.
it.each([
  ['new', 'sent'],
  ['scheduled', 'sent'],
  [0, 'sent'],
  ['0', 'sent'],
  ['active', 'started'],
  [1, 'started'],
  [' Paused ', 'started'],
  ['3', 'started'],
  ['Ended', 'scored'],
  ['completed', 'scored'],
  ['FINISHED', 'scored'],
  [2, 'scored'],
  ['2', 'scored'],
  ['evaluated', 'scored'],
  ['constructor', 'scored'],
  [{ name: 'ended' }, 'scored'],
  [null, 'scored'],
  ['', 'scored'],
])('one that is %s is %s', (status, state) => {
  const report = read({ status });
  expect(report.state).toBe(state);
  expect(report.result === null).toBe(state !== 'scored');
});

it.each(['evaluated', 7, true, null, undefined])('one that is %s and has not ended yet claims the least', (status) => {
  for (const ended_at of [null, 'soon', '2026-11-21T12:00:01Z']) expect(read({ status, ended_at }).state).toBe('sent');
});

it('one that a public client shows as completed is over, with its thumb and words', () => {
  const shown = { status: 'completed', ended_at: '2026-05-05T14:00:00Z', thumbs_up: 1, feedback: 'Strong system design.' };
  expect(read(shown)).toMatchObject({
    state: 'scored',
    submittedAt: '2026-05-05T14:00:00.000Z',
    result: { status: 'final', verdict: 'up', comment: 'Strong system design.' },
  });
});

it('waits for a thumb, and the other thumb is one', () => {
  expect(read({ thumbs_up: null }).result).toMatchObject({ status: 'provisional', verdict: null });
  expect(read({ thumbs_up: 0 }).result).toMatchObject({ status: 'final', verdict: 'down' });
  expect(read({ thumbs_up: '1' }).result).toMatchObject({ status: 'final', verdict: 'up' });
  expect(read({ thumbs_up: 'yes', report_url: 'javascript:alert(1)' }).result).toMatchObject({ verdict: null, reportUrl: null });
});
