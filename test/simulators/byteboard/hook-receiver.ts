import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';

export interface ReceivedHook {
  id: string;
  type: string;
  data: Record<string, unknown>;
  /** How often the same message came. */
  tries: number;
}

export interface HookReceiver {
  url: string;
  /** `name:port`, for TEST_HOSTS. */
  host: string;
  /** Each message once, in the order of its first arrival. */
  received: ReceivedHook[];
  /** Requests that no honest sender makes: wrong signature, old, malformed. */
  refused: string[];
  /** Raw bodies of all that was taken. */
  bodies: string[];
  expect(secret: string): void;
  /** Answers the next requests with these; `take-then-500` keeps the message, so that a repeat is one. */
  answerNext(...answers: (number | 'take-then-500')[]): void;
  close(): Promise<void>;
}

const TOLERANCE_S = 300;

/**
 * A system that is told: it checks every message as https://www.standardwebhooks.com says, by code of its own, and refuses what a strict one
 * would refuse. `now` is the clock that timestamps are compared with.
 */
export async function startHookReceiver(now: () => Date): Promise<HookReceiver> {
  const received: ReceivedHook[] = [];
  const refused: string[] = [];
  const bodies: string[] = [];
  const answers: (number | 'take-then-500')[] = [];
  let key = Buffer.alloc(0);

  const problemOf = ({ method, headers }: IncomingMessage, body: string): string | null => {
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': given, 'content-type': type } = headers;
    if (method !== 'POST') return 'not a POST';
    if (!type?.startsWith('application/json')) return 'not JSON';
    if (typeof id !== 'string' || id === '' || id.includes('.')) return 'no id';
    if (typeof time !== 'string' || !/^\d{10}$/.test(time)) return 'no timestamp in seconds';
    if (Math.abs(now().getTime() / 1000 - Number(time)) > TOLERANCE_S) return 'too old';
    if (key.length < 24 || key.length > 64) return 'no secret of 24 to 64 bytes';
    const wanted = createHmac('sha256', key).update(`${id}.${time}.`).update(body, 'utf8').digest();
    const isSigned = String(given)
      .split(' ')
      .map((one) => one.split(','))
      .some(([version, text = '']) => {
        const bytes = Buffer.from(text, 'base64');
        return version === 'v1' && bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
      });
    return isSigned ? null : 'wrong signature';
  };

  const take = (id: string, body: string) => {
    bodies.push(body);
    const known = received.find((one) => one.id === id);
    if (known) known.tries += 1;
    else {
      const { type, data } = JSON.parse(body) as { type: string; data: Record<string, unknown> };
      received.push({ id, type, data, tries: 1 });
    }
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const answer = answers.shift() ?? 200;
      const problem = problemOf(request, body);
      if (problem) refused.push(problem);
      else if (answer === 200 || answer === 'take-then-500') take(String(request.headers['webhook-id']), body);
      // Many receivers answer with words; a sender must not mind.
      response.writeHead(problem ? 401 : answer === 'take-then-500' ? 500 : answer, { 'content-type': 'text/plain' });
      response.end('thanks');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const host = `127.0.0.1:${address.port}`;
  return {
    url: `http://${host}/in/path-that-is-a-secret`,
    host,
    received,
    refused,
    bodies,
    expect: (secret) => {
      if (!secret.startsWith('whsec_')) throw new Error('a secret of Standard Webhooks begins with whsec_');
      key = Buffer.from(secret.slice(6), 'base64');
    },
    answerNext: (...next) => void answers.push(...next),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
