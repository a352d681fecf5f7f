import type { MiddlewareHandler } from 'hono';
import type { LeverOauth } from '../oauth/types.ts';
import type { LeverApiKey, LeverPermission } from '../types.ts';
import type { LeverApi, LeverApiEnv } from './api-env.ts';
import { forbidden, LeverApiError } from './api-error.ts';

/** HTTP Basic with the key as user name and an EMPTY password, or a live OAuth token. Anything else is 401. */
export function authenticate({ account, nowMs }: LeverApi): MiddlewareHandler<LeverApiEnv> {
  return async (c, next) => {
    const header = c.req.header('authorization') ?? '';
    const key = findKey(account.keys, header) ?? findConsented(account.oauth, header, nowMs());
    if (!key) throw new LeverApiError(401, 'UnauthorizedError', 'Invalid API key');
    c.set('key', key);
    const call = `${c.req.method} ${c.req.path.replace(/\/[0-9a-f]{8}-[0-9a-f-]{27}/g, '/:id')}`;
    if (key.without?.has(call)) throw forbidden(`This API key lacks the permission for ${call}`);
    await next();
  };
}

/** Permissions are per endpoint, read and write apart: a key that may write may not read by that alone. */
export function permit(permission: LeverPermission): MiddlewareHandler<LeverApiEnv> {
  return async (c, next) => {
    if (!c.get('key').permissions.has(permission)) throw forbidden(`This API key lacks the permission ${permission}`);
    await next();
  };
}

function findConsented({ accessTokens }: LeverOauth, header: string, nowMs: number): LeverApiKey | undefined {
  const found = accessTokens.get(/^Bearer (\S+)$/.exec(header)?.[1] ?? '');
  return found && !found.grant.revoked && found.expiresAtMs > nowMs ? found.key : undefined;
}

function findKey(keys: LeverApiKey[], header: string): LeverApiKey | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  return keys.find((key) => decoded === `${key.secret}:`);
}
