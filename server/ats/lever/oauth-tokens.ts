/**
 * Access tokens of a Lever OAuth consent. Each refresh answers a new refresh token and uses up the old one
 * (https://hire.lever.co/developer/documentation#authentication), so all processes refresh one after the other under a lock, and the
 * new pair is stored before anybody uses it.
 *
 * A crash between Lever's answer and our storing loses the new refresh token, which nothing can prevent: the answer is its only copy.
 * What can be kept is kept. The old pair stays stored: its access token serves until it ends, and its refresh token is tried
 * again, in case Lever still takes it. If not, calls fail as `unauthorised`, nothing is sent twice, work waits, webhooks are still
 * taken, and an admin is asked to connect anew. A process that is frozen in between still has that copy, so the lock waits for it.
 */
import type { Clock } from '../../clock.ts';
import type { HttpClient } from '../../outbound/http.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { StoredToken, TokenSlot, TokenStore } from '../token-store.ts';
import type { LeverCredential } from './credential.ts';
import { fingerprintOf } from './fingerprint-of.ts';
import type { LeverOauthApp } from './oauth-app.ts';
import { requestLeverTokens } from './oauth-token-endpoint.ts';

export interface LeverOauthMeans {
  http: HttpClient;
  store: TokenStore;
  clock: Clock;
  connectionId: string;
  app: LeverOauthApp;
}

/** Refreshed a minute early, so that a token does not end between our look at it and Lever's. */
const MARGIN_MS = 60_000;

/** The consent as a credential; within the process at most one refresh is under way at a time. */
export function createLeverOauthTokens(means: LeverOauthMeans): LeverCredential {
  const { store, clock, connectionId } = means;
  const fingerprint = fingerprintOf(means.app);
  const inFlight = new Map<string | null, Promise<CallResult<string>>>();

  /** Null when the token belongs to another app, is the refused one, or ends within the margin. */
  const usable = (token: StoredToken | null, refused: string | null, marginMs = MARGIN_MS): string | null => {
    if (token?.credential !== fingerprint || bearer(token) === refused) return null;
    return Date.parse(token.expiresAt) - marginMs > clock.now().getTime() ? bearer(token) : null;
  };

  const refresh = async (slot: TokenSlot, refused: string | null): Promise<CallResult<string>> => {
    const stored = await slot.read();
    // Somebody else may have refreshed while we waited for the lock.
    const meanwhile = usable(stored, refused);
    if (meanwhile) return succeed(meanwhile);
    if (stored?.credential !== fingerprint || !stored.refreshToken) return NO_CONSENT;
    const minted = await requestLeverTokens(means, { grant_type: 'refresh_token', refresh_token: stored.refreshToken });
    if (!minted.ok) {
      const last = usable(stored, refused, 0);
      return last ? succeed(last) : minted;
    }
    // What a refresh does not tell is as it was.
    const { scopes = stored.scopes, ...fresh } = minted.value;
    await slot.write({ ...fresh, scopes, consentedAt: stored.consentedAt });
    return succeed(bearer(minted.value));
  };

  const refreshOnce = (refused: string | null) => {
    const running =
      inFlight.get(refused) ??
      store
        .withMintLock(connectionId, (slot) => refresh(slot, refused), { alsoFrozen: true })
        .finally(() => inFlight.delete(refused));
    inFlight.set(refused, running);
    return running;
  };

  return {
    rightsAre: 'scopes',
    async authorization() {
      const stored = usable(await store.read(connectionId), null);
      return stored ? succeed(stored) : refreshOnce(null);
    },
    renew: (refused) => refreshOnce(refused),
  };
}

const NO_CONSENT: CallResult<never> = {
  ok: false,
  kind: 'misconfigured',
  detail: 'A Super Admin of Lever has to give consent first.',
};

function bearer({ accessToken }: StoredToken): string {
  return `Bearer ${accessToken}`;
}
