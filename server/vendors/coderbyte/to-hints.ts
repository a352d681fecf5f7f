import type { VendorHint, VendorReport } from '../port.ts';
import { toPlainText } from '../to-plain-text.ts';
import { toSafeLink } from '../to-safe-link.ts';
import { type CoderbyteDelivery, coderbyteDeliverySchema } from './schemas.ts';

/** Where Coderbyte's own examples have their reports: https://docs.coderbyte.com/reference/completed-assessment */
const REPORT_HOSTS = ['coderbyte.com'];

type Claimed<Operation> = Extract<CoderbyteDelivery, { operation: Operation }>;

/**
 * What a delivery claims. Never `trusted`: nothing of the body is signed. A reviewer's comment comes as plain text, for the panel; who
 * wrote it (`email_admin`) goes nowhere.
 */
export function toCoderbyteHints(body: unknown, receivedAt: Date): VendorHint[] {
  const parsed = coderbyteDeliverySchema.safeParse(body);
  if (!parsed.success) return [];
  const delivery = parsed.data;
  return [{ event: delivery.operation, ...toWhom(delivery), claim: toClaim(delivery, receivedAt.toISOString()) }];
}

/** No candidate id is sent, only the address. An interview has an id of its own, which an admin may also have entered as the assessment. */
function toWhom(delivery: CoderbyteDelivery) {
  const { email } = delivery;
  return delivery.operation === 'interview_completed'
    ? { externalId: delivery.interview_id, assessmentExternalId: delivery.interview_id, email }
    : { assessmentExternalId: delivery.assessment_id, email };
}

function toClaim(delivery: CoderbyteDelivery, at: string): VendorReport {
  switch (delivery.operation) {
    case 'candidate_joined':
      return { state: 'started', startedAt: at, submittedAt: null, result: null };
    case 'assessment_completed':
      return toCompletion(delivery, at);
    case 'scorecard_updated':
      return toReview(delivery, at);
    case 'interview_completed':
      // An interview that is over has no verdict yet: a person gives it.
      return { state: 'scored', startedAt: null, submittedAt: at, result: { ...toResult(delivery, at), status: 'provisional' } };
  }
}

/** No report of the API is known to say that the clock ran out, so it is told here, also while there is none. */
function toCompletion(delivery: Claimed<'assessment_completed'>, at: string): VendorReport {
  const timeExpired = delivery.time_expired === true;
  const isReady = delivery.report_ready === true;
  return {
    state: isReady ? 'scored' : 'submitted',
    startedAt: null,
    submittedAt: at,
    ...(!isReady && timeExpired && { timeExpired }),
    result: isReady ? { ...toResult(delivery, at), timeExpired } : null,
  };
}

/** A thumb is a result. A comment alone is none: it joins the one that is there, and makes us read again where we can. */
function toReview(delivery: Claimed<'scorecard_updated'>, at: string): VendorReport {
  const comment = toPlainText(delivery.comment);
  const result = { ...toResult(delivery, at), ...(comment !== undefined && { comment }) };
  const nothing = { startedAt: null, submittedAt: null };
  if (delivery.recommendation)
    return { state: 'scored', ...nothing, result: { ...result, verdict: toThumb(delivery.recommendation) } };
  return { state: 'sent', ...nothing, result: comment === undefined ? null : { ...result, status: 'provisional' } };
}

function toThumb(recommendation: 'thumb_up' | 'thumb_down'): 'up' | 'down' {
  return recommendation === 'thumb_up' ? 'up' : 'down';
}

/** No webhook carries a score. */
function toResult({ report_url }: { report_url?: unknown }, reportedAt: string): NonNullable<VendorReport['result']> {
  return {
    status: 'final',
    verified: false,
    score: null,
    rating: null,
    breakdown: [],
    integrity: { status: 'not evaluated', signals: [] },
    verdict: null,
    notes: null,
    reportUrl: toSafeLink(report_url, REPORT_HOSTS),
    timeExpired: false,
    reportedAt,
  };
}
