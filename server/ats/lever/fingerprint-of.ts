import { createHash } from 'node:crypto';
import type { LeverOauthApp } from './oauth-app.ts';

/** Tokens belong to the app they were given to: stored ones of another are useless. */
export function fingerprintOf({ tokenUrl, clientId }: LeverOauthApp): string {
  return createHash('sha256')
    .update(JSON.stringify([tokenUrl, clientId]))
    .digest('hex');
}
