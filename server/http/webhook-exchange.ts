import { say } from '../say.ts';
import { type Acceptance, RETRY_AFTER_SECONDS } from '../webhooks/accept.ts';
import type { WebhookRequest } from '../webhooks/verdict.ts';
import { ApiError } from './api-error.ts';

/** A candidate with a long history makes a large body; nothing sensible is larger than this. */
export const HOOK_BODY_BYTES = 2 * 1024 * 1024;

/** What our own addresses look like; anything else was never one. */
export const HOOK_TOKEN = /^[\w-]{16,200}$/;

export const RECEIVED = { received: true } as const;

interface ReceivedHook {
  /** Lower-case names. */
  headers: Record<string, string>;
  body: Uint8Array;
  publicUrl: string | null;
  host: string;
  path: string;
}

/**
 * `addresses` as the set-up page shows it; else as it was called, where somebody entered another name of this server. That a stranger may
 * choose the name that was called proves nothing to them: what they lack is the secret.
 */
export function toWebhookRequest(given: ReceivedHook): WebhookRequest {
  return new CalledHook(given);
}

class CalledHook implements WebhookRequest {
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
  private readonly given: ReceivedHook;

  constructor(given: ReceivedHook) {
    this.headers = given.headers;
    this.body = given.body;
    this.given = given;
  }

  /** Few senders sign it. */
  get addresses(): string[] {
    const { publicUrl, host, path } = this.given;
    const origins = [...(publicUrl === null ? [] : [publicUrl]), `https://${host}`, `http://${host}`];
    return [...new Set(origins.map((origin) => `${origin}${path}`))];
  }
}

/** Throws an ApiError for all that is not answered with 200. Greenhouse takes exactly 200 for success. */
export function refuseUnaccepted(acceptance: Acceptance): void {
  switch (acceptance.outcome) {
    case 'stored':
    case 'duplicate':
    case 'test':
      return;
    case 'refused':
      throw new ApiError('unauthorised', {
        message: say(`server.refused.${acceptance.because}`),
        details: [{ path: 'because', message: acceptance.because }],
      });
    case 'unknown':
      throw new ApiError('not-found');
    case 'too-large':
      throw new ApiError('too-large');
    case 'busy':
      throw new ApiError('store-unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
}
