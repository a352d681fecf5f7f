import { Hono } from 'hono';
import type { LeverWorld } from '../world.ts';
import { CONFIDENTIAL, OFFLINE, toPermissions } from './scopes.ts';
import type { LeverGrant } from './types.ts';

const HOUR_MS = 3_600_000;
const UNUSED_MS = 90 * 24 * HOUR_MS;

class TokenError extends Error {
  readonly status: 400 | 401 | 403;
  readonly code: string;
  constructor(status: TokenError['status'], code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * `POST /oauth/token`, form-encoded. Every refresh answers a new refresh token; the old one is refused from then on, and (inferred from
 * Lever's supplier of sign-in) using it again ends the whole consent.
 */
export function tokenRoutes(world: LeverWorld): Hono {
  const { oauth } = world.account;
  const app = new Hono({ strict: false });
  app.onError((error, c) => {
    if (error instanceof TokenError) return c.json({ error: error.code, error_description: error.message }, error.status);
    return c.json({ error: 'server_error', error_description: String(error) }, 500);
  });

  app.post('/oauth/token', async (c) => {
    if (!c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded'))
      throw new TokenError(400, 'invalid_request', 'Expected form-urlencoded');
    const form = new URLSearchParams(await c.req.text());
    const client = oauth.apps.get(form.get('client_id') ?? '');
    if (!client || form.get('client_secret') !== client.clientSecret) throw new TokenError(401, 'access_denied', 'Unauthorized');
    const answer = issue(world, grantOf(world, form, client.clientId));
    world.journal.add({
      simulator: 'lever',
      kind: 'api',
      what: 'POST /oauth/token',
      status: 200,
      detail: { grantType: form.get('grant_type') },
    });
    return c.json(answer);
  });
  return app;
}

function grantOf(world: LeverWorld, form: URLSearchParams, clientId: string): LeverGrant {
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return takeCode(world, form, clientId);
    case 'refresh_token':
      return takeRefreshToken(world, form, clientId);
    default:
      throw new TokenError(400, 'unsupported_grant_type', 'Unsupported grant type');
  }
}

function takeCode({ account: { oauth }, nowMs }: LeverWorld, form: URLSearchParams, clientId: string): LeverGrant {
  const found = oauth.codes.get(form.get('code') ?? '');
  const isGood = found && !found.isUsed && found.grant.clientId === clientId && found.expiresAtMs > nowMs();
  if (!isGood) throw new TokenError(403, 'invalid_grant', 'Invalid authorization code');
  if (form.get('redirect_uri') !== found.redirectUri)
    throw new TokenError(401, 'unauthorized_client', 'The redirect URI is wrong');
  found.isUsed = true;
  return found.grant;
}

function takeRefreshToken({ account: { oauth }, nowMs }: LeverWorld, form: URLSearchParams, clientId: string): LeverGrant {
  const found = oauth.refreshTokens.get(form.get('refresh_token') ?? '');
  const isGood = found && found.grant.clientId === clientId && !found.grant.revoked && found.endsAtMs > nowMs();
  if (!isGood) throw new TokenError(403, 'invalid_grant', 'Unknown or invalid refresh token.');
  if (found.isUsed) {
    found.grant.revoked = true;
    throw new TokenError(403, 'invalid_grant', 'Unknown or invalid refresh token.');
  }
  found.isUsed = true;
  return found.grant;
}

function issue({ account: { oauth }, random, nowMs }: LeverWorld, grant: LeverGrant) {
  const accessToken = `ey${random.hex(32)}`;
  const refreshToken = `v1.${random.hex(24)}`;
  const isOffline = grant.scopes.includes(OFFLINE);
  oauth.accessTokens.set(accessToken, {
    grant,
    expiresAtMs: nowMs() + HOUR_MS,
    key: {
      label: `oauth ${grant.clientId}`,
      secret: accessToken,
      permissions: toPermissions(grant.scopes),
      confidential: grant.scopes.includes(CONFIDENTIAL),
    },
  });
  if (isOffline) oauth.refreshTokens.set(refreshToken, { grant, endsAtMs: nowMs() + UNUSED_MS, isUsed: false });
  return {
    access_token: accessToken,
    ...(isOffline ? { refresh_token: refreshToken } : {}),
    token_type: 'Bearer',
    scope: grant.scopes.join(' '),
    expires_in: HOUR_MS / 1000,
  };
}
