import type { Mailer } from '../outbound/mailer.ts';
import type { CallResult } from '../outbound/outcome.ts';
import { createSmtpMailer } from '../outbound/smtp-mailer.ts';
import type { Services } from '../services.ts';
import { openMailSettings } from '../storage/mail-settings.repository.ts';

/** The company's mail server as it is set up now; `misconfigured` while there is none. */
export async function openMailer({ config, db, sealer, clock, log }: Services): Promise<CallResult<Mailer>> {
  const settings = await openMailSettings(db, sealer);
  if (!settings)
    return { ok: false, kind: 'misconfigured', detail: 'no mail server is set up. Ask an admin to enter one in the settings.' };
  const { smtpUrl: url, ...sender } = settings;
  return { ok: true, value: createSmtpMailer({ url, ...sender, log, testHosts: config.testHosts, clock }) };
}
