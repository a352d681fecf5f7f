import { createRoute } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import { addPoolLinksSchema, poolAddedSchema, poolSchema } from '../../lib/contract/settings.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { listAssessments } from '../storage/assessments.repository.ts';
import { addPoolLinks, countPoolLinks, deleteFreePoolLinks } from '../storage/pool-links.repository.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { audited } from './audited.ts';
import { checkPoolLinks } from './check-pool-links.ts';
import { idParams } from './id-params.ts';
import { needs } from './needs.ts';

const count = createRoute({
  method: 'get',
  path: PATHS.assessmentLinks,
  summary: 'How many one-time links are free, and how many were given to candidates',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(poolSchema, 'The counts; the links themselves are never shown'), ...refusals },
});

const add = createRoute({
  method: 'post',
  path: PATHS.assessmentLinks,
  summary: 'Put one-time links in; each is given to one invitation and never again',
  ...needs('admin'),
  request: { params: idParams, body: jsonBody(addPoolLinksSchema) },
  responses: { 200: json(poolAddedSchema, 'How many were new, and the counts after it'), ...refusals },
});

const empty = createRoute({
  method: 'delete',
  path: PATHS.assessmentLinks,
  summary: 'Delete the one-time links that nobody has',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(poolSchema, 'The counts after it'), ...refusals },
});

/** The pool of one-time links of an assessment. */
export function addPoolLinkRoutes(app: App, services: Services): void {
  app.openapi(count, async (c) => {
    const { id } = await find(services, c.req.valid('param').id);
    return c.json(await counts(services, id), 200);
  });
  app.openapi(add, async (c) => {
    const assessment = await find(services, c.req.valid('param').id);
    if (assessment.archived) throw new ApiError('not-found');
    if (assessment.linkTemplate !== null) throw new ApiError('invalid', { message: say('server.links.not-pooled') });
    const links = checkPoolLinks(c.req.valid('json').links);
    const { vendorConnectionId: connectionId, name } = assessment;
    const added = await audited(services, c.get('member'), async (inside, note) => {
      const fresh = await addPoolLinks(inside, { assessmentId: assessment.id, links });
      if (fresh > 0) note({ action: 'links.added', connectionId, detail: { after: { assessment: name, links: fresh } } });
      return fresh;
    });
    return c.json({ ...(await counts(services, assessment.id)), added, known: links.length - added }, 200);
  });
  app.openapi(empty, async (c) => {
    const { id, vendorConnectionId: connectionId, name } = await find(services, c.req.valid('param').id);
    await audited(services, c.get('member'), async (inside, note) => {
      const gone = await deleteFreePoolLinks(inside.db, id);
      if (gone > 0) note({ action: 'links.removed', connectionId, detail: { before: { assessment: name, links: gone } } });
    });
    return c.json(await counts(services, id), 200);
  });
}

async function find({ db }: Services, id: string) {
  const found = (await listAssessments(db)).find((assessment) => assessment.id === id);
  if (!found) throw new ApiError('not-found');
  return found;
}

async function counts({ db }: Services, id: string) {
  return (await countPoolLinks(db)).get(id) ?? { free: 0, taken: 0 };
}
