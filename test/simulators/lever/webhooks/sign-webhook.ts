import { createHmac } from 'node:crypto';

/** Lever's signature: hex HMAC-SHA256 keyed with the signature token as text, over token and time. `data` is NOT covered. */
export function signWebhook(input: { signatureToken: string; token: string; triggeredAt: number }): string {
  return createHmac('sha256', input.signatureToken).update(`${input.token}${input.triggeredAt}`, 'utf8').digest('hex');
}
