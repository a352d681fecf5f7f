import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { AtsConsent } from '../port.ts';
import { requestLeverTokens } from './oauth-token-endpoint.ts';
import type { LeverOauthMeans } from './oauth-tokens.ts';

/**
 * The consent of a Super Admin for the whole organisation. https://hire.lever.co/developer/documentation#authentication
 * Lever documents no call that takes it back: forgetting ends our use, and the Super Admin removes the app in Lever's settings.
 */
export function createLeverConsent(means: LeverOauthMeans): AtsConsent {
  const { app, store, connectionId } = means;
  return {
    address({ state, redirectUri }) {
      const url = new URL(app.authorizeUrl);
      url.search = new URLSearchParams({
        client_id: app.clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        state,
        // Without it, or with another one, Lever grants offline_access alone.
        audience: app.audience,
        scope: app.scopes,
        // Inferred from public code: a second consent is asked for again instead of being waved through.
        prompt: 'consent',
      }).toString();
      return url.href;
    },
    finish: ({ code, redirectUri }) =>
      store.withMintLock(
        connectionId,
        async (slot): Promise<CallResult<void>> => {
          const tokens = await requestLeverTokens(means, { grant_type: 'authorization_code', code, redirect_uri: redirectUri });
          if (!tokens.ok) return tokens;
          await slot.write({ ...tokens.value, consentedAt: tokens.value.refreshedAt });
          return succeed(undefined);
        },
        { alsoFrozen: true },
      ),
    forget: () => store.withMintLock(connectionId, (slot) => slot.clear()),
  };
}
