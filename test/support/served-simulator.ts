import type { Hono } from 'hono';
import { afterEach } from 'vitest';
import { createHttpClient } from '../../server/outbound/http.ts';
import { serveSimulator } from '../simulators/frame/serve.ts';

/** Serves a simulator until the test has ended, with a client that may call it. */
export function useServed(): (api: Hono) => Promise<{ url: string; http: ReturnType<typeof createHttpClient> }> {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  return async (api) => {
    const served = await serveSimulator(api);
    closing.push(() => served.close());
    const host = `127.0.0.1:${served.port}`;
    const log = { debug: () => undefined, warn: () => undefined };
    return { url: served.url, http: createHttpClient({ testHosts: [host], allowedHosts: [host], log }) };
  };
}
