import { createRoute, z } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import {
  changeConnectionSchema,
  checkAnswerSchema,
  connectionViewSchema,
  newConnectionSchema,
} from '../../lib/contract/settings.ts';
import { refreshForPage } from '../people/refresh-users.ts';
import type { Services } from '../services.ts';
import { deleteConnection, findConnection } from '../storage/connections.repository.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { audited } from './audited.ts';
import { checkConnection, checkSaved } from './check-connection.ts';
import type { HttpParts } from './http-parts.ts';
import { idParams } from './id-params.ts';
import { needs } from './needs.ts';
import { readConnection, readConnections } from './read-connections.ts';
import { createConnection, toNoted, updateConnection } from './save-connection.ts';
import { atsKindOf } from './sight.ts';

const list = createRoute({
  method: 'get',
  path: PATHS.connections,
  summary: 'The accounts at ATSs and vendors',
  ...needs('admin'),
  responses: { 200: json(z.object({ connections: z.array(connectionViewSchema) }), 'All connections'), ...refusals },
});

const create = createRoute({
  method: 'post',
  path: PATHS.connections,
  summary: 'Add a connection; its webhook addresses are made with it',
  ...needs('admin'),
  request: { body: jsonBody(newConnectionSchema) },
  responses: { 201: json(connectionViewSchema, 'The new connection'), ...refusals },
});

const read = createRoute({
  method: 'get',
  path: PATHS.connection,
  summary: 'One connection',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(connectionViewSchema, 'The connection'), ...refusals },
});

const change = createRoute({
  method: 'patch',
  path: PATHS.connection,
  summary: 'Change a connection; what is not given stays, secrets too',
  ...needs('admin'),
  request: { params: idParams, body: jsonBody(changeConnectionSchema) },
  responses: { 200: json(connectionViewSchema, 'The connection after it'), ...refusals },
});

const remove = createRoute({
  method: 'delete',
  path: PATHS.connection,
  summary: 'Take a connection out of use and forget its credentials',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 204: { description: 'Gone' }, ...refusals },
});

const check = createRoute({
  method: 'post',
  path: PATHS.connectionCheck,
  summary: 'Prove the credentials with one cheap read',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(checkAnswerSchema, 'What the other side said'), ...refusals },
});

/** Accounts at ATSs and vendors: secrets go in and never come out. */
export function addConnectionRoutes(app: App, services: Services, parts: HttpParts): void {
  const means = { services, parts };
  app.openapi(list, async (c) => c.json({ connections: await readConnections(means) }, 200));
  app.openapi(create, async (c) => {
    const id = await createConnection(c.req.valid('json'), c.get('member'), means);
    await checkSaved(id, means);
    await listUsersAnew(services, parts, id);
    return c.json(await readConnection(id, means), 201);
  });
  app.openapi(read, async (c) => c.json(await readConnection(c.req.valid('param').id, means), 200));
  app.openapi(change, async (c) => {
    const { id } = c.req.valid('param');
    const given = c.req.valid('json');
    await updateConnection(id, given, c.get('member'), means);
    if (given.enabled || given.settings || given.secrets) await checkSaved(id, means);
    await listUsersAnew(services, parts, id);
    return c.json(await readConnection(id, means), 200);
  });
  app.openapi(remove, async (c) => {
    const { id } = c.req.valid('param');
    await audited(services, c.get('member'), async (inside, note) => {
      const row = await findConnection(inside.db, id);
      if (!row || !(await deleteConnection(inside.db, { id, now: services.clock.now() }))) throw new ApiError('not-found');
      note({ action: 'connection.removed', connectionId: id, detail: { before: toNoted(row) } });
    });
    return c.body(null, 204);
  });
  app.openapi(check, async (c) => c.json(await checkConnection(c.req.valid('param').id, means), 200));
}

/** Who is who may have changed with the account or its credential. One that is off is left alone. */
async function listUsersAnew(services: Services, { connector }: HttpParts, id: string): Promise<void> {
  const row = await findConnection(services.db, id);
  if (row?.enabled && atsKindOf(row.kind)) await refreshForPage({ services, connector }, [id], 0);
}
