import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { withPriority } from '../outbound/call-priority.ts';
import type { Services } from '../services.ts';
import { addAccessRoutes } from './access.routes.ts';
import { addActivityRoutes } from './activity.routes.ts';
import { allowExtension } from './allow-extension.ts';
import { answerError } from './answer-error.ts';
import { ApiError } from './api-error.ts';
import type { App, AppEnv } from './app-env.ts';
import { addAssessmentRoutes } from './assessments.routes.ts';
import { authenticate } from './authenticate.ts';
import { addCatalogueRoutes } from './catalogue.routes.ts';
import { addCodeRoutes } from './codes.routes.ts';
import { addConnectionRoutes } from './connections.routes.ts';
import { addConsentRoutes } from './consent.routes.ts';
import { guardOrigin } from './guard-origin.ts';
import { addHealthRoutes, type HealthParts } from './health.routes.ts';
import type { HttpParts } from './http-parts.ts';
import { logRequests } from './log-requests.ts';
import { addMailRoutes } from './mail.routes.ts';
import { addManagedWebhookRoutes } from './managed-webhooks.routes.ts';
import { addMeRoutes } from './me.routes.ts';
import { addMemberRoutes } from './members.routes.ts';
import { addMetricsRoute, type MetricsParts } from './metrics.routes.ts';
import { describeApi } from './open-api.ts';
import { addOutgoingHookRoutes } from './outgoing-hooks.routes.ts';
import { addOverviewRoutes } from './overview.routes.ts';
import { addPairRoutes } from './pair.routes.ts';
import { addPoolLinkRoutes } from './pool-links.routes.ts';
import { addReasonRoutes } from './reasons.routes.ts';
import { addRuleRoutes } from './rules.routes.ts';
import { addSetUpKeyRoutes } from './set-up-key.routes.ts';
import { addStageRoutes } from './stages.routes.ts';
import { addTryEndpointRoutes } from './try-endpoint.routes.ts';
import { addWebhookSetupRoutes } from './webhooks-setup.routes.ts';
import { addWriteBackRoutes } from './write-back.routes.ts';

/** One megabyte: settings and commands are small, and nothing else comes this way. Webhooks have their own limit. */
const API_BODY_BYTES = 1024 * 1024;

/** What those who watch the server are told besides. */
export type Watched = Pick<HealthParts, 'chores'> & Pick<MetricsParts, 'metrics'>;

const UNWATCHED: Watched = { chores: () => [], metrics: null };

/**
 * The whole HTTP side. `extra` adds the routes of the panel, the commands, the stream and the webhooks to the same app, so that
 * they share its errors, its security and its description. Throwing an ApiError in a handler is the way to refuse.
 */
export function createApp(services: Services, parts: HttpParts, extra: (app: App) => void, watched = UNWATCHED): App {
  const app: App = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw new ApiError('invalid', { details: result.error.issues.map(toDetail) });
    },
  });
  app.onError(answerError(services.log));
  app.notFound((c) => c.json(new ApiError('not-found').body, 404));
  addMiddleware(app, services);
  addHealthRoutes(app, { services, chores: watched.chores });
  addMetricsRoute(app, { token: services.config.metricsToken, metrics: watched.metrics });
  addPairRoutes(app, services);
  addMeRoutes(app, services);
  addMemberRoutes(app, services, parts);
  addCodeRoutes(app, services);
  addConnectionRoutes(app, services, parts);
  addConsentRoutes(app, services, parts);
  addAccessRoutes(app, services, parts);
  addWebhookSetupRoutes(app, services, parts);
  addSetUpKeyRoutes(app, services, parts);
  addManagedWebhookRoutes(app, services, parts);
  addWriteBackRoutes(app, services, parts);
  addStageRoutes(app, services, parts);
  addReasonRoutes(app, services, parts);
  addCatalogueRoutes(app, services, parts);
  addTryEndpointRoutes(app, services, parts);
  addAssessmentRoutes(app, services, parts);
  addPoolLinkRoutes(app, services);
  addRuleRoutes(app, services);
  addMailRoutes(app, services);
  addOutgoingHookRoutes(app, services);
  addOverviewRoutes(app, services, parts);
  addActivityRoutes(app, services);
  extra(app);
  describeApi(app);
  return app;
}

/** All that a process answers which only works in the background: whether it is alive, whether it can work, and its figures. */
export function createHealthApp(services: Services, watched: Watched): App {
  const app: App = new OpenAPIHono<AppEnv>();
  app.onError(answerError(services.log));
  app.notFound((c) => c.json(new ApiError('not-found').body, 404));
  app.use(logRequests(services));
  addHealthRoutes(app, { services, chores: watched.chores });
  addMetricsRoute(app, { token: services.config.metricsToken, metrics: watched.metrics });
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
  // Somebody sits in front of it: calls to an ATS that it makes go before those that nobody waits for.
  app.use('/api/*', (_c, next) => withPriority('person', next));
}

function refuseTooLarge(): never {
  throw new ApiError('too-large');
}

function toDetail(issue: { path: PropertyKey[]; message: string }) {
  return { path: issue.path.map(String).join('.'), message: issue.message };
}
