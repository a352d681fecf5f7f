/**
 * Access tokens of Greenhouse Harvest v3: OAuth client credentials at https://auth.greenhouse.io/token.
 * https://harvestdocs.greenhouse.io/docs/authentication
 *
 * A new token may revoke the earlier one of the same client (reported by others, not confirmed by Greenhouse). So all processes
 * share one, it is minted under a lock, and whoever is told 401 first looks whether somebody else has minted meanwhile.
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { HttpClient } from '../../outbound/http.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { StoredToken, TokenStore } from '../token-store.ts';
import { type GreenhouseToken, greenhouseTokenSchema } from './schemas.ts';

export interface GreenhouseTokens {
  get(): Promise<CallResult<string>>;
  /** Another token than the one that was refused. */
  renew(refused: string): Promise<CallResult<string>>;
}

export interface GreenhouseCredential {
  authUrl: string;
  clientId: string;
  clientSecret: string;
  /** The Greenhouse user to act as; empty: the credential's own service user. */
  serviceUserId: string;
}

interface TokenDependencies {
  http: HttpClient;
  store: TokenStore;
  clock: Clock;
  connectionId: string;
  credential: GreenhouseCredential;
}

/** Renewed a minute early, so that a token does not end between our look at it and Greenhouse's. */
const MARGIN_MS = 60_000;
/** When the answer names no expiry. The documented lifetime is an hour; half of it costs one call more. */
const DEFAULT_LIFETIME_MS = 30 * 60_000;

/** A source of bearer tokens; within the process at most one is being minted at a time. */
export function createGreenhouseTokens(dependencies: TokenDependencies): GreenhouseTokens {
  const { store, clock, connectionId, credential } = dependencies;
  const fingerprint = fingerprintOf(credential);
  const inFlight = new Map<string, Promise<CallResult<string>>>();

  const isUsable = (token: StoredToken | null, refused: string | null): token is StoredToken =>
    token !== null &&
    token.credential === fingerprint &&
    token.accessToken !== refused &&
    Date.parse(token.expiresAt) - MARGIN_MS > clock.now().getTime();

  const mintLocked = (refused: string | null) =>
    store.withMintLock(connectionId, async (slot): Promise<CallResult<string>> => {
      const meanwhile = await slot.read();
      if (isUsable(meanwhile, refused)) return succeed(meanwhile.accessToken);
      const minted = await requestToken(dependencies);
      if (!minted.ok) return minted;
      await slot.write({
        accessToken: minted.value.access_token,
        expiresAt: expiryOf(minted.value, clock.now()).toISOString(),
        credential: fingerprint,
      });
      return succeed(minted.value.access_token);
    });

  const mintOnce = (refused: string | null) => {
    const key = refused ?? '';
    const running = inFlight.get(key) ?? mintLocked(refused).finally(() => inFlight.delete(key));
    inFlight.set(key, running);
    return running;
  };

  return {
    async get() {
      const stored = await store.read(connectionId);
      return isUsable(stored, null) ? succeed(stored.accessToken) : mintOnce(null);
    },
    renew: (refused) => mintOnce(refused),
  };
}

async function requestToken({ http, credential }: TokenDependencies): Promise<CallResult<GreenhouseToken>> {
  const answer = await http.request({
    method: 'POST',
    url: `${credential.authUrl.replace(/\/+$/, '')}/token`,
    headers: { authorization: basicAuthorization(credential), accept: 'application/json' },
    form: {
      grant_type: 'client_credentials',
      ...(credential.serviceUserId ? { sub: credential.serviceUserId } : {}),
    },
    // A lost answer costs nothing but another token.
    write: false,
  });
  if (!answer.ok) return mintFailure(answer, credential);
  const token = greenhouseTokenSchema.safeParse(answer.value.body);
  if (!token.success) return { ok: false, kind: 'unreadable', detail: 'Greenhouse answered without an access token' };
  return succeed(token.data);
}

/**
 * Whatever failed here, the call it was for has not been made. A malformed client id is answered 400 with the id in the message:
 * a refusal of the credential all the same, and nothing for a log.
 */
function mintFailure(failure: { ok: false } & Extract<CallResult<never>, { ok: false }>, credential: GreenhouseCredential) {
  const detail = [credential.clientId, credential.clientSecret]
    .filter(Boolean)
    .reduce((text, hidden) => text.replaceAll(hidden, '[hidden]'), failure.detail);
  if (failure.kind === 'ambiguous') return { ok: false, kind: 'unreachable', detail } as const;
  if (failure.kind === 'refused' || failure.kind === 'forbidden' || failure.kind === 'not-found') {
    return { ok: false, kind: 'unauthorised', status: failure.status, detail } as const;
  }
  return { ...failure, detail };
}

/** `Basic` with client id and secret; also what `/introspect` asks for. */
export function basicAuthorization({ clientId, clientSecret }: GreenhouseCredential): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

function expiryOf(token: GreenhouseToken, now: Date): Date {
  if (token.expires_in) return new Date(now.getTime() + token.expires_in * 1000);
  const named = token.expires_at ?? token.expires;
  // Inferred: a number here would be seconds since 1970, as in JWTs.
  const at = typeof named === 'number' ? new Date(named * 1000) : new Date(named ?? '');
  return Number.isNaN(at.getTime()) ? new Date(now.getTime() + DEFAULT_LIFETIME_MS) : at;
}

function fingerprintOf({ authUrl, clientId, serviceUserId }: GreenhouseCredential): string {
  return createHash('sha256')
    .update(JSON.stringify([authUrl, clientId, serviceUserId]))
    .digest('hex');
}
