import type { Mail } from '../outbound/mailer.ts';
import { say } from '../say.ts';
import type { InvitationOrder } from '../vendors/port.ts';

interface MailGiven {
  order: InvitationOrder;
  link: string;
  company: string | null;
  expiresAt: string | null;
}

/** The e-mail that hands a link to the candidate. The link stands in it once, as text and as a link. */
export function invitationMail(given: MailGiven): Mail {
  const { order, company } = given;
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

function compose(
  { order, link, company, expiresAt }: MailGiven,
  { subject, opening }: { subject: string; opening: string[] },
): Mail {
  const firstName = order.candidateName?.trim().split(/\s+/)[0];
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
  const paragraph = (line: string) => `<p>${escapeHtml(line).replaceAll('\n', '<br>')}</p>`;
  return `<!doctype html><html><body>${before.map(paragraph).join('')}<p><a href="${escapeHtml(link)}">${escapeHtml(link)}</a></p>${after.map(paragraph).join('')}</body></html>`;
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
