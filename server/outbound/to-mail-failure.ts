import { z } from 'zod';
import { ForbiddenAddress } from './checked-lookup.ts';
import type { Delivery } from './deliver-mail.ts';
import { errorDetail } from './error-detail.ts';
import type { CallFailure } from './outcome.ts';

/** Greylisting servers want a later try; five minutes is what most of them ask for: https://www.rfc-editor.org/rfc/rfc6647#section-4.3 */
const COME_BACK_MS = 5 * 60_000;
/** "Requested action not taken: mailbox name not allowed", for what no server need be asked about. */
export const NO_MAILBOX = 553;

/** What nodemailer says of an error, as far as it is needed here. */
const smtpErrorSchema = z.object({
  code: z.string().optional().catch(undefined),
  responseCode: z.number().optional().catch(undefined),
  message: z.string(),
});
type SmtpError = z.infer<typeof smtpErrorSchema>;

/**
 * What a mail that was not accepted means. A reply of the server is clear at every point: it did not take the mail. Without a reply
 * it did not happen until the text was handed over, and may have happened from then on.
 * Codes: https://www.rfc-editor.org/rfc/rfc5321#section-4.2.3
 */
export function toMailFailure({ error, handedOver }: Extract<Delivery, { ok: false }>): CallFailure {
  if (error instanceof ForbiddenAddress) return { kind: 'misconfigured', detail: error.message };
  const smtp = smtpErrorSchema.parse({ ...error, message: error.message });
  const detail = errorDetail({ message: smtp.message });
  if (smtp.responseCode !== undefined && smtp.responseCode >= 400) return fromReply(smtp, smtp.responseCode, detail);
  if (handedOver) return { kind: 'ambiguous', detail };
  if (smtp.code === 'EAUTH') return { kind: 'unauthorised', status: 0, detail };
  if (smtp.code === 'EENVELOPE') return { kind: 'refused', status: NO_MAILBOX, detail };
  return { kind: 'unreachable', detail };
}

function fromReply({ code }: SmtpError, status: number, detail: string): CallFailure {
  if (status === 421) return { kind: 'unreachable', detail };
  if (status < 500) return code === 'EAUTH' ? { kind: 'unreachable', detail } : later(detail);
  // 530 and 538 ask for a credential or for TLS first.
  if (code === 'EAUTH' || [530, 534, 535, 538].includes(status)) return { kind: 'unauthorised', status, detail };
  // It has no STARTTLS, and our credential does not go out in the clear.
  if (code === 'ETLS') return { kind: 'misconfigured', detail };
  // A greeting of 554: nobody is served here just now.
  if (code === 'EPROTOCOL' || code === 'ECONNECTION') return { kind: 'unreachable', detail };
  return { kind: 'refused', status, detail };
}

function later(detail: string): CallFailure {
  return { kind: 'rate-limited', retryAfterMs: COME_BACK_MS, detail };
}
