import { createHmac } from 'node:crypto';

/**
 * The headers of Standard Webhooks: `v1,` and the base64 HMAC-SHA256 over `<id>.<timestamp>.<body>`, with the bytes behind `whsec_` as key.
 * `body` is exactly what is sent. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signStandardWebhook(
  secret: string,
  { id, body, now }: { id: string; body: string; now: Date },
): { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string } {
  const timestamp = Math.floor(now.getTime() / 1000).toString();
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
