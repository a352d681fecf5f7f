import { Hono } from 'hono';
import { z } from 'zod';
import { CONDITIONAL_EVENTS, type LeverEvent, type LeverOrigin, type LeverWebhook, ORIGINS, WEBHOOK_EVENTS } from '../types.ts';
import type { LeverApi, LeverApiEnv } from './api-env.ts';
import { badRequest, forbidden, notFound } from './api-error.ts';
import { permit } from './authenticate.ts';
import { readBody } from './read-body.ts';
import { LeverQuery } from './read-query.ts';
import { toWebhook } from './to-answer.ts';

const configuration = z.strictObject({
  conditions: z.strictObject({ origins: z.array(z.enum(ORIGINS)).optional() }).optional(),
});
const newSchema = z.strictObject({ url: z.string(), event: z.enum(WEBHOOK_EVENTS), configuration: configuration.optional() });
const bulkSchema = z.strictObject({
  data: z.array(z.strictObject({ id: z.string(), url: z.string().optional(), configuration: configuration.optional() })).min(1),
});

/** `/webhooks`. Made here, a webhook sends nothing until a Super Admin switches the event on in the UI. */
export function webhookRoutes(api: LeverApi): Hono<LeverApiEnv> {
  const { account, random, nowMs } = api;
  const read = permit('webhooks:read');
  const write = permit('webhooks:write');
  const app = new Hono<LeverApiEnv>();

  const ensureUrl = (url: string): string => {
    const allowed = api.settings.allowHttpWebhooks ? /^https?:$/ : /^https:$/;
    if (!URL.canParse(url) || !allowed.test(new URL(url).protocol)) throw badRequest('url must be a valid https address');
    return url;
  };

  const readOrigins = (event: LeverEvent, given: z.output<typeof configuration> | undefined): LeverOrigin[] | null => {
    const origins = given?.conditions?.origins;
    if (CONDITIONAL_EVENTS.includes(event)) return origins ?? [...ORIGINS];
    if (origins) throw badRequest(`${event} takes no origin condition`);
    return null;
  };

  const getOwn = (id: string): LeverWebhook => {
    const webhook = account.webhooks.get(id);
    if (!webhook) throw notFound('webhooks', id);
    if (!webhook.createdByApi) throw forbidden('Webhooks created in the UI can only be changed there');
    return webhook;
  };

  app.get('/', read, (c) => {
    new LeverQuery(c, {});
    return c.json({ data: [...account.webhooks.values()].map((webhook) => toWebhook(webhook)) });
  });

  app.post('/', write, async (c) => {
    new LeverQuery(c, {});
    const body = await readBody(c, newSchema);
    const webhook: LeverWebhook = {
      id: random.uuid(),
      event: body.event,
      url: ensureUrl(body.url),
      origins: readOrigins(body.event, body.configuration),
      signatureToken: random.hex(24),
      createdByApi: true,
      createdAt: nowMs(),
      updatedAt: nowMs(),
    };
    account.webhooks.set(webhook.id, webhook);
    return c.json({ data: toWebhook(webhook, { reveal: true }) }, 201);
  });

  // The bulk change is the only one: PUT /webhooks/:id does not exist.
  app.put('/', write, async (c) => {
    new LeverQuery(c, {});
    const { data } = await readBody(c, bulkSchema);
    const changes = data.map((change) => ({ webhook: getOwn(change.id), change }));
    for (const { webhook, change } of changes) {
      if (change.url !== undefined) webhook.url = ensureUrl(change.url);
      if (change.configuration) webhook.origins = readOrigins(webhook.event, change.configuration);
      webhook.updatedAt = nowMs();
    }
    return c.json({ data: changes.map(({ webhook }) => toWebhook(webhook)) });
  });

  app.delete('/:webhook', write, (c) => {
    account.webhooks.delete(getOwn(c.req.param('webhook')).id);
    return c.body(null, 204);
  });
  return app;
}
