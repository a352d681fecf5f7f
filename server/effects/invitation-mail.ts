import { fillMailTemplate, type MailPiece, type MailTemplate, wordsOf } from '../../lib/domain/mail-template.ts';
import type { Mail } from '../outbound/mailer.ts';
import { say } from '../say.ts';
import type { InvitationOrder } from '../vendors/port.ts';

/** Of the order, what stands in an e-mail. */
type MailOrder = Pick<InvitationOrder, 'invitationId' | 'attempt' | 'email' | 'candidateName' | 'message'> & {
  assessment: Pick<InvitationOrder['assessment'], 'name' | 'durationMinutes'>;
};

interface MailGiven {
  order: MailOrder;
  link: string;
  company: string | null;
  expiresAt: string | null;
}

/** The e-mail that hands a link to the candidate, in the company's own words where it has some. */
export function invitationMail(given: MailGiven & { template?: MailTemplate | null }): Mail {
  const { order, company, template } = given;
  if (template) return inOwnWords(given, template);
  const assessment = order.assessment.name;
  return compose(given, {
    subject: company ? say('mail.subject', { company, assessment }) : say('mail.subject-plain', { assessment }),
    // The recruiter's own words belong to the invitation alone.
    opening: [...(order.message ? [order.message] : []), say('mail.invite', { assessment })],
  });
}

/** Some days before the deadline, to who has not begun. */
export function reminderMail(given: MailGiven): Mail {
  const { order, company } = given;
  const assessment = order.assessment.name;
  return compose(given, {
    subject: company ? say('mail.reminder-subject', { company, assessment }) : say('mail.reminder-subject-plain', { assessment }),
    opening: [say('mail.reminder', { assessment })],
  });
}

function inOwnWords({ order, link, company, expiresAt }: MailGiven, template: MailTemplate): Mail {
  const { subject, paragraphs } = fillMailTemplate(template, {
    name: firstNameOf(order.candidateName) ?? say('mail.name-unknown'),
    company: company ?? '',
    assessment: order.assessment.name,
    deadline: expiresAt === null ? '' : dayOf(expiresAt),
    link,
    message: order.message ?? '',
  });
  const html = paragraphs.map((pieces) => `<p>${pieces.map(pieceHtml).join('')}</p>`).join('');
  return {
    to: order.email,
    subject,
    text: paragraphs.map(wordsOf).join('\n\n'),
    html: `<!doctype html><html><body>${html}</body></html>`,
    reference: `${order.invitationId}.${order.attempt}`,
  };
}

function pieceHtml(piece: MailPiece): string {
  return 'link' in piece ? linkHtml(piece.link) : wordsHtml(piece.words);
}

function firstNameOf(name: string | null): string | undefined {
  return name?.trim().split(/\s+/)[0] || undefined;
}

function compose(
  { order, link, company, expiresAt }: MailGiven,
  { subject, opening }: { subject: string; opening: string[] },
): Mail {
  const firstName = firstNameOf(order.candidateName);
  const before = [firstName ? say('mail.greeting', { name: firstName }) : say('mail.greeting-plain'), ...opening];
  const after = [
    order.assessment.durationMinutes === null ? null : say('mail.duration', { minutes: order.assessment.durationMinutes }),
    expiresAt === null ? null : say('mail.deadline', { when: dayOf(expiresAt) }),
    say('mail.closing'),
  ].filter((line) => line !== null);
  return {
    to: order.email,
    subject,
    text: [...before, link, ...after, ...(company ? [company] : [])].join('\n\n'),
    html: htmlOf(before, link, [...after, ...(company ? [company] : [])]),
    reference: `${order.invitationId}.${order.attempt}`,
  };
}

function htmlOf(before: readonly string[], link: string, after: readonly string[]): string {
  const paragraph = (line: string) => `<p>${wordsHtml(line)}</p>`;
  return `<!doctype html><html><body>${before.map(paragraph).join('')}<p>${linkHtml(link)}</p>${after.map(paragraph).join('')}</body></html>`;
}

function wordsHtml(words: string): string {
  return escapeHtml(words).replaceAll('\n', '<br>');
}

function linkHtml(link: string): string {
  return `<a href="${escapeHtml(link)}">${escapeHtml(link)}</a>`;
}

/** Names and messages come from people; none of them may become markup. */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function dayOf(iso: string): string {
  return new Intl.DateTimeFormat('en', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(iso));
}
