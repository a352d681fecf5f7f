import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { GreenhouseSimulator } from '../greenhouse-simulator.ts';
import { NotThere, Refused } from '../refused.ts';
import { WEBHOOK_ACTIONS } from '../webhooks/actions.ts';
import type { World } from '../world/world.ts';
import { type DoAct, isActName } from './act-table.ts';
import { addControlPage } from './control-page.ts';
import { toState } from './state.ts';

const newWebhook = z.strictObject({
  action: z.enum(WEBHOOK_ACTIONS),
  url: z.string(),
  secret: z.string().min(1),
  name: z.string().optional(),
  active: z.boolean().optional(),
  maxAttempts: z.int().min(1).max(7).optional(),
  basicAuth: z.strictObject({ username: z.string(), password: z.string() }).optional(),
  headers: z.record(z.string(), z.string()).optional(),
});

const settings = z
  .strictObject({
    fromStageId: z.enum(['application-stage', 'job-stage']),
    reentry: z.enum(['overwrite', 'new-row']),
    singleToken: z.boolean(),
    tokenExpiry: z.enum(['expires_at', 'expires_in', 'both']),
    tokenLifetimeSeconds: z.int().positive(),
    rateLimit: z.int().positive(),
    rateWindowSeconds: z.int().positive(),
    tokenRateLimit: z.int().positive(),
    apiSendsWebhooks: z.boolean(),
    apiHireSendsWebhook: z.boolean(),
    transferSends: z.enum(['candidate_stage_change', 'application_updated']),
    webhooks: z.enum(['deliver', 'drop', 'hold']),
    strayUrlSpace: z.boolean(),
    eventIdOnRetry: z.enum(['same', 'new']),
    noteVisibilityAnswer: z.enum(['read', 'written']),
    rejectedStage: z.enum(['kept', 'null']),
    candidateUpdateAnswer: z.enum(['candidate', 'message']),
    navigation: z.enum(['push-state', 'load']),
  })
  .partial();

const plannedFailure = z.strictObject({
  method: z.string().optional(),
  path: z.string(),
  times: z.int().positive().optional(),
  kind: z.enum(['status', 'html', 'hang', 'reset']),
  status: z.int().min(200).max(599).optional(),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  when: z.enum(['before', 'after']).optional(),
});

const credentialChange = z.strictObject({
  clientId: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  siteAdmin: z.boolean().optional(),
  seesPrivate: z.boolean().optional(),
});

/** `/` is a page for a person, `/control/...` the same as JSON. Unlike the API it is on nobody's side and needs no token. */
export function createControlApp({
  simulator,
  world,
  doAct,
}: {
  simulator: GreenhouseSimulator;
  world: World;
  doAct: DoAct;
}): Hono {
  const app = new Hono();
  app.onError(answerError);
  app.get('/control/state', (c) => c.json(toState(world)));
  app.get('/control/journal', (c) => c.json(simulator.journal.list({ simulator: 'greenhouse' })));
  app.post('/control/acts/:name', async (c) => {
    const name = c.req.param('name');
    if (!isActName(name)) throw new NotThere(`The act ${name}`);
    return c.json({ result: doAct(name, await c.req.json()) ?? null });
  });
  app.post('/control/seed', (c) => c.json(simulator.seed()));
  app.patch('/control/settings', async (c) => c.json(simulator.change(settings.parse(await c.req.json()))));
  addCredentialRoutes(app, simulator);
  addWebhookRoutes(app, simulator);
  app.post('/control/failures', async (c) => {
    simulator.failNext(plannedFailure.parse(await c.req.json()));
    return c.json({ planned: true });
  });
  app.delete('/control/failures', (c) => {
    simulator.clearFailures();
    return c.json({ cleared: true });
  });
  addControlPage(app, { simulator, world, doAct });
  return app;
}

function addCredentialRoutes(app: Hono, simulator: GreenhouseSimulator): void {
  const creation = credentialChange.omit({ clientId: true });
  app.get('/control/credential', (c) => c.json(simulator.credential));
  app.post('/control/credentials', async (c) => c.json(simulator.createCredential(creation.parse(await c.req.json())), 201));
  app.patch('/control/credentials', async (c) => {
    simulator.changeCredential(credentialChange.parse(await c.req.json()));
    return c.json({ changed: true });
  });
  app.post('/control/tokens/revoke', (c) => {
    simulator.revokeTokens();
    return c.json({ revoked: true });
  });
}

function addWebhookRoutes(app: Hono, simulator: GreenhouseSimulator): void {
  app.post('/control/webhooks', async (c) => c.json(await simulator.createWebhook(newWebhook.parse(await c.req.json())), 201));
  app.patch('/control/webhooks/:id{\\d+}', async (c) => {
    const fields = newWebhook.partial().parse(await c.req.json());
    return c.json(await simulator.updateWebhook(Number(c.req.param('id')), fields));
  });
  app.get('/control/deliveries', (c) => c.json(simulator.deliveries));
  app.post('/control/deliveries/release', async (c) =>
    c.json({ sent: await simulator.releaseHeld({ newestFirst: c.req.query('newestFirst') === 'true' }) }),
  );
  app.post('/control/deliveries/retry', async (c) =>
    c.json({ sent: await simulator.retryDue({ all: c.req.query('all') === 'true' }) }),
  );
  app.post('/control/deliveries/:id{\\d+}/resend', async (c) => {
    await simulator.resend(Number(c.req.param('id')));
    return c.json({ sent: 1 });
  });
}

function answerError(error: Error, c: Context): Response {
  if (error instanceof Refused) return c.json({ error: error.message, field: error.field }, 409);
  if (error instanceof NotThere) return c.json({ error: error.message }, 404);
  if (error instanceof z.ZodError) return c.json({ error: z.prettifyError(error) }, 400);
  if (error instanceof SyntaxError) return c.json({ error: 'The body is not JSON' }, 400);
  console.error(error);
  return c.json({ error: error.message }, 500);
}
