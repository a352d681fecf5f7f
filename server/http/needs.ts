import type { MiddlewareHandler } from 'hono';
import { type MemberRole, mayActAs } from '../../lib/domain/member.ts';
import { ApiError } from './api-error.ts';
import type { AppEnv } from './app-env.ts';

/** The security half of a route: spread into createRoute, so that the rule and its description cannot differ. */
export function needs(role: MemberRole) {
  return { middleware: atLeast(role), security: [{ bearer: [] }], 'x-role': role };
}

function atLeast(role: MemberRole): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (!mayActAs(c.get('member').role, role)) throw new ApiError('forbidden');
    await next();
  };
}
