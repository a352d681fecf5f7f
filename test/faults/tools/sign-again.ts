import { createHmac } from 'node:crypto';
import type { World } from '../../simulators/world.ts';
import type { ReceivedRequest } from './still-office.ts';

let count = 0;

/** Another text under the signature that its sender would have given it, as a delivery of its own. */
export function signAgain({ greenhouse, lever }: World, { path, headers }: ReceivedRequest, text: string) {
  count += 1;
  const json = { 'content-type': 'application/json' };
  const ofGreenhouse = greenhouse.world.webhooks.list().find(({ url }) => url.endsWith(path));
  if (ofGreenhouse) {
    const signature = `sha256 ${createHmac('sha256', ofGreenhouse.secret).update(text).digest('hex')}`;
    return { headers: { ...json, signature, 'greenhouse-event-id': `spoilt-${count}` }, body: text };
  }
  const ofLever = [...lever.account.webhooks.values()].find(({ url }) => url.endsWith(path));
  if (ofLever?.signatureToken) {
    // Only token and time are signed; they stand in front, the spoilt rest is what it is.
    const [token, triggeredAt] = [`spoilt-${count}`, Date.now()];
    const signature = createHmac('sha256', ofLever.signatureToken).update(`${token}${triggeredAt}`).digest('hex');
    const whole = text.trimEnd();
    const sealed = JSON.stringify({ token, triggeredAt, signature }).slice(1);
    // The last of doubled keys counts.
    const body = whole.startsWith('{') && whole.endsWith('}') && whole.length > 2 ? `${whole.slice(0, -1)},${sealed}` : text;
    return { headers: json, body };
  }
  const { authorization } = headers;
  return { headers: { ...json, ...(authorization ? { authorization } : {}) }, body: text };
}
