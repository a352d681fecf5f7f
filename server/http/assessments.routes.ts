import { createRoute, z } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import { assessmentInputSchema, assessmentViewSchema } from '../../lib/contract/settings.ts';
import { syncForPage } from '../jobs/sync-catalogue.ts';
import type { Services } from '../services.ts';
import { archiveAssessment, listAssessments } from '../storage/assessments.repository.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { audited } from './audited.ts';
import type { HttpParts } from './http-parts.ts';
import { idParams } from './id-params.ts';
import { needs } from './needs.ts';
import { readAssessment, readAssessments } from './read-assessments.ts';
import { createAssessment, updateAssessment } from './save-assessment.ts';
import { tryVendor } from './try-connect.ts';

const shape = assessmentInputSchema.shape;
/** Without the defaults of a new one: in a change they would overwrite what is not mentioned. */
const changeSchema = z
  .object({
    ...shape,
    kind: shape.kind.unwrap(),
    durationMinutes: shape.durationMinutes.unwrap(),
    passMark: shape.passMark.unwrap(),
    deadlineDays: shape.deadlineDays.unwrap(),
    linkTemplate: shape.linkTemplate.unwrap(),
    linkFrom: shape.linkFrom.unwrap(),
    handover: shape.handover.unwrap(),
    remindDays: shape.remindDays.unwrap(),
  })
  .partial();

const list = createRoute({
  method: 'get',
  path: PATHS.assessments,
  summary: 'Assessments under their tags',
  ...needs('admin'),
  responses: { 200: json(z.object({ assessments: z.array(assessmentViewSchema) }), 'All, also archived ones'), ...refusals },
});

const create = createRoute({
  method: 'post',
  path: PATHS.assessments,
  summary: 'Put an assessment under a tag',
  ...needs('admin'),
  request: { body: jsonBody(assessmentInputSchema) },
  responses: { 201: json(assessmentViewSchema, 'The new assessment'), ...refusals },
});

const change = createRoute({
  method: 'patch',
  path: PATHS.assessment,
  summary: 'Change an assessment; what is not given stays',
  ...needs('admin'),
  request: { params: idParams, body: jsonBody(changeSchema) },
  responses: { 200: json(assessmentViewSchema, 'The assessment after it'), ...refusals },
});

const archive = createRoute({
  method: 'delete',
  path: PATHS.assessment,
  summary: 'Take an assessment out of use; open invitations go on',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 204: { description: 'Archived' }, ...refusals },
});

/** What can be sent, and by which tag. */
export function addAssessmentRoutes(app: App, services: Services, parts: HttpParts): void {
  const means = { services, parts };
  app.openapi(list, async (c) => {
    await syncForPage({ services, connector: { vendor: (id) => tryVendor(parts, id) } });
    return c.json({ assessments: await readAssessments(means) }, 200);
  });
  app.openapi(create, async (c) => {
    const id = await createAssessment(c.req.valid('json'), c.get('member'), means);
    return c.json(await readAssessment(id, means), 201);
  });
  app.openapi(change, async (c) => {
    const { id } = c.req.valid('param');
    await updateAssessment(id, c.req.valid('json'), c.get('member'), means);
    return c.json(await readAssessment(id, means), 200);
  });
  app.openapi(archive, async (c) => {
    const { id } = c.req.valid('param');
    await audited(services, c.get('member'), async (inside, note) => {
      if (!(await archiveAssessment(inside.db, { id, now: services.clock.now() }))) throw new ApiError('not-found');
      const found = (await listAssessments(inside.db)).find((assessment) => assessment.id === id);
      const detail = { before: { name: found?.name, tag: found?.tag } };
      note({ action: 'assessment.archived', connectionId: found?.vendorConnectionId ?? null, detail });
    });
    return c.body(null, 204);
  });
}
