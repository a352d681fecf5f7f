import type { Assessment } from '../../lib/domain/assessment.ts';
import type { Invitation } from '../../lib/domain/invitation.ts';
import { hasPassed, isMarked, type VendorResult } from '../../lib/domain/result.ts';
import { say } from '../say.ts';
import { toPublicLink } from '../vendors/to-public-link.ts';
import type { NoteContent } from '../workflow/effect.ts';

/**
 * A note for the ATS: short plain text, always what, who, when, why, link, in this order. Never a test link, never private notes of a
 * reviewer: everybody who may see the candidate reads it.
 */
export function noteText(
  content: NoteContent,
  given: { invitation: Invitation; assessment: Assessment | null; vendorName: string; reference: string },
): string {
  const text = content.about === 'invitation-sent' ? sentText(content, given) : resultText(content, given);
  return text.replace(/ {2,}/g, ' ').trim();
}

/** What a feedback form says: the same as the note about a result, and what a flag asks of the reader. */
export function feedbackText(given: {
  invitation: Invitation;
  assessment: Assessment | null;
  vendorName: string;
  reference: string;
}): string {
  const isFlagged = given.invitation.result?.integrity.status === 'flagged';
  const text = say(isFlagged ? 'note.feedback-review' : 'note.feedback', resultValues(given));
  return text.replace(/ {2,}/g, ' ').trim();
}

function sentText(
  content: Extract<NoteContent, { about: 'invitation-sent' }>,
  given: { invitation: Invitation; reference: string },
): string {
  const { values } = content.because;
  const byRule = content.because.code === 'sent-on-stage-entry';
  const by = content.byName ?? 'Tagalong';
  const why = byRule
    ? say('note.why-rule', { stage: values.stage ?? '', tag: values.tag ?? '' })
    : say('note.why-member', { by });
  const all = {
    assessment: withAttempt(content.assessment, given.invitation),
    email: content.email,
    when: minuteOf(content.at),
    why,
    by,
    reference: given.reference,
  };
  return given.invitation.handover === 'copy link' ? say('note.sent-by-link', all) : say('note.sent', all);
}

function resultText(
  { version, withComment }: Extract<NoteContent, { about: 'result' }>,
  given: { invitation: Invitation; assessment: Assessment | null; vendorName: string; reference: string },
): string {
  const values = resultValues(given, withComment);
  if (version === 1) return say('note.result', values);
  const because = given.invitation.result?.revision?.because ?? 'unknown';
  if (because === 'unknown') return say('note.result-revised', values);
  return `${say(`note.revised-${because}`)} ${say('note.result', values)}`;
}

function resultValues(
  {
    invitation,
    assessment,
    vendorName,
    reference,
  }: {
    invitation: Invitation;
    assessment: Assessment | null;
    vendorName: string;
    reference: string;
  },
  withComment = false,
) {
  const result = invitation.result;
  return {
    assessment: withAttempt(invitation.assessmentName, invitation),
    summary: result ? summaryOf(result, assessment?.passMark ?? null) : say('note.completed'),
    integrity: result ? integrityOf(result) : '',
    report: reportOf(result?.reportUrl ?? null),
    comment: withComment && result?.comment ? say('note.comment', { comment: oneLine(result.comment) }) : '',
    source: result ? sourceOf(result, vendorName) : '',
    reference,
  };
}

/** Everybody who may see the candidate reads it: a link that opens something by itself stays out. */
function reportOf(reportUrl: string | null): string {
  const url = toPublicLink(reportUrl);
  return url === null ? '' : say('note.report', { url });
}

function summaryOf(result: VendorResult, passMark: number | null): string {
  const { percentile = null } = result;
  const parts = [
    result.status === 'voided' ? say('note.voided') : null,
    scoreOf(result),
    percentile === null ? null : say('note.percentile', { value: Math.round(percentile) }),
    result.rating ? say('note.rating', { rating: result.rating }) : null,
    verdictOf(result, passMark),
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(', ') : say('note.completed');
}

function scoreOf({ score }: VendorResult): string | null {
  if (!score) return null;
  return score.max === null
    ? say('note.score-plain', { value: score.value })
    : say('note.score-of', { value: score.value, max: score.max });
}

function verdictOf(result: VendorResult, passMark: number | null): string | null {
  const passed = hasPassed(result, passMark);
  if (result.status === 'voided') return null;
  if (isMarked(result) && passMark !== null)
    return passed ? say('note.passed', { mark: passMark }) : say('note.not-passed', { mark: passMark });
  if (result.passed) return passed ? say('note.passed-there') : say('note.not-passed-there');
  if (result.verdict === null) return null;
  const thumb = result.verdict === 'up' ? say('note.verdict-up') : say('note.verdict-down');
  return result.verified && result.claimedVerdict ? say('note.verdict-claimed', { thumb }) : thumb;
}

function integrityOf({ integrity }: VendorResult): string {
  switch (integrity.status) {
    case 'clear':
      return say('note.integrity-clear');
    case 'flagged':
      return say('note.integrity-flagged');
    case 'pending':
      return say('note.integrity-pending');
    case 'not evaluated':
      return '';
  }
}

function sourceOf(result: VendorResult, vendorName: string): string {
  if (result.enteredBy) return say('note.entered-by', { by: result.enteredBy });
  return result.verified ? '' : say('note.unverified', { vendor: vendorName });
}

/** Lines would break the one shape that all notes have. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 500 ? `${line.slice(0, 499).toWellFormed()}…` : line;
}

/** The first attempt needs no number. */
function withAttempt(assessment: string, { attempt }: Invitation): string {
  return attempt > 1 ? say('note.attempt', { assessment, attempt }) : assessment;
}

/** To the minute and with its zone: readers sit in several. */
function minuteOf(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
