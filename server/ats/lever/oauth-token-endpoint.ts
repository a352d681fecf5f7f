/** POST /oauth/token: https://hire.lever.co/developer/documentation#authentication */
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { HttpClient } from '../../outbound/http.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { StoredToken } from '../token-store.ts';
import { fingerprintOf } from './fingerprint-of.ts';
import type { LeverOauthApp } from './oauth-app.ts';

type Grant =
  | { grant_type: 'authorization_code'; code: string; redirect_uri: string }
  | { grant_type: 'refresh_token'; refresh_token: string };

const answerSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.number().positive().nullish(),
  /** Separated by spaces. */
  scope: z.string().nullish().catch(null),
});

const claimsSchema = z.object({ scope: z.string() });

/** When the answer names no expiry. The documented lifetime is an hour; half of it costs one call more. */
const DEFAULT_LIFETIME_S = 30 * 60;

/** A new pair of tokens, ready to be stored. Whatever fails, the call it was for has not been made. */
export async function requestLeverTokens(
  { http, clock, app }: { http: HttpClient; clock: Clock; app: LeverOauthApp },
  grant: Grant,
): Promise<CallResult<StoredToken>> {
  const answer = await http.request({
    method: 'POST',
    url: app.tokenUrl,
    headers: { accept: 'application/json' },
    form: { client_id: app.clientId, client_secret: app.clientSecret, ...grant },
    write: true,
  });
  if (!answer.ok) return toFailure(answer);
  const tokens = answerSchema.safeParse(answer.value.body);
  if (!tokens.success) return { ok: false, kind: 'unreadable', detail: 'Lever answered without an access token.' };
  const { access_token: accessToken, refresh_token, expires_in, scope } = tokens.data;
  // Rotation is documented; should an answer bring no new one, the old one is all there is.
  const refreshToken = refresh_token ?? (grant.grant_type === 'refresh_token' ? grant.refresh_token : undefined);
  if (refreshToken === undefined) return { ok: false, kind: 'unreadable', detail: 'Lever gave no refresh token.' };
  const now = clock.now();
  const expiresAt = new Date(now.getTime() + (expires_in ?? DEFAULT_LIFETIME_S) * 1000).toISOString();
  return succeed({
    accessToken,
    refreshToken,
    expiresAt,
    credential: fingerprintOf(app),
    scopes: scope?.split(/\s+/).filter(Boolean) ?? scopesIn(accessToken),
    refreshedAt: now.toISOString(),
  });
}

/** The same from the access token, which is a JWT. It is read, not trusted: Lever itself judges each call. */
function scopesIn(accessToken: string): string[] | undefined {
  try {
    const claims = claimsSchema.parse(JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString('utf8')));
    return claims.scope.split(/\s+/).filter(Boolean);
  } catch {
    return undefined;
  }
}

/** The token endpoint answers 400, 401 or 403 for whatever it does not like about app, code or refresh token (RFC 6749, 5.2). */
function toFailure(failure: Extract<CallResult<never>, { ok: false }>): CallResult<never> {
  const { detail } = failure;
  switch (failure.kind) {
    case 'refused':
    case 'forbidden':
    case 'not-found':
      return { ok: false, kind: 'unauthorised', status: failure.status, detail };
    case 'ambiguous':
      return { ok: false, kind: 'unreachable', detail };
    default:
      return failure;
  }
}
