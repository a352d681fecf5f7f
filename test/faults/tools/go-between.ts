import { createServer, request as forwardRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PassedAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

export interface PassedCall {
  method: string;
  /** Without the query. */
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** Asks the system behind, and answers what it said. */
  forward(): Promise<PassedAnswer>;
}

/** What the caller gets instead of the truth; `cut`: the connection breaks and nothing is answered. */
export type Meddle = (call: PassedCall) => Promise<PassedAnswer | 'cut'>;

/** Stands on a port of its own between the server under test and a simulator, and lets a check meddle with what passes. */
export interface GoBetween {
  url: string;
  /** `127.0.0.1:PORT`, for TEST_HOSTS. */
  host: string;
  /** Everything passes as it is until it is set, and again when it is null. */
  meddle: Meddle | null;
  close(): Promise<void>;
}

export async function startGoBetween(upstream: string): Promise<GoBetween> {
  const base = new URL(upstream);
  const between: Pick<GoBetween, 'meddle'> = { meddle: null };
  const server = createServer((incoming, outgoing) => {
    void pass(incoming, { base, meddle: between.meddle }).then(
      (answer) => reply(outgoing, answer),
      // The system behind is gone: so are we.
      () => outgoing.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(between, {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

async function pass(incoming: IncomingMessage, { base, meddle }: { base: URL; meddle: Meddle | null }) {
  const body = await readAll(incoming);
  const { method = 'GET', url = '/', headers } = incoming;
  const forward = () => ask({ base, method, url, headers, body });
  if (!meddle) return await forward();
  return await meddle({ method, path: url.split('?')[0] ?? url, headers, body, forward });
}

function ask(given: { base: URL; method: string; url: string; headers: IncomingMessage['headers']; body: Buffer }) {
  const { base, method, url, headers, body } = given;
  return new Promise<PassedAnswer>((resolve, reject) => {
    const call = forwardRequest(
      { host: base.hostname, port: base.port, method, path: url, headers: { ...headers, host: base.host } },
      (answer) => {
        readAll(answer).then(
          (bytes) =>
            resolve({
              status: answer.statusCode ?? 502,
              headers: Object.fromEntries(
                Object.entries(answer.headers).filter(
                  (entry): entry is [string, string | string[]] => entry[1] !== undefined && !HOP_BY_HOP.includes(entry[0]),
                ),
              ),
              body: bytes,
            }),
          reject,
        );
      },
    );
    call.once('error', reject);
    call.end(body);
  });
}

const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length'];

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function reply(outgoing: ServerResponse, answer: PassedAnswer | 'cut'): void {
  if (answer === 'cut') {
    outgoing.socket?.resetAndDestroy();
    return;
  }
  outgoing.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
  outgoing.end(answer.body);
}
