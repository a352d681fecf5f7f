import { leverSettingsSchema } from '../../lib/contract/settings.ts';
import { NOTHING_KEPT } from '../../server/ats/kept-names.ts';
import { type LeverCredential, leverKey } from '../../server/ats/lever/credential.ts';
import { createLeverAdapter } from '../../server/ats/lever/index.ts';
import { toLeverOauthApp } from '../../server/ats/lever/oauth-app.ts';
import { requestLeverTokens } from '../../server/ats/lever/oauth-token-endpoint.ts';
import { createLeverOauthTokens } from '../../server/ats/lever/oauth-tokens.ts';
import type { HttpClient } from '../../server/outbound/http.ts';
import { UNLIMITED } from '../../server/outbound/rate-limiter.ts';
import { createMemoryTokenStore } from '../support/memory-token-store.ts';
import { type AtsWeatherSubject, describeAtsWeather } from './ats-weather-contract.ts';

const clock = { now: () => new Date('2026-10-05T09:00:00.000Z') };
const connectionId = 'connection-1';
const settingsAt = (url: string, auth: 'key' | 'oauth') =>
  leverSettingsSchema.parse({ kind: 'lever', auth, apiUrl: `${url}/v1` });

function subjectWith(
  connect: (at: { http: HttpClient; url: string }) => LeverCredential,
  token: AtsWeatherSubject['token'] = null,
): AtsWeatherSubject {
  return {
    target: { applicationId: '11111111-1111-4111-8111-111111111111', candidateId: '22222222-2222-4222-8222-222222222222' },
    token,
    noNotes: { data: [], hasNext: false },
    nobody: null,
    connect: ({ http, url }) =>
      createLeverAdapter({
        http,
        settings: settingsAt(url, token ? 'oauth' : 'key'),
        credential: connect({ http, url }),
        clock,
        connectionId,
        keptNames: NOTHING_KEPT,
        limiter: UNLIMITED,
      }),
  };
}

describeAtsWeather('Lever with a key', 'lever', async () => subjectWith(() => leverKey('hush')));

describeAtsWeather('Lever with a consent', 'lever', async () =>
  subjectWith(
    ({ http, url }) => {
      const app = toLeverOauthApp(settingsAt(url, 'oauth'), { clientId: 'client-7', clientSecret: 'hush' });
      const store = createMemoryTokenStore();
      const means = { http, store, clock, connectionId, app };
      const tokens = createLeverOauthTokens(means);
      const consented = requestLeverTokens(means, {
        grant_type: 'authorization_code',
        code: 'c',
        redirect_uri: 'https://x.example',
      });
      const ready = consented.then((minted) => {
        if (!minted.ok) throw new Error(minted.detail);
        // Another than the one that a refresh brings.
        store.tokens.set(connectionId, { ...minted.value, accessToken: 'the first' });
      });
      return { ...tokens, authorization: () => ready.then(() => tokens.authorization()) };
    },
    { path: '/oauth/token', answer: { access_token: 'token', refresh_token: 'next', expires_in: 3600, token_type: 'Bearer' } },
  ),
);
