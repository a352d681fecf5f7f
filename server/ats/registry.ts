import type { ConnectionSettings } from '../../lib/contract/settings.ts';
import type { AtsKind } from '../../lib/domain/ats.ts';
import type { Clock } from '../clock.ts';
import { allowanceKeyOf } from '../outbound/allowance-key.ts';
import type { HttpClient } from '../outbound/http.ts';
import { type CallResult, succeed } from '../outbound/outcome.ts';
import type { AllowanceOf } from '../outbound/rate-governor.ts';
import type { RateLimiter } from '../outbound/rate-limiter.ts';
import { createClockWatch, tellingClock } from './clock-ahead.ts';
import type { AtsDoctor, AtsExaminer } from './doctor.ts';
import { GREENHOUSE_ALLOWANCE, GREENHOUSE_HOSTS } from './greenhouse/client.ts';
import { createGreenhouseExaminer } from './greenhouse/examine-access.ts';
import { createGreenhouseAdapter, type GreenhouseAdapterOptions, greenhouseWebhooks } from './greenhouse/index.ts';
import { GREENHOUSE_V1_ALLOWANCE } from './greenhouse-v1/client.ts';
import { createGreenhouseV1Examiner } from './greenhouse-v1/examine-access.ts';
import { createGreenhouseV1Adapter, type GreenhouseV1AdapterOptions } from './greenhouse-v1/index.ts';
import { type KeptNames, NOTHING_KEPT } from './kept-names.ts';
import { createLeverClient, LEVER_ALLOWANCE, LEVER_HOSTS } from './lever/client.ts';
import { createLeverConsent } from './lever/consent.ts';
import { type LeverCredential, leverKey } from './lever/credential.ts';
import { createLeverConsentExaminer, createLeverKeyExaminer } from './lever/examine-access.ts';
import { createLeverAdapter, leverWebhooks } from './lever/index.ts';
import { LEVER_OAUTH_HOSTS, toLeverOauthApp } from './lever/oauth-app.ts';
import { createLeverOauthTokens, type LeverOauthMeans } from './lever/oauth-tokens.ts';
import { createLeverSetUp } from './lever/set-up.ts';
import { createLeverWebhookManager } from './lever/webhook-manager.ts';
import { createListener } from './listen.ts';
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
  /** The one that all processes share for this credential. `left()` of it tells what is left. */
  limiterFor(of: AllowanceOf): RateLimiter;
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
  const watch = createClockWatch(dependencies.clock);
  const httpTo = (hosts: readonly string[]) => watch.watching(dependencies.httpTo(hosts));
  return mapped(adapterOf(connection, { ...dependencies, httpTo }), (adapter) => tellingClock(adapter, watch));
}

function adapterOf(connection: OpenedConnection, dependencies: AtsDependencies): CallResult<AtsAdapter> {
  const { id: connectionId, settings, secrets } = connection;
  const { httpTo, clock, keptNames } = dependencies;
  switch (settings.kind) {
    case 'greenhouse':
      return settings.api === 'v1'
        ? mapped(toV1Means(connection, settings, dependencies), createGreenhouseV1Adapter)
        : mapped(toGreenhouseMeans(connection, settings, dependencies), createGreenhouseAdapter);
    case 'lever': {
      const credential = toLeverCredential(connection, dependencies);
      if (!credential.ok) return credential;
      const http = httpTo(LEVER_HOSTS);
      const limiter = leverLimiter(connection, secrets.apiKey, dependencies);
      return succeed(
        createLeverAdapter({ http, limiter, settings, credential: credential.value, clock, connectionId, keptNames }),
      );
    }
    default:
      return misconfigured(`${settings.kind} is not an applicant tracking system`);
  }
}

type GreenhouseSettings = Extract<ConnectionSettings, { kind: 'greenhouse' }>;

function toGreenhouseMeans(
  { id: connectionId, secrets: { clientId, clientSecret } }: OpenedConnection,
  settings: GreenhouseSettings,
  { httpTo, limiterFor, clock, tokens }: AtsDependencies,
): CallResult<GreenhouseAdapterOptions> {
  if (!clientId || !clientSecret) return misconfigured('The client id or the client secret of Greenhouse is missing');
  const key = allowanceKeyOf('greenhouse', settings.authUrl, clientId);
  const limiter = limiterFor({ key, rule: GREENHOUSE_ALLOWANCE, connectionId });
  return succeed({ http: httpTo(GREENHOUSE_HOSTS), limiter, settings, clientId, clientSecret, tokens, clock, connectionId });
}

/** The key is shown to the one gateway that the admin named. */
function toV1Means(
  { id: connectionId, secrets: { apiKey } }: OpenedConnection,
  settings: GreenhouseSettings,
  { httpTo, limiterFor, clock }: AtsDependencies,
): CallResult<GreenhouseV1AdapterOptions> {
  if (!apiKey) return misconfigured('The API key of Greenhouse is missing');
  if (!settings.serviceUserId) return misconfigured('A Harvest v1 key needs the number of the Greenhouse user to act for');
  const key = allowanceKeyOf('greenhouse-v1', settings.apiUrl, apiKey);
  const limiter = limiterFor({ key, rule: GREENHOUSE_V1_ALLOWANCE, connectionId });
  return succeed({ http: httpTo([new URL(settings.apiUrl).host]), limiter, settings, apiKey, clock, connectionId });
}

/** What the set-up uses: the adapter itself, or one with the set-up's own key. The adapter never sees that key. */
export function createAtsSetUp(connection: OpenedConnection, dependencies: AtsDependencies): CallResult<AtsSetUp> {
  const { id: connectionId, settings, secrets } = connection;
  if (settings.kind === 'lever' && settings.auth !== 'oauth' && secrets.setupKey) {
    const { httpTo, clock } = dependencies;
    const credential = leverKey(secrets.setupKey);
    const limiter = leverLimiter(connection, secrets.setupKey, dependencies);
    const wider = createLeverAdapter({
      http: httpTo(LEVER_HOSTS),
      limiter,
      settings,
      credential,
      clock,
      connectionId,
      keptNames: NOTHING_KEPT,
    });
    const lasting = createAtsAdapter(connection, dependencies);
    return succeed(
      createLeverSetUp(wider, lasting.ok ? lasting.value : wider, leverWebhookManager(settings, { credential, limiter }, httpTo)),
    );
  }
  const adapter = createAtsAdapter(connection, dependencies);
  if (!adapter.ok) return adapter;
  const credential = settings.kind === 'lever' ? toLeverCredential(connection, dependencies) : null;
  const webhooks =
    settings.kind === 'lever' && credential?.ok
      ? leverWebhookManager(
          settings,
          { credential: credential.value, limiter: leverLimiter(connection, secrets.apiKey, dependencies) },
          dependencies.httpTo,
        )
      : null;
  return succeed({ ...adapter.value, isSetUpKeyDead: null, webhooks });
}

function leverWebhookManager(
  { apiUrl }: Extract<ConnectionSettings, { kind: 'lever' }>,
  access: { credential: LeverCredential; limiter: RateLimiter },
  httpTo: AtsDependencies['httpTo'],
) {
  return createLeverWebhookManager(createLeverClient({ http: httpTo(LEVER_HOSTS), apiUrl, performAs: '', ...access }));
}

/** By key; with OAuth by consent, of which a connection has one at a time. */
function leverLimiter(
  { id: connectionId, settings, secrets }: OpenedConnection,
  apiKey: string | undefined,
  { limiterFor }: AtsDependencies,
): RateLimiter {
  const isConsent = settings.kind === 'lever' && settings.auth === 'oauth';
  const key = allowanceKeyOf('lever', ...(isConsent ? [secrets.clientId ?? '', connectionId] : [apiKey ?? '']));
  return limiterFor({ key, rule: LEVER_ALLOWANCE, connectionId });
}

/** What looks into the rights of one connection; `misconfigured` as for its adapter. */
export function createAtsDoctor(connection: OpenedConnection, dependencies: AtsDependencies): CallResult<AtsDoctor> {
  const listener = createListener(dependencies.clock);
  const listening = { ...dependencies, httpTo: (hosts: readonly string[]) => listener.to(dependencies.httpTo(hosts)) };
  const made = createExaminer(connection, listening);
  if (!made.ok) return made;
  const { examiner, limiter } = made.value;
  return succeed({
    async examine(question) {
      const examination = await examiner.examine(question);
      return { ...examination, clockAheadMs: listener.clockAheadMs(), allowance: await limiter.left() };
    },
  });
}

interface Examining {
  examiner: AtsExaminer;
  limiter: RateLimiter;
}

function createExaminer(connection: OpenedConnection, dependencies: AtsDependencies): CallResult<Examining> {
  const { id: connectionId, settings, secrets } = connection;
  if (settings.kind === 'greenhouse') {
    return settings.api === 'v1'
      ? mapped(toV1Means(connection, settings, dependencies), (means) => ({
          examiner: createGreenhouseV1Examiner(means),
          limiter: means.limiter,
        }))
      : mapped(toGreenhouseMeans(connection, settings, dependencies), (means) => ({
          examiner: createGreenhouseExaminer(means),
          limiter: means.limiter,
        }));
  }
  if (settings.kind !== 'lever') return misconfigured(`${settings.kind} is not an applicant tracking system`);
  const credential = toLeverCredential(connection, dependencies);
  if (!credential.ok) return credential;
  const { httpTo, tokens: store } = dependencies;
  const limiter = leverLimiter(connection, secrets.apiKey, dependencies);
  const { apiUrl, performAs } = settings;
  const client = createLeverClient({ http: httpTo(LEVER_HOSTS), limiter, apiUrl, credential: credential.value, performAs });
  const examiner =
    settings.auth === 'oauth' ? createLeverConsentExaminer(client, { store, connectionId }) : createLeverKeyExaminer(client);
  return succeed({ examiner, limiter });
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

function mapped<T, U>(result: CallResult<T>, map: (value: T) => U): CallResult<U> {
  return result.ok ? succeed(map(result.value)) : result;
}

function misconfigured(detail: string): CallResult<never> {
  return { ok: false, kind: 'misconfigured', detail };
}
