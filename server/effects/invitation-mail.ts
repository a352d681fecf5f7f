import type { Mail } from '../outbound/mailer.ts';
import { say } from '../say.ts';
import type { InvitationOrder } from '../vendors/port.ts';

/** The e-mail that hands a link to the candidate. The link stands in it once, as text and as a link. */
export function invitationMail(given: {
  order: InvitationOrder;
  link: string;
  company: string | null;
  expiresAt: string | null;
}): Mail {
  const { order, link, company, expiresAt } = given;
  const assessment = order.assessment.name;
  const firstName = order.candidateName?.trim().split(/\s+/)[0];
  const before = [
    firstName ? say('mail.greeting', { name: firstName }) : say('mail.greeting-plain'),
    ...(order.message ? [order.message] : []),
    say('mail.invite', { assessment }),
  ];
  const after = [
    order.assessment.durationMinutes === null ? null : say('mail.duration', { minutes: order.assessment.durationMinutes }),
    expiresAt === null ? null : say('mail.deadline', { when: dayOf(expiresAt) }),
    say('mail.closing'),
  ].filter((line) => line !== null);
  return {
    to: order.email,
    subject: company ? say('mail.subject', { company, assessment }) : say('mail.subject-plain', { assessment }),
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
