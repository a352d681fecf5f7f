import type { ConnectionSettings } from '../../lib/contract/settings.ts';
import type { AtsKind } from '../../lib/domain/ats.ts';
import type { Clock } from '../clock.ts';
import type { HttpClient } from '../outbound/http.ts';
import { type CallResult, succeed } from '../outbound/outcome.ts';
import { createTokenBucket } from '../outbound/token-bucket.ts';
import { GREENHOUSE_HOSTS } from './greenhouse/client.ts';
import { createGreenhouseAdapter, greenhouseWebhooks } from './greenhouse/index.ts';
import { createGreenhouseV1Adapter } from './greenhouse-v1/index.ts';
import { type KeptNames, NOTHING_KEPT } from './kept-names.ts';
import { createLeverClient, LEVER_ALLOWANCE, LEVER_HOSTS } from './lever/client.ts';
import { createLeverConsent } from './lever/consent.ts';
import { type LeverCredential, leverKey } from './lever/credential.ts';
import { createLeverAdapter, leverWebhooks } from './lever/index.ts';
import { LEVER_OAUTH_HOSTS, toLeverOauthApp } from './lever/oauth-app.ts';
import { createLeverOauthTokens, type LeverOauthMeans } from './lever/oauth-tokens.ts';
import { createLeverSetUp } from './lever/set-up.ts';
import { createLeverWebhookManager } from './lever/webhook-manager.ts';
import type { AtsAdapter, AtsConsent, AtsSetUp, AtsWebhooks } from './port.ts';
import type { TokenStore } from './token-store.ts';

/** A stored connection with its secrets opened. */
export interface OpenedConnection {
  id: string;
  settings: ConnectionSettings;
  secrets: Readonly<Record<string, string>>;
}

export interface AtsDependencies {
  /** A client that shows this connection's credential to these hosts only (and to TEST_HOSTS). */
  httpTo(hosts: readonly string[]): HttpClient;
  clock: Clock;
  tokens: TokenStore;
  keptNames: KeptNames;
}

/** The receiving halves, one line per ATS. */
export const ATS_WEBHOOKS: Record<AtsKind, AtsWebhooks> = { greenhouse: greenhouseWebhooks, lever: leverWebhooks };

/**
 * The adapter of one connection; `misconfigured` when a credential is missing or the connection is to something else. Keep it as long
 * as the connection stays as it is: adapters remember names and the pace they were told.
 */
export function createAtsAdapter(connection: OpenedConnection, dependencies: AtsDependencies): CallResult<AtsAdapter> {
  const { id: connectionId, settings, secrets } = connection;
  const { httpTo, clock, tokens, keptNames } = dependencies;
  switch (settings.kind) {
    case 'greenhouse': {
      if (settings.api === 'v1') return createV1(connection, settings, dependencies);
      const { clientId, clientSecret } = secrets;
      if (!clientId || !clientSecret) return misconfigured('The client id or the client secret of Greenhouse is missing');
      const http = httpTo(GREENHOUSE_HOSTS);
      return succeed(createGreenhouseAdapter({ http, settings, clientId, clientSecret, tokens, clock, connectionId }));
    }
    case 'lever': {
      const credential = toLeverCredential(connection, dependencies);
      if (!credential.ok) return credential;
      const http = httpTo(LEVER_HOSTS);
      return succeed(createLeverAdapter({ http, settings, credential: credential.value, clock, connectionId, keptNames }));
    }
    default:
      return misconfigured(`${settings.kind} is not an applicant tracking system`);
  }
}

/** The key is shown to the one gateway that the admin named. */
function createV1(
  { id: connectionId, secrets: { apiKey } }: OpenedConnection,
  settings: Extract<ConnectionSettings, { kind: 'greenhouse' }>,
  { httpTo, clock }: AtsDependencies,
): CallResult<AtsAdapter> {
  if (!apiKey) return misconfigured('The API key of Greenhouse is missing');
  if (!settings.serviceUserId) return misconfigured('A Harvest v1 key needs the number of the Greenhouse user to act for');
  const http = httpTo([new URL(settings.apiUrl).host]);
  return succeed(createGreenhouseV1Adapter({ http, settings, apiKey, clock, connectionId }));
}

/** What the set-up uses: the adapter itself, or one with the set-up's own key. The adapter never sees that key. */
export function createAtsSetUp(connection: OpenedConnection, dependencies: AtsDependencies): CallResult<AtsSetUp> {
  const { id: connectionId, settings, secrets } = connection;
  if (settings.kind === 'lever' && settings.auth !== 'oauth' && secrets.setupKey) {
    const { httpTo, clock } = dependencies;
    const credential = leverKey(secrets.setupKey);
    const wider = createLeverAdapter({
      http: httpTo(LEVER_HOSTS),
      settings,
      credential,
      clock,
      connectionId,
      keptNames: NOTHING_KEPT,
    });
    const lasting = createAtsAdapter(connection, dependencies);
    return succeed(
      createLeverSetUp(wider, lasting.ok ? lasting.value : wider, leverWebhookManager(settings, credential, httpTo)),
    );
  }
  const adapter = createAtsAdapter(connection, dependencies);
  if (!adapter.ok) return adapter;
  const credential = settings.kind === 'lever' ? toLeverCredential(connection, dependencies) : null;
  const webhooks =
    settings.kind === 'lever' && credential?.ok ? leverWebhookManager(settings, credential.value, dependencies.httpTo) : null;
  return succeed({ ...adapter.value, isSetUpKeyDead: null, webhooks });
}

function leverWebhookManager(
  { apiUrl }: Extract<ConnectionSettings, { kind: 'lever' }>,
  credential: LeverCredential,
  httpTo: AtsDependencies['httpTo'],
) {
  const limiter = createTokenBucket(LEVER_ALLOWANCE);
  return createLeverWebhookManager(createLeverClient({ http: httpTo(LEVER_HOSTS), limiter, apiUrl, credential, performAs: '' }));
}

/** The consent of one connection; `misconfigured` where none is given, or a credential is missing. */
export function createAtsConsent(connection: OpenedConnection, dependencies: AtsDependencies): CallResult<AtsConsent> {
  const means = toLeverOauthMeans(connection, dependencies);
  return means.ok ? succeed(createLeverConsent(means.value)) : means;
}

function toLeverCredential(connection: OpenedConnection, dependencies: AtsDependencies): CallResult<LeverCredential> {
  const { settings, secrets } = connection;
  if (settings.kind === 'lever' && settings.auth === 'oauth') {
    const means = toLeverOauthMeans(connection, dependencies);
    return means.ok ? succeed(createLeverOauthTokens(means.value)) : means;
  }
  return secrets.apiKey ? succeed(leverKey(secrets.apiKey)) : misconfigured('The API key of Lever is missing');
}

function toLeverOauthMeans(
  { id: connectionId, settings, secrets }: OpenedConnection,
  { httpTo, clock, tokens }: AtsDependencies,
): CallResult<LeverOauthMeans> {
  const { clientId, clientSecret } = secrets;
  if (settings.kind !== 'lever' || settings.auth !== 'oauth') return misconfigured('This connection works without consent');
  if (!clientId || !clientSecret) return misconfigured('The client id or the client secret of Lever is missing');
  const app = toLeverOauthApp(settings, { clientId, clientSecret });
  return succeed({ http: httpTo(LEVER_OAUTH_HOSTS), store: tokens, clock, connectionId, app });
}

function misconfigured(detail: string): CallResult<never> {
  return { ok: false, kind: 'misconfigured', detail };
}
