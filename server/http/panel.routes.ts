import { createRoute, z } from '@hono/zod-openapi';
import { candidateQuerySchema, panelViewSchema, waitingSchema } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import type { CandidateReference } from '../../lib/domain/candidate-reference.ts';
import type { LaneParts } from '../jobs/lane.ts';
import { whenKeyErased } from '../storage/being-erased.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { erasedView } from './erased-view.ts';
import { findApplication, lookNow } from './find-application.ts';
import { needs } from './needs.ts';
import { referenceOf } from './page-agreement.ts';
import { applicationView } from './panel-view.ts';
import { readWaiting } from './waiting.ts';

const readPanel = createRoute({
  method: 'get',
  path: PATHS.panel,
  summary: 'What the panel shows for the candidate of a page',
  ...needs('viewer'),
  request: { query: candidateQuerySchema },
  responses: {
    200: json(panelViewSchema, 'The application, a choice of applications, or why there is nothing to show'),
    ...refusals,
  },
});

const checkAgain = createRoute({
  method: 'post',
  path: PATHS.commands.checkAgain,
  summary: 'Read the application from the ATS now',
  ...needs('viewer'),
  request: { body: jsonBody(z.object({ applicationKey: z.uuid() })) },
  responses: { 200: json(panelViewSchema, 'The application as it is now'), ...refusals },
});

const readWaitingRoute = createRoute({
  method: 'get',
  path: PATHS.waiting,
  summary: 'What waits for somebody: held, failed and unconfirmed invitations',
  ...needs('viewer'),
  responses: { 200: json(waitingSchema, 'Newest first'), ...refusals },
});

export function addPanelRoutes(app: App, parts: LaneParts): void {
  app.openapi(readPanel, async (c) => {
    const found = await findApplication(parts, toReference(c.req.valid('query')), c.get('member'));
    if (found.kind === 'view') return c.json(found.view, 200);
    const look = () => applicationView(parts, found.key, found.reference, c.get('member'));
    const view = await look();
    if (view.kind !== 'unavailable' || view.code !== 'role-excludes') return c.json(view, 200);
    // Whoever has just begun to follow the candidate is not sent away for what we remember.
    await lookNow(parts, found.key);
    return c.json(await look(), 200);
  });
  app.openapi(checkAgain, async (c) => {
    const { applicationKey } = c.req.valid('json');
    const erasedAt = await whenKeyErased(parts.services.db, applicationKey);
    if (erasedAt) return c.json(erasedView(erasedAt), 200);
    const reference = await referenceOf(parts.services, applicationKey);
    if (!reference) throw new ApiError('not-found');
    await lookNow(parts, applicationKey);
    return c.json(await applicationView(parts, applicationKey, reference, c.get('member')), 200);
  });
  app.openapi(readWaitingRoute, async (c) => c.json(await readWaiting(parts.services, c.get('member')), 200));
}

function toReference(query: z.infer<typeof candidateQuerySchema>): CandidateReference {
  const { ats, host, applicationId, candidateId } = query;
  if (applicationId) return { kind: 'application', ats, host, applicationId, ...(candidateId ? { candidateId } : {}) };
  if (candidateId) return { kind: 'person', ats, host, candidateId };
  throw new ApiError('invalid', { details: [{ path: 'applicationId', message: 'an application or a candidate is needed' }] });
}
