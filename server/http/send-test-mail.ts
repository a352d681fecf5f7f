import { eq } from 'drizzle-orm';
import { invitationMail } from '../effects/invitation-mail.ts';
import { troubleWords } from '../effects/trouble-words.ts';
import { openMailer } from '../jobs/open-mailer.ts';
import { isMailAddress } from '../outbound/compose-mail.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { readMailSettings } from '../storage/mail-settings.repository.ts';
import { members } from '../storage/schema.ts';
import { ApiError } from './api-error.ts';

const WEEK_MS = 7 * 24 * 60 * 60_000;

/**
 * The stored invitation with an example in its gaps, to the given address or else the member's own. Says in a sentence what came of it.
 * @throws ApiError `invalid` when there is no address to send it to
 */
export async function sendTestMail(services: Services, { to, by }: { to: string | undefined; by: string }) {
  const { db, config, clock, random } = services;
  const [member] = await db.select({ email: members.email }).from(members).where(eq(members.id, by));
  const address = to || member?.email || '';
  if (!isMailAddress(address)) {
    const message = say('server.mail-test.no-address');
    throw new ApiError('invalid', { message, details: [{ path: 'to', message }] });
  }
  const mailer = await openMailer(services);
  if (!mailer.ok) return { ok: false, message: troubleWords(mailer, 'Tagalong') };
  const expiresAt = new Date(clock.now().getTime() + WEEK_MS).toISOString();
  const mail = invitationMail({
    order: {
      invitationId: `test-${random.uuid()}`,
      attempt: 1,
      email: address,
      candidateName: say('server.mail-test.candidate'),
      message: say('server.mail-test.message'),
      assessment: { name: say('server.mail-test.assessment'), durationMinutes: 60 },
    },
    // Reserved for examples: https://www.rfc-editor.org/rfc/rfc2606#section-3
    link: 'https://example.com/your-link',
    company: config.company,
    expiresAt,
    template: (await readMailSettings(db)).template,
  });
  const sent = await mailer.value.send({ ...mail, subject: say('server.mail-test.subject', { subject: mail.subject }) });
  if (sent.ok) return { ok: true, message: say('server.mail-test.sent', { to: address }) };
  return { ok: false, message: troubleWords(sent, say('server.mail-server')) };
}
