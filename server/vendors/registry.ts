import { partnerNameOf } from '../../lib/contract/partner-settings.ts';
import type { VendorKind } from '../../lib/domain/assessment.ts';
import type { OpenedConnection } from '../ats/registry.ts';
import type { Clock } from '../clock.ts';
import { allowanceKeyOf } from '../outbound/allowance-key.ts';
import type { AllowanceRule } from '../outbound/allowance-rule.ts';
import type { HttpClient } from '../outbound/http.ts';
import { limitCalls } from '../outbound/limit-calls.ts';
import { type CallResult, succeed } from '../outbound/outcome.ts';
import type { AllowanceOf } from '../outbound/rate-governor.ts';
import type { RateLimiter } from '../outbound/rate-limiter.ts';
import { byteboardWebhooks, createByteboardAdapter } from './byteboard/index.ts';
import { coderbyteWebhooks, createCoderbyteAdapter } from './coderbyte/index.ts';
import { codesignalWebhooks, createCodesignalAdapter } from './codesignal/index.ts';
import { pauseAskedIn } from './codesignal/to-failure.ts';
import { createHackerrankAdapter, hackerrankWebhooks } from './hackerrank/index.ts';
import { RESULT_EVENT } from './hackerrank/verify-delivery.ts';
import { createPartnerAdapter, partnerWebhooks } from './partner/index.ts';
import type { VendorAdapter, VendorWebhooks } from './port.ts';

export interface VendorDependencies {
  /** A client that shows this connection's credential to these hosts only (and to TEST_HOSTS). */
  httpTo(hosts: readonly string[]): HttpClient;
  /** The one that all processes share for this credential: a pause that the vendor asks for is one of every call. */
  limiterFor(of: AllowanceOf): RateLimiter;
  clock: Clock;
  /** Where this connection's vendor is to tell what became of an invitation; null, or left out, while webhooks cannot reach this server. */
  findResultAddress?(event: string): Promise<{ url: string; secret: string } | null>;
}

/** The receiving halves, one line per vendor. */
export const VENDOR_WEBHOOKS: Record<VendorKind, VendorWebhooks> = {
  coderbyte: coderbyteWebhooks,
  byteboard: byteboardWebhooks,
  partner: partnerWebhooks,
  hackerrank: hackerrankWebhooks,
  codesignal: codesignalWebhooks,
};

/** The adapter of one connection; `misconfigured` when a credential is missing or the connection is to something else. */
export function createVendorAdapter(connection: OpenedConnection, dependencies: VendorDependencies): CallResult<VendorAdapter> {
  const { settings, secrets } = connection;
  const { httpTo, limiterFor, clock, findResultAddress } = dependencies;
  const limiter = (...credential: string[]) => limiterOf(connection, credential, limiterFor);
  switch (settings.kind) {
    case 'coderbyte': {
      const { baseUrl, endpoints } = settings.map;
      const { apiKey = '' } = secrets;
      // Its links can be sent without a key; what goes through the API cannot.
      if (apiKey === '' && Object.keys(endpoints).length > 0) return misconfigured('The API key of Coderbyte is missing');
      const http = limitCalls(httpTo(baseUrl === undefined ? [] : [new URL(baseUrl).host]), limiter(baseUrl ?? '', apiKey));
      return succeed(createCoderbyteAdapter({ http, settings, apiKey, clock }));
    }
    case 'byteboard':
      return succeed(createByteboardAdapter());
    case 'partner': {
      const { apiKey = '' } = secrets;
      const name = partnerNameOf(settings);
      if (settings.baseUrl === '') return misconfigured(`The address of ${name} is missing`);
      if (apiKey === '') return misconfigured(`The API key of ${name} is missing`);
      const http = limitCalls(httpTo([new URL(settings.baseUrl).host]), limiter(settings.baseUrl, apiKey));
      return succeed(createPartnerAdapter({ http, settings, apiKey, clock }));
    }
    case 'hackerrank': {
      const { apiKey = '' } = secrets;
      if (apiKey === '') return misconfigured('The API key of HackerRank is missing');
      return succeed(
        createHackerrankAdapter({
          http: limitCalls(httpTo([new URL(settings.apiUrl).host]), limiter(settings.apiUrl, apiKey)),
          downloadFrom: (host) => httpTo([host]),
          settings,
          apiKey,
          findResultAddress: async () => (await findResultAddress?.(RESULT_EVENT)) ?? null,
          clock,
        }),
      );
    }
    case 'codesignal': {
      const { apiKey = '' } = secrets;
      if (apiKey === '') return misconfigured('The API key of CodeSignal is missing');
      const http = limitCalls(httpTo([new URL(settings.apiUrl).host]), limiter(settings.apiUrl, apiKey), pauseAskedIn);
      return succeed(createCodesignalAdapter({ http, settings, apiKey, clock }));
    }
    default:
      return misconfigured(`${settings.kind} is not an assessment vendor`);
  }
}

function misconfigured(detail: string): CallResult<never> {
  return { ok: false, kind: 'misconfigured', detail };
}

/** How much a vendor allows is documented by none, or only in part (facts: CodeSignal per second, HackerRank no number at all). */
const VENDOR_ALLOWANCE: AllowanceRule = { kind: 'untold' };

function limiterOf(
  { id, settings }: OpenedConnection,
  credential: readonly string[],
  limiterFor: VendorDependencies['limiterFor'],
) {
  return limiterFor({ key: allowanceKeyOf(settings.kind, ...credential), rule: VENDOR_ALLOWANCE, connectionId: id });
}
