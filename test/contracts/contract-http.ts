import { createHttpClient, type HttpClient, type HttpClientOptions, type HttpRequest } from '../../server/outbound/http.ts';
import type { Breakage } from './ats-contract.ts';

/** Where nothing comes, nobody waits out the product's 20 s; anywhere else a standstill of the machine must not look like silence. */
const SILENT_MS = 1_000;

/** Clients with the product's own patience, but for the calls that the simulator was told to leave unanswered. */
interface ContractHttp {
  to(options: HttpClientOptions): HttpClient;
  /** To be called before the simulator is broken in this way. */
  expect(how: Breakage, isBroken?: (request: HttpRequest) => boolean): void;
}

export function createContractHttp(): ContractHttp {
  let isSilent = (_request: HttpRequest) => false;
  return {
    to(options) {
      const client = createHttpClient(options);
      return {
        request: (request) =>
          client.request(isSilent(request) ? { ...request, timeoutMs: request.timeoutMs ?? SILENT_MS } : request),
      };
    },
    expect(how, isBroken = () => true) {
      isSilent = how.kind === 'hang' ? isBroken : () => false;
    },
  };
}
