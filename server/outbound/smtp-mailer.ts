import { type Clock, systemClock } from '../clock.ts';
import { type Resolve, systemResolve } from './checked-lookup.ts';
import { composeMail, isMailAddress } from './compose-mail.ts';
import { type DeliveryTimes, deliverMail } from './deliver-mail.ts';
import type { OutboundLog } from './http.ts';
import { loggableFailure } from './loggable-failure.ts';
import type { Mail, Mailer } from './mailer.ts';
import { type CallResult, succeed } from './outcome.ts';
import { toSmtpServer } from './smtp-server.ts';
import { NO_MAILBOX, toMailFailure } from './to-mail-failure.ts';

/**
 * Ten seconds are generous for a greeting; a server may think about a text for long (RFC 5321 allows ten minutes), and giving up then
 * leaves an invitation unconfirmed, but a worker is not held for ever.
 */
const TIMES: DeliveryTimes = { connectMs: 10_000, silenceMs: 90_000, wholeMs: 180_000 };

export interface SmtpMailerOptions {
  /** `smtp://` (STARTTLS where the server has it) or `smtps://`, with the credential in it. */
  url: string;
  /** An address, or a name with one in angle brackets. */
  from: string;
  /** Where what cannot be delivered comes back to; the sender by default. */
  bounce?: string;
  log: OutboundLog;
  /** `name:port` that may have a private address; see Config.testHosts. */
  testHosts?: readonly string[];
  lookup?: Resolve;
  clock?: Clock;
  times?: DeliveryTimes;
}

/**
 * Sends through the mail server that an admin named: a public address, unless TEST_HOSTS lists it, resolved, checked and pinned for
 * the connection. Neither addresses nor texts are logged. See Mailer for what the failures mean.
 */
export function createSmtpMailer(options: SmtpMailerOptions): Mailer {
  return {
    async send(mail) {
      const startedAt = performance.now();
      const seen: Seen = { reply: undefined };
      const result = await send(mail, options, seen);
      const fields = { mail: mail.reference, tookMs: Math.round(performance.now() - startedAt) };
      if (result.ok) options.log.debug(fields, 'mail accepted');
      else options.log.warn({ ...fields, ...loggableFailure(result, seen.reply) }, 'mail not accepted');
      return result;
    },
  };
}

/** The number of the server's last reply; its words may name the candidate. */
interface Seen {
  reply: number | undefined;
}

async function send(mail: Mail, options: SmtpMailerOptions, seen: Seen): Promise<CallResult<void>> {
  if (!isMailAddress(mail.to))
    return { ok: false, kind: 'refused', status: NO_MAILBOX, detail: 'This is not an e-mail address.' };
  const found = toSmtpServer(options.url, options.testHosts ?? []);
  if ('detail' in found) return { ok: false, kind: 'misconfigured', detail: found.detail };
  const composed = await compose(mail, options);
  if (!composed.ok) return composed;
  const { lookup = systemResolve, times = TIMES } = options;
  const delivery = await deliverMail(composed.value, { server: found.server, resolve: lookup, times });
  if (delivery.ok) return succeed(undefined);
  const { error } = delivery;
  if ('responseCode' in error && typeof error.responseCode === 'number') seen.reply = error.responseCode;
  return { ok: false, ...toMailFailure(delivery) };
}

async function compose(mail: Mail, { from, bounce, clock = systemClock }: SmtpMailerOptions) {
  try {
    return succeed(await composeMail(mail, { from, bounce, date: clock.now() }));
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'The mail cannot be put together.';
    return { ok: false as const, kind: 'misconfigured' as const, detail };
  }
}
