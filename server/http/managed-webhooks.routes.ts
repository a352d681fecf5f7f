import { createRoute } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import { arrangedWebhooksSchema } from '../../lib/contract/settings.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import type { ConnectionRow } from '../storage/connections.repository.ts';
import { tryAlone } from '../storage/try-alone.ts';
import { json, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { arrangeWebhooks, removeWebhooks } from './arrange-webhooks.ts';
import { auditAct } from './audited.ts';
import type { HttpParts } from './http-parts.ts';
import { idParams } from './id-params.ts';
import { kindName } from './kind-name.ts';
import { needs } from './needs.ts';
import { getConnection } from './read-connections.ts';

const arrange = createRoute({
  method: 'post',
  path: PATHS.managedWebhooks,
  summary: 'Make or repair the webhooks at the ATS through its API',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(arrangedWebhooksSchema, 'What was done, and what a person still has to do'), ...refusals },
});

const remove = createRoute({
  method: 'delete',
  path: PATHS.managedWebhooks,
  summary: 'Take our webhooks away at the ATS',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(arrangedWebhooksSchema, 'What was removed, and what a person has to remove'), ...refusals },
});

/** Webhooks through the ATS's own API, where it has one (Lever). */
export function addManagedWebhookRoutes(app: App, services: Services, parts: HttpParts): void {
  const meansFor = async (id: string) => {
    const connection = await getConnection(services.db, id, 'ats');
    const { webhooks: manager } = await parts.connectSetUp(id);
    if (!manager)
      throw new ApiError('invalid', { message: say('server.managed-webhooks.none', { name: kindName(connection.kind) }) });
    return { services, connection, manager };
  };
  /** Two at once would each make what the other is just making, and Lever takes every duplicate. */
  const alone = async <T>({ connection }: { connection: ConnectionRow }, work: () => Promise<T>): Promise<T> => {
    const done = await tryAlone(services.db, `managed-webhooks:${connection.id}`, work);
    if (done === undefined) throw new ApiError('already-done', { message: say('server.managed-webhooks.busy') });
    return done;
  };
  app.openapi(arrange, async (c) => {
    const means = await meansFor(c.req.valid('param').id);
    const webhooks = await alone(means, () => noted(c.get('member'), 'webhooks.arranged', means, arrangeWebhooks));
    const reminder = say('server.managed-webhooks.switch-on', { name: kindName(means.connection.kind) });
    return c.json({ webhooks, reminder }, 200);
  });
  app.openapi(remove, async (c) => {
    const means = await meansFor(c.req.valid('param').id);
    const webhooks = await alone(means, () => noted(c.get('member'), 'webhooks.removed', means, removeWebhooks));
    return c.json({ webhooks, reminder: null }, 200);
  });
}

type Arrange = typeof arrangeWebhooks;

/** Written down also when it fails halfway: what was made by then is made. */
async function noted(member: { id: string }, action: string, means: Parameters<Arrange>[0], work: Arrange): ReturnType<Arrange> {
  const { services, connection } = means;
  const note = (after: object) => auditAct(services, member, { action, connectionId: connection.id, detail: { after } });
  try {
    const webhooks = await work(means);
    await note({ webhooks });
    return webhooks;
  } catch (error) {
    await note({ failed: true });
    throw error;
  }
}
