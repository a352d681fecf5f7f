import { Agent, request } from 'node:http';
import type { AcceptOffice } from './accept-office.ts';
import { type SignedDelivery, signDelivery } from './signed-deliveries.ts';

/** What the sender saw: a status, with what was said of coming again; or no answer at all. */
export interface Answer {
  status: number | null;
  retryAfter: string | null;
}

export interface Sender {
  send(delivery: SignedDelivery): Promise<Answer>;
  /** The next delivery of a run, by turns for each address, with a key of its own. */
  next(): SignedDelivery;
  close(): void;
}

/** More patient than an ATS: who answers later than that does not answer. */
const ANSWER_MS = 60_000;

/** Sends to an office over lines that are kept, like an ATS. Never throws: a broken or silent line is an answer that did not come. */
export function createSender(office: Pick<AcceptOffice, 'port' | 'addresses'>, run: string): Sender {
  const agent = new Agent({ keepAlive: true });
  let count = 0;
  return {
    send: ({ address, headers, body }) =>
      new Promise((resolve) => {
        const options = { agent, host: '127.0.0.1', port: office.port, path: address.path, method: 'POST', timeout: ANSWER_MS };
        const sent = request({ ...options, headers: { 'content-type': 'application/json', ...headers } }, (response) => {
          response.resume();
          response.once('end', () =>
            resolve({ status: response.statusCode ?? null, retryAfter: response.headers['retry-after'] ?? null }),
          );
          response.once('error', () => resolve({ status: null, retryAfter: null }));
        });
        sent.once('error', () => resolve({ status: null, retryAfter: null }));
        sent.once('timeout', () => sent.destroy(new Error(`no answer within ${ANSWER_MS} ms`)));
        sent.end(body);
      }),
    next() {
      count += 1;
      const address = office.addresses[count % office.addresses.length];
      if (!address) throw new Error('no address to send to');
      return signDelivery(address, `${run}-${count}`);
    },
    close: () => agent.destroy(),
  };
}
