import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteboardWebhooks } from '../../../../server/vendors/byteboard/index.ts';
import { readFixture } from '../../../support/read-fixture.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const hintsOf = (body: unknown) => byteboardWebhooks.toHints(body, NOW);
const resultOf = (body: unknown) => hintsOf(body)[0]?.claim.result;

describe('a signed report', () => {
  it('brings rating, score, skills, notes and link as fact', async () => {
    expect(hintsOf(await readFixture('byteboard/webhook-scored'))).toEqual([
      {
        event: 'result',
        invitationId: '0f8fad5b-d9cb-469f-a165-70867728950e',
        assessmentExternalId: 'CoreEval Senior',
        email: 'ada@example.com',
        trusted: true,
        claim: {
          state: 'scored',
          startedAt: null,
          submittedAt: null,
          result: {
            status: 'final',
            verified: true,
            score: { value: 71, max: 100 },
            rating: 'Leaning Strong',
            breakdown: [
              { kind: 'skill', name: 'Code Quality', score: null, rating: 'Strong' },
              { kind: 'skill', name: 'Communication', score: null, rating: 'Needs Improvement' },
            ],
            integrity: { status: 'not evaluated', signals: [] },
            verdict: null,
            notes: 'Thorough design, fewer tests than expected.',
            reportUrl: 'https://client.byteboard.dev/candidates/coreeval/1',
            timeExpired: false,
            reportedAt: '2026-11-21T12:00:00.000Z',
          },
        },
      },
    ]);
  });

  it('of a start moves the life cycle and has no result, whatever else it says', async () => {
    const started = await readFixture('byteboard/webhook-started');
    const claim = { state: 'started', startedAt: NOW.toISOString(), submittedAt: null, result: null };
    expect(hintsOf(started)).toMatchObject([{ trusted: true, claim }]);
    expect(hintsOf({ ...started, rating: 'Poor' })).toMatchObject([{ claim }]);
  });

  it.each(['submitted', 'expired'])('of the state %s is told as such', (state) => {
    expect(hintsOf({ assessment: 'A', email: 'ada@example.com', state })).toMatchObject([{ claim: { state, result: null } }]);
  });

  it.each([
    ['LEANING strong', 'Leaning Strong'],
    ['Exceeds', 'Exceeds'],
    ['', null],
    [null, null],
  ])('with the rating %j shows %j', (rating, shown) => {
    expect(resultOf({ assessment: 'A', email: 'a@example.com', state: 'scored', rating })?.rating).toBe(shown);
  });

  it.each([
    [
      { value: '71', max: '90' },
      { value: 71, max: 90 },
    ],
    [{ value: 71 }, { value: 71, max: null }],
    [
      { value: 0, max: 0 },
      { value: 0, max: null },
    ],
    [null, null],
  ])('with the score %j means %j', (score, expected) => {
    expect(resultOf({ assessment: 'A', email: 'a@example.com', state: 'scored', score })?.score).toEqual(expected);
  });

  it('is plain text, whatever a grader or somebody else put into it', () => {
    const result = resultOf({
      assessment: 'A',
      email: 'a@example.com',
      state: 'scored',
      rating: '<b>Strong</b>',
      skills: [
        { name: '<img src=x onerror=alert(1)>Code Quality', rating: 'leaning strong' },
        { name: '<br>', rating: 'Poor' },
      ],
      notes: '<script>alert(1)</script><p>Fine \u202eevil</p>See https://vendor.example/report?token=abc now',
    });
    expect(result).toMatchObject({
      rating: 'Strong',
      breakdown: [{ kind: 'skill', name: 'Code Quality', rating: 'Leaning Strong' }],
      notes: 'Fine evil\nSee … now',
    });
  });

  it('keeps long notes whole', () => {
    const notes = 'Thorough. '.repeat(1_500).trim();
    expect(resultOf({ assessment: 'A', email: 'a@example.com', state: 'scored', notes })?.notes).toBe(notes);
  });

  it.each([
    ['a score without a value', { score: { value: '', max: '' } }, { score: null }],
    ['a score without a value, though the tool knows the maximum', { score: { value: ' ', max: 100 } }, { score: null }],
    ['a maximum without a value', { score: { value: '3', max: '' } }, { score: { value: 3, max: null } }],
    ['a rating that is a number', { rating: 4 }, { rating: '4' }],
    ['a skill without a name', { skills: [{ name: '' }, { rating: 'Poor' }, 'Java', null] }, { breakdown: [] }],
    ['skills that are text', { skills: 'Java' }, { breakdown: [] }],
    ['notes that are a number', { notes: 7 }, { notes: '7' }],
    ['a link that is an object', { report_url: {} }, { reportUrl: null }],
  ])('with %s keeps all else', (_what, part, expected) => {
    const skills = [{ name: 'Code Quality', rating: 'Strong' }];
    const body = { assessment: 'A', email: 'a@example.com', state: 'scored', notes: 'Fine', skills, ...part };
    const breakdown = [{ kind: 'skill', name: 'Code Quality', score: null, rating: 'Strong' }];
    expect(resultOf(body)).toMatchObject({ notes: 'Fine', breakdown, ...expected });
  });

  it('cuts notes that are longer than any grader writes', () => {
    const notes = 'x'.repeat(30_000);
    expect(resultOf({ assessment: 'A', email: 'a@example.com', state: 'scored', notes })?.notes).toHaveLength(20_000);
  });

  it.each([{}, { rating: '', score: { value: '', max: null }, skills: [], notes: ' ', report_url: null }])(
    'that only says that there is a result is taken as that: %j',
    (parts) => {
      expect(resultOf({ assessment: 'A', email: 'a@example.com', state: 'scored', ...parts })).toMatchObject({
        score: null,
        rating: null,
      });
    },
  );

  it('may name by a number', () => {
    expect(hintsOf({ assessment: 4711, email: 'ada@example.com', state: 'started' })).toMatchObject([
      { assessmentExternalId: '4711' },
    ]);
  });

  it('never shows a link that is not https', () => {
    const scored = { assessment: 'A', email: 'a@example.com', state: 'scored', report_url: 'javascript:alert(1)' };
    expect(resultOf(scored)).toMatchObject({ reportUrl: null });
  });

  it.each([
    ['nobody', { state: 'started' }],
    ['an address without the assessment', { state: 'started', email: 'ada@example.com' }],
    ['an assessment without the address', { state: 'started', assessment: 'A' }],
    ['no state', { invitation: 'x' }],
    ['an unknown state', { invitation: 'x', state: 'graded' }],
    ['a score that is none', { invitation: 'x', state: 'scored', score: { value: 'high' } }],
    ['a score that is none, beside a rating', { invitation: 'x', state: 'scored', score: { value: '80 %' }, rating: 'Strong' }],
    ['a maximum that cannot be read', { invitation: 'x', state: 'scored', score: { value: 640, max: '1,000' } }],
    ['a score that is text', { invitation: 'x', state: 'scored', score: '71', rating: 'Strong' }],
    ['a rating that is a list', { invitation: 'x', state: 'scored', rating: ['Strong'], notes: 'Fine' }],
    ['nothing that can be read', { invitation: 'x', state: 'scored', skills: [{ name: '<br>' }], report_url: 'no address' }],
    ['a name that is far too long', { assessment: 'A'.repeat(301), email: 'a@example.com', state: 'started' }],
  ])('that names %s gives no hint', (_what, body) => {
    expect(hintsOf(body)).toEqual([]);
  });

  it('of any shape is read without an error', () => {
    fc.assert(fc.property(fc.anything(), (body) => Array.isArray(hintsOf(body))));
  });
});
