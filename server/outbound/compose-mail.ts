import type { Mail } from './mailer.ts';

export interface ComposedMail {
  envelope: { from: string; to: string[] };
  message: Buffer;
}

/** Local part, one at sign, a domain; nothing that SMTP or a header could take for something else. */
const ADDRESS = /^[^\s<>()[\]\\,;:"@\p{Cc}]{1,64}@[^\s<>()[\]\\,;:"@\p{Cc}]{1,255}$/u;

/** False for everything that could become two recipients, a header or a command. */
export function isMailAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/**
 * The mail as bytes, text and HTML as two forms of the same. `from` is an address, or a name with one in angle brackets. The
 * Message-ID is made of the reference alone, so a mail that is sent again carries the same one. `bounce` is the envelope's sender, to which
 * a mail that cannot be delivered comes back (RFC 5321, 4.5.5).
 * @throws when `from` has no address, or `bounce` is none
 */
export async function composeMail(
  mail: Mail,
  { from, bounce, date }: { from: string; bounce?: string | undefined; date: Date },
): Promise<ComposedMail> {
  const sender = toSender(from);
  // Loaded with the first mail: a server that sends none, or none for weeks, is the lighter for it by some megabytes.
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const composed = new MailComposer({
    from: sender,
    to: { name: '', address: mail.to },
    subject: oneLine(mail.subject),
    text: mail.text,
    html: mail.html,
    date,
    messageId: `<${mail.reference.replace(/[^\w.-]/g, '-')}@${sender.address.slice(sender.address.lastIndexOf('@') + 1)}>`,
    // No out-of-office notes: https://www.rfc-editor.org/rfc/rfc3834#section-5
    headers: { 'Auto-Submitted': 'auto-generated' },
    // What is in a mail comes from people: it must never make us open a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  if (bounce && !isMailAddress(bounce)) throw new Error('The address for what bounces is no e-mail address');
  const { from: envelopeFrom, to } = composed.getEnvelope();
  return { envelope: { from: bounce || envelopeFrom || sender.address, to }, message: await composed.build() };
}

function toSender(from: string): { name: string; address: string } {
  const [, name = '', bracketed] = /^([^<>]*)<([^<>]+)>\s*$/.exec(from) ?? [];
  const address = (bracketed ?? from).trim();
  if (!isMailAddress(address)) throw new Error('The sender has no e-mail address');
  return { name: oneLine(name).replace(/^"(.*)"$/, '$1'), address };
}

/** A line break in a header would begin another header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
