import { createRoute, z } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import { stageRoleSchema, stagesViewSchema } from '../../lib/contract/settings.ts';
import { findGoneStages } from '../jobs/find-gone-names.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { createKeptNames, keepNames } from '../storage/kept-names.repository.ts';
import { listStageRoles, replaceStageRoles } from '../storage/stage-roles.repository.ts';
import { changeSweepState, readSweepState } from '../storage/sweep-state.ts';
import { stageRoleOf } from '../workflow/policy.ts';
import { json, jsonBody, refusals } from './answers.ts';
import { ApiError } from './api-error.ts';
import type { App } from './app-env.ts';
import { audited } from './audited.ts';
import { failureToError } from './describe-failure.ts';
import { difference } from './difference.ts';
import type { HttpParts } from './http-parts.ts';
import { idParams } from './id-params.ts';
import { kindName } from './kind-name.ts';
import { needs } from './needs.ts';
import { getConnection } from './read-connections.ts';
import { unknownToAts } from './unknown-to-ats.ts';

const rolesSchema = z.object({ roles: z.array(stageRoleSchema).max(2000) });
type Roles = z.infer<typeof rolesSchema>['roles'];

const read = createRoute({
  method: 'get',
  path: PATHS.stages,
  summary: 'The stages of an ATS and what they mean here',
  ...needs('admin'),
  request: { params: idParams },
  responses: { 200: json(stagesViewSchema, 'Stages as the ATS has them now'), ...refusals },
});

const replace = createRoute({
  method: 'put',
  path: PATHS.stageRoles,
  summary: 'Say which stages are assessment, onsite and offer',
  ...needs('admin'),
  request: { params: idParams, body: jsonBody(rolesSchema) },
  responses: { 200: json(stagesViewSchema, 'The stages after it'), ...refusals },
});

/** What the stages of an ATS mean to us. */
export function addStageRoutes(app: App, services: Services, parts: HttpParts): void {
  const { db, random } = services;
  app.openapi(read, async (c) => {
    const { id } = c.req.valid('param');
    const { stages, known } = await listStages(id, { services, parts });
    const roles = await listStageRoles(db, id);
    // Whoever looks here after a stage was deleted is told now, not by the hourly look.
    if (roles.length > 0) await changeSweepState(db, id, { goneStages: findGoneStages(roles, stages, known) });
    return c.json(toView(stages, roles), 200);
  });
  app.openapi(replace, async (c) => {
    const { id } = c.req.valid('param');
    const { roles } = c.req.valid('json');
    checkRoles(roles);
    const { stages, name } = await listStages(id, { services, parts });
    checkKnown(roles, stages, name);
    await audited(services, c.get('member'), async (inside, note) => {
      const before = await listStageRoles(inside.db, id);
      await replaceStageRoles(inside.db, { connectionId: id, roles, random });
      // Known by id from now on; a name that no stage has yet is still worth a word.
      await changeSweepState(inside.db, id, { goneStages: findGoneStages(roles, stages, []) });
      const detail = difference({ roles: before }, { roles: await listStageRoles(inside.db, id) });
      if (detail) note({ action: 'stage-roles.changed', connectionId: id, detail });
    });
    return c.json(toView(stages, await listStageRoles(db, id)), 200);
  });
}

async function listStages(id: string, { services, parts }: { services: Services; parts: HttpParts }) {
  const row = await getConnection(services.db, id, 'ats');
  const result = await (await parts.connectSetUp(id)).listStages();
  const name = kindName(row.kind);
  if (!result.ok) throw failureToError(result, { name, side: 'ats' });
  const stages = result.value.toSorted((a, b) => a.order - b.order);
  // Names by which people knew what is listed no more.
  const kept = (await createKeptNames(services.db).read(id)).stages;
  const known = [...readSweepState(row.sweepState).goneStages, ...kept.map((stage) => ({ id: stage.stageId, name: stage.name }))];
  // Where stages belong to the account they are few, and a key with the least rights cannot list them later.
  if (stages.every(({ job }) => job === null)) {
    await keepNames(services.db, { connectionId: id, stages, now: services.clock.now() });
  }
  return { stages, name, known };
}

type Stages = Awaited<ReturnType<typeof listStages>>['stages'];

function toView(stages: Stages, roles: Roles): z.infer<typeof stagesViewSchema> {
  return {
    stages: stages.map(({ stageId, name, job }) => ({
      stageId,
      name,
      job,
      role: stageRoleOf({ stageRoles: roles }, { id: stageId, name }),
    })),
    roles,
  };
}

/** An id that the ATS does not list would never match anybody. An empty list was not shown to us, and says nothing. */
function checkKnown(roles: Roles, stages: Stages, name: string): void {
  if (stages.length === 0) return;
  const ids = new Set(stages.map(({ stageId }) => stageId));
  const unknown = roles.flatMap(({ stageId, stageName }, index) =>
    stageId === null || ids.has(stageId) ? [] : [{ path: `roles.${index}.stageId`, label: stageName ?? stageId }],
  );
  if (unknown.length > 0) throw unknownToAts('server.stages-unknown', unknown, name);
}

/** Each names a stage, and none twice: two roles for one stage would leave it to chance which counts. */
function checkRoles(roles: Roles): void {
  const seen = new Set<string>();
  const details = roles.flatMap((role, index) => {
    const key = role.stageId === null ? `name:${role.stageName?.trim().toLocaleLowerCase('en') ?? ''}` : `id:${role.stageId}`;
    const isWrong = key === 'name:' || key === 'id:' || seen.has(key);
    seen.add(key);
    return isWrong ? [{ path: `roles.${index}`, message: say('server.stage-role-unclear') }] : [];
  });
  if (details.length > 0) throw new ApiError('invalid', { message: say('server.stage-role-unclear'), details });
}
