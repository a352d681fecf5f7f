import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import type { ConnectionKind } from '../../lib/contract/settings.ts';
import type { AtsAdapter } from '../ats/port.ts';
import type { Services } from '../services.ts';
import type { VendorAdapter } from '../vendors/port.ts';
import { allowExtension } from './allow-extension.ts';
import { answerError } from './answer-error.ts';
import { ApiError } from './api-error.ts';
import type { App, AppEnv } from './app-env.ts';
import { authenticate } from './authenticate.ts';
import { addCodeRoutes } from './codes.routes.ts';
import { guardOrigin } from './guard-origin.ts';
import { addHealthRoutes } from './health.routes.ts';
import { logRequests } from './log-requests.ts';
import { addMeRoutes } from './me.routes.ts';
import { addMemberRoutes } from './members.routes.ts';
import { describeApi } from './open-api.ts';
import { addPairRoutes } from './pair.routes.ts';

/** What the admin routes need of the adapters; they never see a registry. */
export interface HttpParts {
  /** The adapter of a connection, also of one that is switched off: "check" proves it before it is switched on. */
  connectAts(connectionId: string): Promise<AtsAdapter>;
  connectVendor(connectionId: string): Promise<VendorAdapter>;
  /** The webhooks that this kind of ATS or vendor can send; each gets an address of its own. */
  webhookEventsOf(kind: ConnectionKind): readonly { name: string; purpose: string; required: boolean }[];
}

/** One megabyte: settings and commands are small, and nothing else comes this way. Webhooks have their own limit. */
const API_BODY_BYTES = 1024 * 1024;

/**
 * The whole HTTP side. `extra` adds the routes of the panel, the commands, the stream and the webhooks to the same app, so that
 * they share its errors, its security and its description. Throwing an ApiError in a handler is the way to refuse.
 */
export function createApp(services: Services, parts: HttpParts, extra: (app: App) => void): App {
  const app: App = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw new ApiError('invalid', { details: result.error.issues.map(toDetail) });
    },
  });
  app.onError(answerError(services.log));
  app.notFound((c) => c.json(new ApiError('not-found').body, 404));
  addMiddleware(app, services);
  addHealthRoutes(app, services);
  addPairRoutes(app, services);
  addMeRoutes(app, services);
  addMemberRoutes(app, services);
  addCodeRoutes(app, services);
  extra(app);
  describeApi(app);
  return app;
}

function addMiddleware(app: App, services: Services): void {
  app.use(logRequests(services));
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } }));
  app.use('/api/*', guardOrigin(services.config), allowExtension());
  app.use('/api/*', bodyLimit({ maxSize: API_BODY_BYTES, onError: refuseTooLarge }));
  app.use('/api/*', async (c, next) => {
    c.header('Cache-Control', 'no-store');
    await next();
  });
  app.use('/api/*', authenticate(services));
}

function refuseTooLarge(): never {
  throw new ApiError('too-large');
}

function toDetail(issue: { path: PropertyKey[]; message: string }) {
  return { path: issue.path.map(String).join('.'), message: issue.message };
}
