import { createRoute } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import { vendorCatalogueSchema } from '../../lib/contract/settings.ts';
import { CATALOGUE_FRESH_MS, readCatalogueRead, syncCatalogue } from '../jobs/sync-catalogue.ts';
import type { Services } from '../services.ts';
import { readCatalogue } from '../storage/vendor-catalogue.repository.ts';
import { json, refusals } from './answers.ts';
import type { App } from './app-env.ts';
import { failureToError } from './describe-failure.ts';
import type { HttpParts } from './http-parts.ts';
import { idParams } from './id-params.ts';
import { connectionName } from './kind-name.ts';
import { needs } from './needs.ts';
import { getConnection } from './read-connections.ts';

const answers = {
  200: json(vendorCatalogueSchema, 'The offers as last listed; `listed` is false where ids are typed in'),
  ...refusals,
};

const read = createRoute({
  method: 'get',
  path: PATHS.catalogue,
  summary: 'What a vendor offers, where it can be listed',
  ...needs('admin'),
  request: { params: idParams },
  responses: answers,
});

const refresh = createRoute({
  method: 'post',
  path: PATHS.catalogue,
  summary: 'Ask the vendor anew what it offers',
  ...needs('admin'),
  request: { params: idParams },
  responses: answers,
});

/** For choosing an assessment instead of typing its id. What the vendor said last stays while it cannot be asked. */
export function addCatalogueRoutes(app: App, services: Services, parts: HttpParts): void {
  const { db } = services;
  const answer = async (id: string, unlessWithinMs: number) => {
    const row = await getConnection(db, id, 'vendor');
    const adapter = await parts.connectVendor(id);
    if (!adapter.capabilities.listsAssessments) return { assessments: [], listed: false };
    const connector = { vendor: async () => ({ ok: true as const, value: adapter }) };
    const failure = await syncCatalogue({ services, connector }, { connectionId: id, unlessWithinMs });
    const known = await readCatalogue(db, id);
    if (failure && known.length === 0) throw failureToError(failure, { name: connectionName(row.settings), side: 'vendor' });
    const assessments = known.map(({ externalId, name, kind, durationMinutes, state }) => {
      return { externalId, name, kind, durationMinutes, state };
    });
    const { triedAt, trouble } = await readCatalogueRead(db, id);
    return { assessments, listed: true, readAt: triedAt, trouble };
  };
  app.openapi(read, async (c) => c.json(await answer(c.req.valid('param').id, CATALOGUE_FRESH_MS), 200));
  app.openapi(refresh, async (c) => c.json(await answer(c.req.valid('param').id, 0), 200));
}
