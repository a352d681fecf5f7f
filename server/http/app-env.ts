import type { HttpBindings } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Member } from '../../lib/domain/member.ts';

/** What the middleware leaves for a handler. `member` and `tokenId` are there on every path under /api but pairing. */
export interface AppEnv {
  Variables: { requestId: string; member: Member; tokenId: string };
  Bindings: Partial<HttpBindings>;
}
export type App = OpenAPIHono<AppEnv>;
export type AppContext = Context<AppEnv>;
