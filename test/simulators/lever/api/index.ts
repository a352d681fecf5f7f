import { Hono } from 'hono';
import type { Failures } from '../failures.ts';
import { authorizeRoutes } from '../oauth/authorize.ts';
import { tokenRoutes } from '../oauth/token.ts';
import type { LeverApi, LeverApiEnv } from './api-env.ts';
import { LeverApiError } from './api-error.ts';
import { authenticate } from './authenticate.ts';
import { feedbackRoutes, feedbackTemplateRoutes } from './feedback.ts';
import { fileRoutes } from './files.ts';
import { limitRate } from './limit-rate.ts';
import { noteRoutes } from './notes.ts';
import { opportunityRoutes } from './opportunities.ts';
import { referenceDataRoutes } from './reference-data.ts';
import { webhookRoutes } from './webhooks.ts';
import { writeJournal } from './write-journal.ts';

/** Lever's Data API v1, under `/v1`, and beside it what stands at auth.lever.co. */
export function createApi(api: LeverApi, failures: Failures): Hono {
  const app = new Hono<LeverApiEnv>({ strict: false });
  app.onError((error, c) => {
    if (error instanceof LeverApiError) return c.json({ code: error.code, message: error.message }, error.status);
    return c.json({ code: 'InternalServerError', message: String(error) }, 500);
  });

  app.use('/v1/*', writeJournal(api), failures.middleware);
  app.use('/v1/*', async (c, next) => {
    const { pathname, search } = new URL(c.req.url);
    if (api.settings.regionRedirect !== null) return c.redirect(`${api.settings.regionRedirect}${pathname}${search}`, 301);
    return next();
  });
  app.use('/v1/*', authenticate(api), limitRate(api), async (c, next) => {
    await next();
    c.header('x-lever-region', 'global');
  });

  app.route('/v1/opportunities/:opportunity/notes', noteRoutes(api));
  app.route('/v1/opportunities/:opportunity/feedback', feedbackRoutes(api));
  app.route('/v1/opportunities/:opportunity/files', fileRoutes(api));
  app.route('/v1/opportunities', opportunityRoutes(api));
  app.route('/v1/feedback_templates', feedbackTemplateRoutes(api));
  app.route('/v1/webhooks', webhookRoutes(api));
  app.route('/v1', referenceDataRoutes(api));
  const whole = new Hono({ strict: false });
  whole.notFound((c) => c.json({ code: 'ResourceNotFound', message: `${c.req.path} was not found` }, 404));
  return whole.route('/', authorizeRoutes(api)).route('/', tokenRoutes(api)).route('/', app);
}
