import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** One address of ours, as an admin pasted it into the ATS, with the secret that signs what is sent there. */
export interface HookAddress {
  kind: 'greenhouse' | 'lever';
  path: string;
  secret: string;
}

/** A webhook request ready to be sent. `key` is the delivery key under which it has to be found in the store. */
export interface SignedDelivery {
  address: HookAddress;
  key: string;
  headers: Record<string, string>;
  body: Buffer;
}

const GREENHOUSE = readFixture('greenhouse/webhook-candidate-stage-change.json');
const LEVER = readFixture('lever/delivery-stage-change.json');

function readFixture(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8'));
}

/** As Greenhouse signs it: the bytes of the body. https://developers.greenhouse.io/webhooks.html#authentication */
export function signLikeGreenhouse(
  address: HookAddress,
  id: string,
  body = Buffer.from(JSON.stringify(GREENHOUSE)),
): SignedDelivery {
  const signature = `sha256 ${createHmac('sha256', address.secret).update(body).digest('hex')}`;
  return { address, key: id, headers: { signature, 'greenhouse-event-id': id }, body };
}

/** As Lever signs it: token and time, inside the body. https://hire.lever.co/developer/documentation#webhooks */
export function signLikeLever(address: HookAddress, id: string, nowMs = Date.now()): SignedDelivery {
  const token = id.padEnd(48, '0');
  const signature = createHmac('sha256', address.secret).update(`${token}${nowMs}`).digest('hex');
  const body = Buffer.from(JSON.stringify({ ...LEVER, token, triggeredAt: nowMs, signature }));
  // The control looks for its signature in one place; for Tagalong this header is one of many that it does not read.
  const whole = createHmac('sha256', address.secret).update(body).digest('hex');
  return { address, key: token, headers: { signature: `sha256 ${whole}` }, body };
}

export function signDelivery(address: HookAddress, id: string): SignedDelivery {
  return address.kind === 'greenhouse' ? signLikeGreenhouse(address, id) : signLikeLever(address, id);
}

/** The bytes of the request on the wire. */
export function toRequestBytes({ address, headers, body }: SignedDelivery): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${address.path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${lines.join('')}\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}
