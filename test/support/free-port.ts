import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems take for outgoing connections (Linux from 32768, others from 49152): one of those may be taken by any
 * connection while the server of this port is down between two starts, which then finds its address in use.
 */
const FIRST = 12_000;
const LAST = 32_000;
const TRIES_MAX = 100;
const given = new Set<number>();

/** A port of 127.0.0.1 that was free a moment ago, for a server whose address must be known before it starts. Never the same twice. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = randomInt(FIRST, LAST);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port from ${FIRST} to ${LAST}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
