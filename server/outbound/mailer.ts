import type { CallResult } from './outcome.ts';

/** One e-mail to a candidate, as plain text and HTML. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Stands in the Message-ID, so that a repeat can be told from a new one by whoever receives it. */
  reference: string;
}

/**
 * Sends through the company's SMTP server. `ambiguous` means that the text was handed over and the answer got lost: it may have been
 * sent and is never sent again by itself. A refused address is `refused`; a server that cannot be reached is `unreachable`.
 */
export interface Mailer {
  send(mail: Mail): Promise<CallResult<void>>;
}
