import { CONNECTION_KINDS } from '../../lib/contract/settings.ts';

/** What a label may say. Anything else is "other", so that the number of time series has an end whatever is told. */
export const WORDS = {
  kind: [...CONNECTION_KINDS, 'unknown'],
  target: [...CONNECTION_KINDS, 'mail', 'outgoing-hook'],
  webhook: ['stored', 'duplicate', 'test', 'refused', 'unknown', 'too-large', 'busy', 'fault'],
  effect: [
    ...['send-invitation', 'cancel-invitation', 'resend-invitation', 'extend-invitation', 'give-extra-time', 'remind-candidate'],
    ...['write-note', 'write-fields', 'add-link', 'attach-report', 'write-feedback', 'add-tag', 'remove-tag', 'move-to-stage'],
    ...['change-application', 'tell-outcome', 'call-hook'],
  ],
  end: ['done', 'failed', 'unconfirmed', 'again'],
  call: [
    ...['ok', 'unauthorised', 'forbidden', 'not-found', 'refused', 'rate-limited', 'unreachable', 'ambiguous', 'unreadable'],
    'misconfigured',
  ],
  failure: ['effect', 'unconfirmed', 'delivery', 'job', 'gap'],
  queue: ['lane', 'effect', 'sweep', 'housekeeping'],
  allowance: ['greenhouse', 'greenhouse-v1', 'lever'],
} as const satisfies Record<string, readonly string[]>;

export function known(words: readonly string[], word: string): string {
  return words.includes(word) ? word : 'other';
}
