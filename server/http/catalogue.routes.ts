import { createRoute } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import { vendorCatalogueSchema } from '../../lib/contract/settings.ts';
import type { Services } from '../services.ts';
import { json, refusals } from './answers.ts';
import type { App } from './app-env.ts';
import { failureToError } from './describe-failure.ts';
import type { HttpParts } from './http-parts.ts';
import { idParams } from './id-params.ts';
import { connectionName } from './kind-name.ts';
import { needs } from './needs.ts';
import { getConnection } from './read-connections.ts';

const read = createRoute({
  method: 'get',
  path: PATHS.catalogue,
  summary: 'What a vendor offers, where it can be listed',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(vendorCatalogueSchema, 'The offers; `listed` is false where ids are typed in'), ...refusals },
});

/** For choosing an assessment instead of typing its id. */
export function addCatalogueRoutes(app: App, { db }: Services, parts: HttpParts): void {
  app.openapi(read, async (c) => {
    const { id } = c.req.valid('param');
    const row = await getConnection(db, id, 'vendor');
    const vendor = await parts.connectVendor(id);
    if (!vendor.capabilities.listsAssessments) return c.json({ assessments: [], listed: false }, 200);
    const result = await vendor.listAssessments();
    if (!result.ok) throw failureToError(result, { name: connectionName(row.settings), side: 'vendor' });
    return c.json({ assessments: result.value, listed: true }, 200);
  });
}
