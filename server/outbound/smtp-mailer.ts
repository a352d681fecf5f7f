import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { OutboundLog } from './http.ts';
import type { Mail, Mailer } from './mailer.ts';
import { type CallFailure, type CallResult, succeed } from './outcome.ts';

export interface SmtpMailerOptions {
  /** smtp:// or smtps:// with credentials, as an admin entered it. */
  url: string;
  /** The sender: an address, or a name with one in angle brackets. */
  from: string;
  log: OutboundLog;
  timeoutMs?: number;
}

const TIMEOUT_MS = 20_000;
const MINUTE_MS = 60_000;

/** What nodemailer throws: https://nodemailer.com/smtp/#error-codes. `command` is the step that failed, `responseCode` the server's answer. */
const smtpErrorSchema = z.object({
  code: z.string().optional(),
  command: z.string().optional(),
  responseCode: z.number().optional(),
  message: z.string().default(''),
});

/**
 * Sends through the company's SMTP server, one connection for each mail: invitations are few, and a connection that broke in between would
 * make a mail unconfirmed for nothing. Nothing throws.
 */
export function createSmtpMailer({ url, from, log, timeoutMs = TIMEOUT_MS }: SmtpMailerOptions): Mailer {
  return {
    async send(mail) {
      const transport = createTransport({
        url,
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      try {
        await transport.sendMail({ ...messageOf(mail, from) });
        return succeed(undefined);
      } catch (error) {
        const failure = toFailure(error);
        log.warn({ failure: failure.kind }, 'the mail server did not take a mail');
        return failure;
      } finally {
        transport.close();
      }
    },
  };
}

/** The Message-ID is made from our reference, so that whoever receives a repeat can tell it from a new mail. */
function messageOf(mail: Mail, from: string) {
  const domain = /@([\w.-]+)>?\s*$/.exec(from)?.[1] ?? 'tagalong.invalid';
  const { to, subject, text, html, reference } = mail;
  return {
    from,
    to: { name: '', address: to },
    subject,
    text,
    html,
    messageId: `<${reference.replaceAll(/[^\w.-]/g, '')}@${domain}>`,
  };
}

type Failed = Extract<CallResult<void>, { ok: false }>;

/** Only a failure after the text was handed over leaves it open whether the mail went out. */
function toFailure(error: unknown): Failed {
  const parsed = smtpErrorSchema.safeParse(error);
  if (!parsed.success) return { ok: false, kind: 'ambiguous', detail: 'the mail server failed in an unknown way' };
  return { ok: false, ...classify(parsed.data) };
}

function classify({ code, command, responseCode, message }: z.infer<typeof smtpErrorSchema>): CallFailure {
  const detail = withoutAddresses(message).slice(0, 200);
  if (code === 'EAUTH') return { kind: 'unauthorised', status: responseCode ?? 535, detail };
  if (responseCode !== undefined && responseCode >= 500) return { kind: 'refused', status: responseCode, detail };
  if (responseCode !== undefined && responseCode >= 400) return { kind: 'rate-limited', retryAfterMs: MINUTE_MS, detail };
  if (code === 'ECONNECTION' || code === 'EDNS' || code === 'ETLS' || command === 'CONN') return { kind: 'unreachable', detail };
  return isBeforeText(command) ? { kind: 'unreachable', detail } : { kind: 'ambiguous', detail };
}

/** SMTP's steps before the text: whatever breaks there, nothing was sent. */
function isBeforeText(command: string | undefined): boolean {
  return command !== undefined && /^(EHLO|HELO|LHLO|STARTTLS|AUTH|MAIL|RCPT)/i.test(command);
}

/** Refusals repeat the candidate's address; the log and the panel need not. */
function withoutAddresses(text: string): string {
  return text.replaceAll(/[^\s<>]+@[^\s<>]+/g, '(address)');
}
