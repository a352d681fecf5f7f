/**
 * HackerRank posts the report to the `test_result_url` of the invitation, with the bearer that came with it (see bearer.ts). The body is
 * NOT covered, and what stands in it is not documented: so a delivery is a hint and nothing more.
 * HackerRank API docs, "Invite candidate"
 */
import { createHash } from 'node:crypto';
import type { RefusalReason, Verdict, WebhookRequest } from '../../webhooks/verdict.ts';
import { readJsonObject } from '../read-json-object.ts';
import { isGenuine, readBearer } from './bearer.ts';

export const RESULT_EVENT = 'result';

/**
 * No id and no time come along, and with `accept_result_updates` the same body may truly come again. So a repeat says the same within the
 * same minute: one that is taken for news costs one read and changes nothing, but news taken for a repeat is lost.
 */
const REPEAT_WINDOW_MS = 60_000;

export function verifyHackerrankDelivery(request: WebhookRequest, secrets: readonly string[], now: Date): Verdict {
  const keys = secrets.filter(Boolean);
  // Somebody tries the address before anything was sent out with it.
  if (keys.length === 0)
    return request.body.length === 0 ? { kind: 'test', event: RESULT_EVENT } : refuse('no-secret-configured');
  const bearer = readBearer(request.headers.authorization);
  if (!bearer) return refuse(request.headers.authorization === undefined ? 'signature-missing' : 'signature-wrong');
  if (!isGenuine(bearer, keys)) return refuse('signature-wrong');
  const read = readJsonObject(request.body);
  if ('because' in read) return refuse(read.because);
  const { invitationId } = bearer;
  const minute = Math.floor(now.getTime() / REPEAT_WINDOW_MS);
  const said = createHash('sha256').update(invitationId).update(request.body).digest('base64url');
  // Whose result it is only the bearer proves: the body may say what it likes.
  return {
    kind: 'authentic',
    deliveryKey: `${said}.${minute}`,
    event: RESULT_EVENT,
    body: { invitation: invitationId, report: read.object },
  };
}

function refuse(because: RefusalReason): Verdict {
  return { kind: 'refused', because };
}
