import { isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import type { Config } from '../config.ts';
import { say } from '../say.ts';
import { ApiError } from './api-error.ts';
import type { AppEnv } from './app-env.ts';
import { isExtensionOrigin } from './is-extension-origin.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/**
 * Keeps web pages out, whatever they hold: no change for a request that a page of another site made (also `Origin: null`),
 * and no answer at all under a name that is not ours, which is how a rebound DNS name would reach a private server.
 */
export function guardOrigin(config: Pick<Config, 'publicUrl' | 'host'>): MiddlewareHandler<AppEnv> {
  const own = config.publicUrl === null ? null : new URL(config.publicUrl);
  return async (c, next) => {
    const host = hostName(c.req.header('host') ?? new URL(c.req.url).host);
    if (!isOurs(host, own, config.host)) throw new ApiError('forbidden', { message: say('server.foreign-host', { host }) });
    const origin = c.req.header('origin');
    const foreign = origin !== undefined && !isExtensionOrigin(origin) && origin !== own?.origin;
    if (foreign && !READS.has(c.req.method)) throw new ApiError('forbidden', { message: say('server.foreign-page') });
    await next();
  };
}

/** A name can be rebound, an address cannot: a server bound to every address answers to any of them. */
function isOurs(host: string, own: URL | null, bound: string): boolean {
  if (LOOPBACK.has(host) || host === bound.toLowerCase() || (own && host === hostName(own.host))) return true;
  return ANY_ADDRESS.has(bound) && isIP(host) !== 0;
}

/** Without the port and the brackets of an IPv6 address. */
function hostName(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}
