import { measureCalls } from '../metrics/measure-calls.ts';
import { createHttpClient, type OutboundLog } from '../outbound/http.ts';
import { type CallResult, succeed } from '../outbound/outcome.ts';
import type { Services } from '../services.ts';
import { type OpenedHook, recordHookCall } from '../storage/outgoing-hooks.repository.ts';
import { signStandardWebhook } from './sign-standard-webhook.ts';

/** As the specification recommends: 15 to 30 seconds. */
const TIMEOUT_MS = 15_000;

/**
 * One signed message to another system. Any 2xx means that it was taken, whatever else is in the answer; the address has been checked, is
 * checked again, and no redirect leads to another host. What came of it is kept with the hook.
 */
export async function postHook(
  { db, config, clock, log, meter }: Services,
  hook: OpenedHook,
  message: { id: string; payload: object },
): Promise<CallResult<void>> {
  const now = clock.now();
  const headers = signStandardWebhook(hook.secret, { id: message.id, body: JSON.stringify(message.payload), now });
  const client = createHttpClient({
    testHosts: config.testHosts,
    allowedHosts: URL.canParse(hook.url) ? [hostOf(hook.url)] : [],
    log: withoutPaths(log),
    clock,
  });
  const http = measureCalls(client, 'outgoing-hook', meter);
  let status = 0;
  const answer = await http.request({
    method: 'POST',
    url: hook.url,
    headers,
    json: message.payload,
    write: true,
    timeoutMs: TIMEOUT_MS,
    onAnswer: (head) => {
      status = head.status;
    },
  });
  const result: CallResult<void> = answer.ok || (status >= 200 && status < 300) ? succeed(undefined) : answer;
  const why = result.ok ? null : status > 0 ? `HTTP ${status}` : result.detail;
  await recordHookCall(db, { id: hook.id, at: clock.now(), why });
  return result;
}

function hostOf(address: string): string {
  const { hostname, port, protocol } = new URL(address);
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

/** The path of such an address is often all that protects it. */
function withoutPaths(log: OutboundLog): OutboundLog {
  const strip = (fields: object) => ({ ...fields, path: undefined });
  return {
    debug: (fields, message) => log.debug(strip(fields), message),
    warn: (fields, message) => log.warn(strip(fields), message),
  };
}
