import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * What HackerRank shows us with the result of one invitation: our id of it and its keyed hash. It is ours to choose
 * (HackerRank API docs, "Invite candidate": `webhook_authentication`), so that the invitation is known whatever stands
 * in the body, which is not documented, and a bearer that was seen speaks for no other invitation.
 */
export function toBearer(invitationId: string, secret: string): string {
  return `${invitationId}.${macOf(invitationId, secret).toString('base64url')}`;
}

export interface Bearer {
  invitationId: string;
  mac: Buffer;
}

const BEARER = /^Bearer\s+([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/i;

/** As it came in the header; undefined for everything that cannot be one of ours. */
export function readBearer(authorization: string | undefined): Bearer | undefined {
  const [, invitationId, mac] = BEARER.exec(authorization ?? '') ?? [];
  return invitationId && mac ? { invitationId: invitationId.toLowerCase(), mac: Buffer.from(mac, 'base64url') } : undefined;
}

/** Tries every secret, so that the time tells nothing about which one is live. */
export function isGenuine({ invitationId, mac }: Bearer, secrets: readonly string[]): boolean {
  const matches = secrets.map((secret) => timingSafeEqual(macOf(invitationId, secret), mac));
  return matches.includes(true);
}

function macOf(invitationId: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(`hackerrank result ${invitationId.toLowerCase()}`).digest();
}
