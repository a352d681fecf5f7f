import { LIVE_INTERVIEW } from '../../../lib/contract/codesignal-settings.ts';
import type { VendorHint, VendorReport } from '../port.ts';
import { toLine } from '../to-line.ts';
import { type Envelope, envelopeSchema, interviewPayloadSchema, type SessionPayload, sessionPayloadSchema } from './schemas.ts';
import { toTime } from './to-time.ts';

const MAX_SIGNALS = 20;
const MAX_SIGNAL = 200;

/**
 * What an event claims: https://github.com/CodeSignal/developer-docs, docs/webhooks/index.html. Never `trusted`, because the signature leaves
 * the body open: scores are read through the API, and `url`, which opens the report for everybody, goes nowhere. Of events about assessments
 * no invitation hears anything.
 */
export function toCodesignalHints(body: unknown, receivedAt: Date): VendorHint[] {
  const envelope = envelopeSchema.safeParse(body).data;
  if (!envelope) return [];
  return envelope.event.startsWith('liveInterview')
    ? toInterviewHints(envelope, receivedAt)
    : toSessionHints(envelope, receivedAt);
}

function toSessionHints(envelope: Envelope, receivedAt: Date): VendorHint[] {
  const { event, payload } = envelope;
  const session = sessionPayloadSchema.safeParse(payload).data;
  if (!session) return [];
  const { testSessionId, testId, candidateEmail, externalId } = session;
  return [
    {
      event,
      // Documented for some events alone; the vendor's own id is in all of them.
      ...(externalId !== undefined && { invitationId: externalId.toLowerCase() }),
      externalId: testSessionId,
      ...(testId !== undefined && { assessmentExternalId: testId }),
      ...(candidateEmail !== undefined && { email: candidateEmail }),
      claim: toClaim(envelope, session, receivedAt),
    },
  ];
}

function toClaim({ event, triggeredOn }: Envelope, session: SessionPayload, receivedAt: Date): VendorReport {
  const at = toTime(triggeredOn) ?? receivedAt.toISOString();
  const told = receivedAt.toISOString();
  switch (event) {
    case 'companyTestSessionStarted':
      return { state: 'started', startedAt: at, submittedAt: null, result: null };
    case 'preScreenResultVerificationPending':
      return { state: 'submitted', startedAt: null, submittedAt: at, result: null };
    case 'companyTestSessionFinished':
    case 'preScreenResultVerified':
    case 'preScreenResultShared':
      return { state: 'scored', startedAt: null, submittedAt: at, result: toResult(told) };
    case 'preScreenResultNotVerified':
      return { state: 'scored', startedAt: null, submittedAt: null, result: toVoided(session, told) };
    case 'preScreenExpired':
      return session.expiredReason === 'notCertified'
        ? { state: 'scored', startedAt: null, submittedAt: null, result: toVoided(session, told) }
        : { state: 'expired', startedAt: null, submittedAt: null, result: null };
    case 'preScreenCandidateDeclined':
      return { state: 'cancelled', startedAt: null, submittedAt: null, result: null };
    default:
      // That something was made or looked at is news enough to read it.
      return { state: 'sent', startedAt: null, submittedAt: null, result: null };
  }
}

function toResult(reportedAt: string): NonNullable<VendorReport['result']> {
  return {
    status: 'final',
    verified: false,
    score: null,
    rating: null,
    breakdown: [],
    integrity: { status: 'not evaluated', signals: [] },
    verdict: null,
    notes: null,
    reportUrl: null,
    timeExpired: false,
    reportedAt,
  };
}

function toVoided({ rejectedReasons = [] }: SessionPayload, reportedAt: string): NonNullable<VendorReport['result']> {
  const signals = rejectedReasons.flatMap((reason) => toLine(reason, MAX_SIGNAL) ?? []).slice(0, MAX_SIGNALS);
  return { ...toResult(reportedAt), status: 'voided', integrity: { status: 'flagged', signals } };
}

/** Of feedback only the interview's id is told. */
function toInterviewHints({ event, triggeredOn, payload }: Envelope, receivedAt: Date): VendorHint[] {
  const interview = interviewPayloadSchema.safeParse(payload).data;
  if (!interview) return [];
  const { interviewId, candidateEmail } = interview;
  const isOver = event === 'liveInterviewFinished';
  const submittedAt = isOver ? (toTime(triggeredOn) ?? receivedAt.toISOString()) : null;
  const provisional = { ...toResult(receivedAt.toISOString()), status: 'provisional' as const };
  return [
    {
      event,
      externalId: interviewId,
      assessmentExternalId: LIVE_INTERVIEW,
      ...(candidateEmail !== undefined && { email: candidateEmail }),
      claim: { state: isOver ? 'scored' : 'sent', startedAt: null, submittedAt, result: isOver ? provisional : null },
    },
  ];
}
