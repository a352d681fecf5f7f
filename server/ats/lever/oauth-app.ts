/**
 * Lever's OAuth as far as the account and the app decide it: where to go, for what audience, with which scopes.
 * https://hire.lever.co/developer/documentation#authentication
 */
import type { z } from 'zod';
import { type leverSettingsSchema, writeBackOf } from '../../../lib/contract/settings.ts';

type LeverSettings = z.infer<typeof leverSettingsSchema>;

/** One registration at Lever, for one data centre. */
export interface LeverOauthApp {
  authorizeUrl: string;
  tokenUrl: string;
  audience: string;
  scopes: string;
  clientId: string;
  clientSecret: string;
}

/** Hosts that may see the client secret. Inferred: the European name; Lever says that European accounts are redirected. */
export const LEVER_OAUTH_HOSTS = ['auth.lever.co', 'auth.eu.lever.co', 'sandbox-lever.auth0.com'] as const;

const PRODUCTION = { authUrl: 'https://auth.lever.co', audience: 'https://api.lever.co/v1/' };
const PLACES: Record<string, typeof PRODUCTION> = {
  'api.lever.co': PRODUCTION,
  // Inferred: Lever names no OAuth host or audience of Europe, but says that it redirects; both can be set otherwise.
  'api.eu.lever.co': PRODUCTION,
  'api.sandbox.lever.co': { authUrl: 'https://sandbox-lever.auth0.com', audience: 'https://api.sandbox.lever.co/v1/' },
};

/** What the calls of this product need, and nothing else. `write` holds the right to read; each is for the whole organisation. */
const SCOPES = [
  'opportunities:write:admin',
  'notes:write:admin',
  'stages:read:admin',
  'archive_reasons:read:admin',
  'postings:read:admin',
  // Who the people are in Lever, without which nobody's role there could narrow what we show them.
  'users:read:admin',
  'webhooks:write:admin',
  'confidential:access:admin',
];

/** What is only needed once it is switched on, for the next consent. */
function scopesFor(settings: LeverSettings): string[] {
  const { reportFile, feedbackForm } = writeBackOf(settings);
  return [
    ...SCOPES,
    ...(reportFile ? ['files:write:admin'] : []),
    ...(feedbackForm ? ['feedback_templates:read:admin', 'feedback:write:admin'] : []),
  ];
}
/** Without it there is no refresh token, and the consent would end after an hour. */
const OFFLINE = 'offline_access';

export function toLeverOauthApp(settings: LeverSettings, credential: { clientId: string; clientSecret: string }): LeverOauthApp {
  const { apiUrl, authUrl, audience, scopes } = settings;
  const api = new URL(apiUrl);
  const place = PLACES[api.host] ?? { authUrl: api.origin, audience: `${apiUrl.replace(/\/+$/, '')}/` };
  const base = (authUrl || place.authUrl).replace(/\/+$/, '');
  const asked = scopes.split(' ').filter(Boolean);
  return {
    ...credential,
    authorizeUrl: `${base}/authorize`,
    tokenUrl: `${base}/oauth/token`,
    audience: audience || place.audience,
    scopes: [...new Set([OFFLINE, ...(asked.length > 0 ? asked : scopesFor(settings))])].join(' '),
  };
}
