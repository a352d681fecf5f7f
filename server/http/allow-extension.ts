import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type { AppEnv } from './app-env.ts';
import { isExtensionOrigin } from './is-extension-origin.ts';

/**
 * Lets browsers hand our answers to an extension and to nobody else. Which extension it may be is decided by the token
 * (see authenticate.ts): a preflight carries none.
 */
export function allowExtension(): MiddlewareHandler<AppEnv> {
  return cors({
    origin: (origin) => (isExtensionOrigin(origin) ? origin : null),
    allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'Last-Event-ID'],
    exposeHeaders: ['Retry-After'],
    maxAge: 600,
  });
}
