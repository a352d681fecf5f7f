import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';

/** Whatever answers requests: a Hono app, or one that dispatches to several by host name. */
interface Answering {
  fetch: (request: Request, ...rest: never[]) => Response | Promise<Response>;
}

export interface ServedSimulator {
  /** "http://127.0.0.1:41234", without a slash at the end. */
  url: string;
  port: number;
  /** Stops listening and cuts the connections that are still open (hanging answers among them). */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 only. `port` 0 or none: any free one. Rejects when the port is taken. */
export function serveSimulator(
  app: Answering,
  { port = 0, https }: { port?: number; https?: { key: string; cert: string } } = {},
): Promise<ServedSimulator> {
  return new Promise((resolve, reject) => {
    const secure = https ? { createServer, serverOptions: https } : {};
    const fetch = app.fetch as (request: Request) => Response | Promise<Response>;
    const server = serve({ fetch, port, hostname: '127.0.0.1', overrideGlobalObjects: false, ...secure }, (info: AddressInfo) =>
      resolve({ url: `${https ? 'https' : 'http'}://127.0.0.1:${info.port}`, port: info.port, close }),
    );
    server.once('error', reject);
    const close = () =>
      new Promise<void>((done, failed) => {
        server.close((error) => (error ? failed(error) : done()));
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
  });
}
