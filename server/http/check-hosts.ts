import type { ConnectionSettings } from '../../lib/contract/settings.ts';
import { checkTarget, type TargetRules } from '../outbound/target.ts';
import { say } from '../say.ts';
import { ApiError } from './api-error.ts';

/** Lever documents the first two; the third answers European accounts. https://hire.lever.co/developer/documentation */
const LEVER_HOSTS = ['api.lever.co', 'api.sandbox.lever.co', 'api.eu.lever.co'];

const RETIRED_V1_HOST = 'harvest.greenhouse.io';
/** Where Lever's consent is given: see server/ats/lever/oauth-app.ts. */
const LEVER_OAUTH_HOSTS = ['auth.lever.co', 'auth.eu.lever.co', 'sandbox-lever.auth0.com'];

/**
 * An admin cannot point a credential at just any host: the documented ones, or those that whoever runs the server listed in TEST_HOSTS.
 * Coderbyte's API has no public address, so any public https host may be named; each call checks again where the name leads.
 * @throws ApiError `host-not-allowed`, `invalid`
 */
export function checkHosts(settings: ConnectionSettings, testHosts: readonly string[]): void {
  checkV1(settings);
  for (const { path, url, allowedHosts } of addressesOf(settings)) {
    const check = checkTarget(url, { testHosts, allowedHosts });
    if (check.ok) continue;
    const host = URL.canParse(url) ? new URL(url).host : url;
    throw new ApiError('host-not-allowed', { values: { host }, details: [{ path: `settings.${path}`, message: check.detail }] });
  }
}

/** Greenhouse's own address refuses every v1 call since 2026-08-31, and v1 takes no write that names nobody. */
function checkV1(settings: ConnectionSettings): void {
  if (settings.kind !== 'greenhouse' || settings.api !== 'v1') return;
  if (new URL(settings.apiUrl).hostname === RETIRED_V1_HOST) throw invalid('apiUrl', say('server.v1-needs-gateway'));
  if (settings.serviceUserId === '') throw invalid('serviceUserId', say('server.v1-needs-user'));
}

function invalid(field: string, message: string): ApiError {
  return new ApiError('invalid', { message, details: [{ path: `settings.${field}`, message }] });
}

type Address = { path: string; url: string; allowedHosts: TargetRules['allowedHosts'] };

function addressesOf(settings: ConnectionSettings): Address[] {
  switch (settings.kind) {
    case 'greenhouse':
      // Whoever still speaks v1 is not Greenhouse; where that is, only the admin knows.
      if (settings.api === 'v1') return [{ path: 'apiUrl', url: settings.apiUrl, allowedHosts: 'any-public' }];
      return [
        { path: 'apiUrl', url: settings.apiUrl, allowedHosts: ['harvest.greenhouse.io'] },
        { path: 'authUrl', url: settings.authUrl, allowedHosts: ['auth.greenhouse.io'] },
      ];
    case 'lever':
      return [
        { path: 'apiUrl', url: settings.apiUrl, allowedHosts: LEVER_HOSTS },
        ...(settings.authUrl ? [{ path: 'authUrl', url: settings.authUrl, allowedHosts: LEVER_OAUTH_HOSTS }] : []),
      ];
    case 'coderbyte':
      return settings.map.baseUrl === undefined
        ? []
        : [{ path: 'map.baseUrl', url: settings.map.baseUrl, allowedHosts: 'any-public' }];
    case 'partner':
      // Whoever runs the service tells where it is; each call checks again where the name leads.
      return settings.baseUrl === '' ? [] : [{ path: 'baseUrl', url: settings.baseUrl, allowedHosts: 'any-public' }];
    case 'hackerrank':
      return [{ path: 'apiUrl', url: settings.apiUrl, allowedHosts: ['www.hackerrank.com'] }];
    case 'codesignal':
      return [{ path: 'apiUrl', url: settings.apiUrl, allowedHosts: ['app.codesignal.com'] }];
    case 'byteboard':
      return [];
  }
}
