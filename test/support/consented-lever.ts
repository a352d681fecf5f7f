import { leverSettingsSchema } from '../../lib/contract/settings.ts';
import { createLeverConsent } from '../../server/ats/lever/consent.ts';
import { toLeverOauthApp } from '../../server/ats/lever/oauth-app.ts';
import { createLeverOauthTokens } from '../../server/ats/lever/oauth-tokens.ts';
import type { TokenStore } from '../../server/ats/token-store.ts';
import type { Clock } from '../../server/clock.ts';
import type { HttpClient } from '../../server/outbound/http.ts';
import type { LeverSimulator } from '../simulators/lever/index.ts';
import { answerConsent } from './answer-consent.ts';

export const REDIRECT_URI = 'https://tagalong.example/oauth/lever/callback';

/** An app registered at the simulated Lever, with the means to use it. */
export function registerLeverApp({
  lever,
  http,
  clock,
  apiUrl,
  store,
  scopes: asked = [],
  connectionId = 'connection-1',
}: {
  lever: LeverSimulator;
  http: HttpClient;
  clock: Clock;
  apiUrl: string;
  store: TokenStore;
  /** What the product asks for by default, if empty. */
  scopes?: string[];
  connectionId?: string;
}) {
  const settings = leverSettingsSchema.parse({ kind: 'lever', auth: 'oauth', apiUrl, scopes: asked.join(' ') });
  const nobody = { clientId: '', clientSecret: '' };
  const scopes = toLeverOauthApp(settings, nobody).scopes.split(' ');
  const credential = lever.play.registerApp({ redirectUris: [REDIRECT_URI], scopes });
  const means = { http, store, clock, connectionId, app: toLeverOauthApp(settings, credential) };
  const consent = createLeverConsent(means);
  return {
    app: credential,
    means,
    consent,
    /** Another process: it shares the stored tokens and nothing else. */
    newProcess: () => createLeverOauthTokens(means),
    /** A Super Admin says yes; answers the code that comes back. */
    async sayYes(): Promise<string> {
      const back = await answerConsent(consent.address({ state: 'state-of-this-test-0000', redirectUri: REDIRECT_URI }), 'yes');
      return back.searchParams.get('code') ?? '';
    },
  };
}
