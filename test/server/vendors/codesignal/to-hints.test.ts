import { expect, test } from 'vitest';
import { toCodesignalHints } from '../../../../server/vendors/codesignal/to-hints.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const TRIGGERED = 1_553_720_789_347;
const AT = new Date(TRIGGERED).toISOString();
/** As in the documentation's samples. */
const SESSION = {
  testSessionId: 'lehu382hdleh29',
  testId: 'dhey29hcl28hl28',
  testTitle: 'Software Engineer intern',
  candidateEmail: 'jane.doe@gmail.com',
  candidateName: 'Jane Doe',
};
const RESULT = {
  duration: 3_480_000,
  score: 900,
  maxScore: 1000,
  codingScore: 820,
  versionedCodingScore: { version: 'codingScore2023', value: 575 },
  plagiarismLevel: 0,
  plagiarismLabel: '-',
  url: 'https://app.codesignal.com/test-result/oH3qeBC38oFsf7qB4?accessToken=A7HnBpab4aD7xm7Kp',
};
const hints = (event: string, payload: object) => toCodesignalHints({ event, triggeredOn: TRIGGERED, payload }, NOW);

test.each([
  ['companyTestSessionCreated', {}, { state: 'sent', result: null }],
  ['companyTestSessionStarted', {}, { state: 'started', startedAt: AT, result: null }],
  ['preScreenResultVerificationPending', RESULT, { state: 'submitted', submittedAt: AT, result: null }],
  ['companyTestSessionFinished', RESULT, { state: 'scored', submittedAt: AT, result: { verified: false, score: null } }],
  ['preScreenResultVerified', RESULT, { state: 'scored', result: { verified: false, score: null, reportUrl: null } }],
  ['preScreenResultShared', RESULT, { state: 'scored', result: { verified: false, score: null } }],
  ['preScreenIntegrityReviewUpdated', { integrityReviewSuggested: true }, { state: 'sent', result: null }],
  [
    'preScreenResultNotVerified',
    { rejectedReasons: ['Incomplete recording', '<b>Screen</b> not visible'] },
    {
      state: 'scored',
      result: { status: 'voided', integrity: { status: 'flagged', signals: ['Incomplete recording', 'Screen not visible'] } },
    },
  ],
  ['preScreenExpired', { expiredReason: 'testNotTaken' }, { state: 'expired', result: null }],
  ['preScreenExpired', { expiredReason: 'notCertified' }, { state: 'scored', result: { status: 'voided' } }],
  ['preScreenCandidateDeclined', {}, { state: 'cancelled', result: null }],
  ['somethingOfTomorrow', {}, { state: 'sent', result: null }],
])('%s with %j claims so much and no more', (event, more, claim) => {
  const [hint, ...others] = hints(event, { ...SESSION, ...more });
  expect(others).toEqual([]);
  expect(hint).toMatchObject({
    event,
    externalId: 'lehu382hdleh29',
    assessmentExternalId: 'dhey29hcl28hl28',
    email: 'jane.doe@gmail.com',
    claim,
  });
  expect(hint?.trusted).toBeUndefined();
  expect(hint?.invitationId).toBeUndefined();
  expect(JSON.stringify(hint)).not.toMatch(/accessToken|900|575/);
});

test('our own id is taken from where it is told', () => {
  const externalId = '0F8FAD5B-D9CB-469F-A165-70867728950E';
  expect(hints('preScreenExpired', { ...SESSION, externalId })).toMatchObject([{ invitationId: externalId.toLowerCase() }]);
});

test('an interview is named by its id; of feedback nothing else is told, and its words stay there', () => {
  const interviewId = 'zWve8sgiLJit6isiM';
  const finished = { interviewId, candidateEmail: 'jane.doe@gmail.com', startDate: 1, endDate: 2, url: 'https://x.example' };
  expect(hints('liveInterviewFinished', finished)).toMatchObject([
    {
      externalId: interviewId,
      assessmentExternalId: 'live-interview',
      email: 'jane.doe@gmail.com',
      claim: { state: 'scored', submittedAt: AT, result: { status: 'provisional', verified: false } },
    },
  ]);
  const feedback = { generalNotes: 'Great candidate', overallEvaluation: 'Strong Yes' };
  const told = hints('liveInterviewFeedbackUpdated', { interviewId, interviewerId: 'q', feedback });
  expect(told).toMatchObject([{ externalId: interviewId, claim: { state: 'sent', result: null } }]);
  expect(JSON.stringify(told)).not.toMatch(/Great|Strong/);
});

test('about an assessment, about nobody, or in no shape there is no hint', () => {
  const updated = { assessmentId: 'lehu382hdleh29', assessmentTitle: 'GCA', assessmentStatus: 'archived' };
  expect(hints('assessmentUpdated', updated)).toEqual([]);
  expect(hints('companyTestSessionStarted', { candidateEmail: 'jane.doe@gmail.com' })).toEqual([]);
  expect(hints('liveInterviewFinished', {})).toEqual([]);
  for (const body of [null, 'text', [], {}, { event: 'x', payload: SESSION }, { event: 'x', triggeredOn: 1, payload: null }])
    expect(toCodesignalHints(body, NOW)).toEqual([]);
});

test('a time that is none does not make a date', () => {
  for (const triggeredOn of [-1, 0, 1e300]) {
    const told = toCodesignalHints({ event: 'companyTestSessionStarted', triggeredOn, payload: SESSION }, NOW);
    expect(told).toMatchObject([{ claim: { startedAt: NOW.toISOString() } }]);
  }
});
