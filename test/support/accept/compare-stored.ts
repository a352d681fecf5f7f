import { createHash } from 'node:crypto';
import type { AcceptOffice } from './accept-office.ts';
import type { SignedDelivery } from './signed-deliveries.ts';

/** Of these deliveries, those that are not in the store with the very bytes that were sent. */
export async function findLostDeliveries(office: AcceptOffice, acknowledged: readonly SignedDelivery[]): Promise<string[]> {
  const rows = await office.ask<{ delivery_key: string; hash: string }>(
    `select delivery_key, encode(sha256(body), 'hex') as hash from tagalong.deliveries`,
  );
  const stored = new Map<string, string>();
  for (const { delivery_key: key, hash } of rows) stored.set(keyStart(key), hash);
  return acknowledged
    .filter(({ key, body }) => stored.get(key) !== createHash('sha256').update(body).digest('hex'))
    .map(({ key }) => key);
}

/** Lever's key goes on with a hash of the body. */
const keyStart = (key: string) => key.split(':')[0] ?? key;
