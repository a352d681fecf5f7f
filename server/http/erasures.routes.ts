import { createRoute } from '@hono/zod-openapi';
import {
  erasedQuerySchema,
  erasedSchema,
  erasePreviewSchema,
  eraseSchema,
  erasureSchema,
  erasuresSchema,
} from '../../lib/contract/erasure.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { findErasure, listErasedKeys, listErasures } from '../erasure/list-erasures.ts';
import { requestErasure } from '../erasure/request-erasure.ts';
import type { ErasureMeans } from '../erasure/stop-applications.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { findToErase } from './erase-candidate.ts';
import { idParams } from './id-params.ts';
import { needs } from './needs.ts';

const erase = createRoute({
  method: 'post',
  path: PATHS.erasures,
  summary: 'Erase a candidate: everything Tagalong keeps of them, within a minute and for ever',
  ...needs('admin'),
  request: { body: jsonBody(eraseSchema) },
  responses: {
    200: json(erasePreviewSchema, 'Without the confirmation: who would be erased'),
    202: json(erasureSchema, 'Begun'),
    ...refusals,
  },
});

const list = createRoute({
  method: 'get',
  path: PATHS.erasures,
  summary: 'What was erased, and what lies elsewhere; names nobody. And of which removed ATSs people may be erased',
  ...needs('admin'),
  responses: { 200: json(erasuresSchema, 'The newest'), ...refusals },
});

const one = createRoute({
  method: 'get',
  path: PATHS.erasure,
  summary: 'One erasure',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(erasureSchema, 'How far it is'), ...refusals },
});

const erased = createRoute({
  method: 'get',
  path: PATHS.erased,
  summary: 'Keys of applications under which a browser keeps nothing any more',
  ...needs('viewer'),
  request: { query: erasedQuerySchema },
  responses: { 200: json(erasedSchema, 'The keys, and the time to ask from next'), ...refusals },
});

export function addErasureRoutes(app: App, means: ErasureMeans): void {
  const { services } = means;
  const viewOf = async (id: string) => {
    const view = await findErasure(services.db, id);
    if (!view) throw new ApiError('not-found');
    return view;
  };
  app.openapi(erase, async (c) => {
    const body = c.req.valid('json');
    const { connectionId, subject, preview } = await findToErase(services, body);
    if (!body.confirmation) return c.json(preview, 200);
    const memberId = c.get('member').id;
    const id = await services.db.transaction((tx) =>
      requestErasure(tx, means, { connectionId, subject, askedBy: 'admin', memberId }),
    );
    return c.json(await viewOf(id), 202);
  });
  app.openapi(list, async (c) => c.json(await listErasures(services.db), 200));
  app.openapi(one, async (c) => c.json(await viewOf(c.req.valid('param').id), 200));
  app.openapi(erased, async (c) => {
    const { since } = c.req.valid('query');
    const until = services.clock.now().toISOString();
    return c.json({ keys: await listErasedKeys(services.db, since ? new Date(since) : null), until }, 200);
  });
}
