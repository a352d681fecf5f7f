import type { HttpClient } from '../outbound/http.ts';
import type { Mailer } from '../outbound/mailer.ts';
import type { CallResult } from '../outbound/outcome.ts';
import type { CallTarget, Meter } from './meter.ts';

type CallMeter = Pick<Meter, 'call'>;

/** The same client; each call is told to the meter, with how it ended and how long it took. */
export function measureCalls(http: HttpClient, to: CallTarget, meter: CallMeter): HttpClient {
  return { request: (request) => measured(() => http.request(request), to, meter) };
}

/** The same for e-mails. */
export function measureMails(mailer: Mailer, meter: CallMeter): Mailer {
  return { send: (mail) => measured(() => mailer.send(mail), 'mail', meter) };
}

async function measured<T>(call: () => Promise<CallResult<T>>, to: CallTarget, meter: CallMeter): Promise<CallResult<T>> {
  const startedAt = performance.now();
  const result = await call();
  meter.call(to, result.ok ? 'ok' : result.kind, performance.now() - startedAt);
  return result;
}
