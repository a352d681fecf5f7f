import { createRoute } from '@hono/zod-openapi';
import { accessReportSchema, accessRequestSchema, lastAccessReportSchema } from '../../lib/contract/access.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import type { Services } from '../services.ts';
import { findAccessReport } from '../storage/access-reports.repository.ts';
import { json, jsonBody, refusals } from './answers.ts';
import type { App } from './app-env.ts';
import { auditAct } from './audited.ts';
import { examineAccess } from './examine-access.ts';
import type { HttpParts } from './http-parts.ts';
import { idParams } from './id-params.ts';
import { needs } from './needs.ts';
import { getConnection } from './read-connections.ts';

const examine = createRoute({
  method: 'post',
  path: PATHS.connectionAccess,
  summary: 'Look what the credential of an ATS connection may do: right by right, by its exact name',
  ...needs('admin'),
  request: { params: idParams, body: jsonBody(accessRequestSchema) },
  responses: { 200: json(accessReportSchema, 'What was found'), ...refusals },
});

const readLast = createRoute({
  method: 'get',
  path: PATHS.connectionAccess,
  summary: 'What the last look found',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(lastAccessReportSchema, 'The report, or null'), ...refusals },
});

/** The access doctor. */
export function addAccessRoutes(app: App, services: Services, parts: HttpParts): void {
  app.openapi(examine, async (c) => {
    const { testCandidate } = c.req.valid('json');
    const { id } = c.req.valid('param');
    const report = await examineAccess(id, testCandidate || null, { services, parts });
    const after = { ok: report.ok, writesTried: Boolean(testCandidate) };
    await auditAct(services, c.get('member'), { action: 'access.examined', connectionId: id, detail: { after } });
    return c.json(report, 200);
  });
  app.openapi(readLast, async (c) => {
    const { id } = await getConnection(services.db, c.req.valid('param').id, 'ats');
    return c.json({ report: await findAccessReport(services.db, id) }, 200);
  });
}
