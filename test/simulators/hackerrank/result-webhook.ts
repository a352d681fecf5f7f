import type { Outbox } from '../frame/outbox.ts';
import { toCandidate, toInterview } from './to-json.ts';
import type { HackerrankCandidate, HackerrankInterview, WebhookAuthentication } from './types.ts';
import type { HackerrankWorld } from './world.ts';

/** Posts the report to the address of the invitation, with the header that its sender chose. Nothing signs the body. */
export function sendResult(world: HackerrankWorld, outbox: Outbox, candidate: HackerrankCandidate): void {
  const { resultUrl: url, authentication } = candidate;
  if (url === null) return;
  outbox.tell('result', { method: 'POST', url, headers: toHeaders(authentication), body: toBody(world, candidate) });
}

/** Of interviews no authentication is documented. */
export function sendInterview(world: HackerrankWorld, outbox: Outbox, interview: HackerrankInterview): void {
  const { resultUrl: url } = interview;
  if (url === null) return;
  outbox.tell('interview result', { method: 'POST', url, headers: {}, body: toInterview(world, interview) });
}

function toHeaders(authentication: WebhookAuthentication | null): Record<string, string> {
  if (!authentication) return {};
  if (authentication.type === 'bearer_token') return { authorization: `Bearer ${authentication.data.token}` };
  const { username, password } = authentication.data;
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** "The report data": the candidate presumably, but the body is not public. */
function toBody(world: HackerrankWorld, candidate: HackerrankCandidate): unknown {
  const { webhookBody } = world.settings;
  if (webhookBody === 'empty') return {};
  const body = toCandidate(world, candidate);
  return webhookBody === 'candidate' ? body : { event: 'report', data: body };
}
