import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coderbyteWebhooks } from '../../../../server/vendors/coderbyte/index.ts';
import { readFixture } from '../../../support/read-fixture.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const AT = NOW.toISOString();
const WHO = { assessmentExternalId: 'angular-assessment-9six08om28556', email: 'ada@example.com' };
const REPORT = 'https://coderbyte.com/report/user462h9y1s11y:angular-assessment-9six08om28556';

const hintsOf = (body: unknown) => coderbyteWebhooks.toHints(body, NOW);
const changed = async (name: string, change: object) =>
  hintsOf({ ...(await readFixture(`coderbyte/webhook-${name}`)), ...change });

describe('what Coderbyte’s webhooks claim', () => {
  it('candidate_joined: the test was started', async () => {
    const claim = { state: 'started', startedAt: AT, submittedAt: null, result: null };
    expect(await changed('candidate-joined', {})).toEqual([{ event: 'candidate_joined', ...WHO, claim }]);
  });

  it('assessment_completed with a report: finished, with a link and without a score, not verified', async () => {
    expect(await changed('assessment-completed', {})).toEqual([
      {
        event: 'assessment_completed',
        ...WHO,
        claim: {
          state: 'scored',
          startedAt: null,
          submittedAt: AT,
          result: {
            status: 'final',
            verified: false,
            score: null,
            rating: null,
            breakdown: [],
            integrity: { status: 'not evaluated', signals: [] },
            verdict: null,
            notes: null,
            reportUrl: REPORT,
            timeExpired: false,
            reportedAt: AT,
          },
        },
      },
    ]);
  });

  it('assessment_completed while the report is still made: handed in, no result yet', async () => {
    for (const report_ready of [false, null, undefined, 'yes'])
      for (const hint of await changed('assessment-completed', { report_ready }))
        expect(hint.claim).toEqual({ state: 'submitted', startedAt: null, submittedAt: AT, result: null });
    expect(await changed('assessment-completed', { report_ready: false })).toHaveLength(1);
    expect(await changed('assessment-completed', { report_ready: false, time_expired: true })).toMatchObject([
      { claim: { state: 'submitted', timeExpired: true, result: null } },
    ]);
  });

  it.each([
    ['assessment-completed', ['report_url'], 'scored'],
    ['assessment-completed', ['report_url', 'report_ready', 'time_expired'], 'submitted'],
    ['scorecard-updated', ['report_url', 'trigger', 'comment', 'email_admin'], 'scored'],
    ['scorecard-updated', ['report_url', 'recommendation'], 'sent'],
    ['interview-completed', ['report_url'], 'scored'],
  ])('%s without %j is heard all the same', async (name, missing, state) => {
    const without = Object.fromEntries(missing.map((field) => [field, undefined]));
    const body = JSON.parse(JSON.stringify({ ...(await readFixture(`coderbyte/webhook-${name}`)), ...without }));
    expect(hintsOf(body)).toMatchObject([{ claim: { state } }]);
  });

  it('assessment_completed because the clock ran out says so', async () => {
    expect(await changed('assessment-completed', { time_expired: true })).toMatchObject([
      { claim: { result: { timeExpired: true } } },
    ]);
  });

  it.each([
    ['thumb_up', 'up'],
    ['thumb_down', 'down'],
  ])(
    'scorecard_updated with %s: a reviewer’s thumb and their comment as plain text, never who wrote it',
    async (recommendation, verdict) => {
      const hints = await changed('scorecard-updated', { recommendation });
      const comment = 'Knows her closures, salary talk next week';
      expect(hints).toMatchObject([
        { ...WHO, claim: { state: 'scored', result: { verdict, verified: false, notes: null, comment } } },
      ]);
      expect(JSON.stringify(hints)).not.toContain('grace@');
    },
  );

  it('scorecard_updated without a thumb: the comment alone, which moves nothing', async () => {
    for (const recommendation of [null, '', 'maybe'])
      expect(await changed('scorecard-updated', { recommendation })).toMatchObject([
        { claim: { state: 'sent', result: { status: 'provisional', verdict: null, comment: expect.any(String) } } },
      ]);
    for (const comment of ['', '<p></p>', null, 7])
      expect(await changed('scorecard-updated', { recommendation: null, comment })).toMatchObject([
        { claim: { state: 'sent', result: null } },
      ]);
  });

  it('interview_completed: the interview is over, found by its own id or by the address; the thumb is still to come', async () => {
    expect(await changed('interview-completed', {})).toMatchObject([
      {
        event: 'interview_completed',
        externalId: 'w246Ri1UP',
        assessmentExternalId: 'w246Ri1UP',
        email: 'ada@example.com',
        claim: { state: 'scored', submittedAt: AT, result: { status: 'provisional', score: null, verdict: null } },
      },
    ]);
  });

  it('a report link that leads elsewhere is dropped', async () => {
    for (const report_url of ['https://coderbyte.com.evil.example/', 'http://coderbyte.com/', 'https://evil.example/', 7, null])
      expect(await changed('assessment-completed', { report_url })).toMatchObject([{ claim: { result: { reportUrl: null } } }]);
  });

  it('nothing of it is ever trusted, because the token does not cover the body', async () => {
    for (const name of ['candidate-joined', 'assessment-completed', 'scorecard-updated', 'interview-completed'])
      for (const hint of await changed(name, { trusted: true })) expect(hint.trusted).toBeUndefined();
  });

  it.each([
    { operation: 'invoice_paid' },
    { operation: undefined },
    { assessment_id: 7 },
    { assessment_id: '' },
    { email: null },
  ])('with %j gives no hint', async (change) => {
    expect(await changed('candidate-joined', change)).toEqual([]);
  });

  it('any shape is read without an error', () => {
    fc.assert(fc.property(fc.anything(), (body) => Array.isArray(hintsOf(body))));
  });
});
