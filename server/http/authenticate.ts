import type { MiddlewareHandler } from 'hono';
import { PATHS } from '../../lib/contract/paths.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { findTokenHolder, touchToken } from '../storage/tokens.repository.ts';
import { ApiError } from './api-error.ts';
import type { AppEnv } from './app-env.ts';
import { isExtensionOrigin } from './is-extension-origin.ts';

/**
 * Lets nobody past without a live bearer token; pairing alone is open, because that is where tokens come from.
 * A token that was made for one copy of the extension does not serve another.
 */
export function authenticate(services: Services): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (c.req.path === PATHS.pair) return next();
    const token = /^Bearer ([\w-]{20,200})$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const holder = token ? await findTokenHolder(services.db, token) : null;
    if (!holder) throw new ApiError('unauthorised');
    const origin = c.req.header('origin');
    if (isExtensionOrigin(origin) && holder.origin !== null && holder.origin !== origin) {
      throw new ApiError('unauthorised', { message: say('server.other-extension') });
    }
    await touchToken(services.db, { id: holder.tokenId, lastUsedAt: holder.lastUsedAt, now: services.clock.now() });
    c.set('member', holder.member);
    c.set('tokenId', holder.tokenId);
    return next();
  };
}
