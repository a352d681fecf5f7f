import type { ConnectionSettings } from '../../lib/contract/settings.ts';
import type { AtsKind } from '../../lib/domain/ats.ts';
import type { Clock } from '../clock.ts';
import type { HttpClient } from '../outbound/http.ts';
import { type CallResult, succeed } from '../outbound/outcome.ts';
import { GREENHOUSE_HOSTS } from './greenhouse/client.ts';
import { createGreenhouseAdapter, greenhouseWebhooks } from './greenhouse/index.ts';
import { createGreenhouseV1Adapter } from './greenhouse-v1/index.ts';
import { LEVER_HOSTS } from './lever/client.ts';
import { createLeverAdapter, leverWebhooks } from './lever/index.ts';
import type { AtsAdapter, AtsWebhooks } from './port.ts';
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
}

/** The receiving halves, one line per ATS. */
export const ATS_WEBHOOKS: Record<AtsKind, AtsWebhooks> = { greenhouse: greenhouseWebhooks, lever: leverWebhooks };

/**
 * The adapter of one connection; `misconfigured` when a credential is missing or the connection is to something else. Keep it as long
 * as the connection stays as it is: adapters remember names and the pace they were told.
 */
export function createAtsAdapter(connection: OpenedConnection, dependencies: AtsDependencies): CallResult<AtsAdapter> {
  const { id: connectionId, settings, secrets } = connection;
  const { httpTo, clock, tokens } = dependencies;
  switch (settings.kind) {
    case 'greenhouse': {
      if (settings.api === 'v1') return createV1(connection, settings, dependencies);
      const { clientId, clientSecret } = secrets;
      if (!clientId || !clientSecret) return misconfigured('The client id or the client secret of Greenhouse is missing');
      const http = httpTo(GREENHOUSE_HOSTS);
      return succeed(createGreenhouseAdapter({ http, settings, clientId, clientSecret, tokens, clock, connectionId }));
    }
    case 'lever': {
      const { apiKey } = secrets;
      if (!apiKey) return misconfigured('The API key of Lever is missing');
      return succeed(createLeverAdapter({ http: httpTo(LEVER_HOSTS), settings, apiKey, clock, connectionId }));
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

function misconfigured(detail: string): CallResult<never> {
  return { ok: false, kind: 'misconfigured', detail };
}
