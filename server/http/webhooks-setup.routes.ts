import { createRoute, z } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import { type ConnectionKind, type WebhookView, webhookViewSchema } from '../../lib/contract/settings.ts';
import type { Random } from '../random.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { sealWebhookSecret } from '../storage/connection-secrets.ts';
import { changeWebhookSecrets, findWebhookEndpoint } from '../storage/webhook-endpoints.repository.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { audited } from './audited.ts';
import type { HttpParts } from './http-parts.ts';
import { idParams } from './id-params.ts';
import { kindName } from './kind-name.ts';
import { needs } from './needs.ts';
import { getConnection, readConnection } from './read-connections.ts';
import { SECRET_FROM } from './secret-from.ts';

const addedSchema = z.object({ webhook: webhookViewSchema, secret: z.string().nullable() });

const add = createRoute({
  method: 'post',
  path: PATHS.webhookSecrets,
  summary: 'Accept one more secret: theirs, or one that we make and show this once',
  ...needs('admin'),
  request: { params: idParams, body: jsonBody(z.object({ secret: z.string().trim().min(1).max(4096).optional() })) },
  responses: { 200: json(addedSchema, 'The webhook, and the secret when we made it'), ...refusals },
});

const remove = createRoute({
  method: 'delete',
  path: PATHS.webhookSecret,
  summary: 'Accept a secret no longer',
  ...needs('admin'),
  request: { params: idParams.extend({ secretId: z.string().min(1).max(100) }) },
  responses: { 200: json(webhookViewSchema, 'The webhook after it'), ...refusals },
});

/** The secrets that sign webhooks; several may be live while one replaces another. */
export function addWebhookSetupRoutes(app: App, services: Services, parts: HttpParts): void {
  const { sealer, clock, random } = services;
  app.openapi(add, async (c) => {
    const { id } = c.req.valid('param');
    const connection = await connectionOf(services, id);
    const given = c.req.valid('json').secret;
    const secret = usableSecret(connection.kind, given, random);
    const entry = { id: random.uuid(), ...sealWebhookSecret(sealer, id, secret), addedAt: clock.now().toISOString() };
    await audited(services, c.get('member'), async (inside, note) => {
      const changed = await changeWebhookSecrets(inside.db, id, (secrets) => [...secrets, entry]);
      const after = { event: changed?.event, secret: `… ${entry.lastFour}` };
      note({ action: 'webhook-secret.added', connectionId: connection.id, detail: { after } });
    });
    const webhook = await readWebhook({ id, connectionId: connection.id }, { services, parts });
    return c.json({ webhook, secret: given === undefined ? secret : null }, 200);
  });
  app.openapi(remove, async (c) => {
    const { id, secretId } = c.req.valid('param');
    const connection = await connectionOf(services, id);
    await audited(services, c.get('member'), async (inside, note) => {
      const endpoint = await changeWebhookSecrets(inside.db, id, (secrets) => {
        const gone = secrets.find((secret) => secret.id === secretId);
        if (!gone) throw new ApiError('not-found');
        note({
          action: 'webhook-secret.removed',
          connectionId: connection.id,
          detail: { before: { secret: `… ${gone.lastFour}` } },
        });
        return secrets.filter((secret) => secret.id !== secretId);
      });
      if (!endpoint) throw new ApiError('not-found');
    });
    return c.json(await readWebhook({ id, connectionId: connection.id }, { services, parts }), 200);
  });
}

async function connectionOf({ db }: Services, endpointId: string) {
  const endpoint = await findWebhookEndpoint(db, endpointId);
  if (!endpoint) throw new ApiError('not-found');
  return getConnection(db, endpoint.connectionId);
}

async function readWebhook(
  { id, connectionId }: { id: string; connectionId: string },
  means: { services: Services; parts: HttpParts },
): Promise<WebhookView> {
  const webhook = (await readConnection(connectionId, means)).webhooks.find((it) => it.id === id);
  if (!webhook) throw new ApiError('not-found');
  return webhook;
}

/** Sixteen characters, unless the other side made it and we have no say. */
const LEAST_OWN_LENGTH = 16;

function usableSecret(kind: ConnectionKind, given: string | undefined, random: Random): string {
  const name = kindName(kind);
  switch (SECRET_FROM[kind]) {
    case 'key':
      throw refuse(say('server.webhook-secret-is-key', { name }));
    case 'theirs':
      if (given === undefined) throw refuse(say('server.webhook-secret-needed', { name }));
      return given;
    case 'sent':
      // Nobody but us writes it anywhere, so nobody but us has to know it.
      if (given !== undefined) throw refuse(say('server.webhook-secret-is-sent', { name }));
      return makeSecret(kind, random);
    case 'ours':
      if (given !== undefined && given.length < LEAST_OWN_LENGTH) throw refuse(say('server.webhook-secret-short'));
      return given ?? makeSecret(kind, random);
  }
}

/** Greenhouse takes any text; the generic webhook follows https://www.standardwebhooks.com, whose secrets are `whsec_` and base64. */
function makeSecret(kind: ConnectionKind, random: Random): string {
  const secret = random.token(32);
  return kind === 'byteboard' ? `whsec_${Buffer.from(secret, 'base64url').toString('base64')}` : secret;
}

function refuse(message: string): ApiError {
  return new ApiError('invalid', { message, details: [{ path: 'secret', message }] });
}
