import { createRoute } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import { overviewSchema } from '../../lib/contract/settings.ts';
import type { Services } from '../services.ts';
import { countOpenFailures } from '../storage/failures.repository.ts';
import { findStoreWarnings } from '../storage/find-store-warnings.ts';
import { findUnreadable, sayUnreadable } from '../storage/find-unreadable.ts';
import { readMailSettings } from '../storage/mail-settings.repository.ts';
import { listMembers } from '../storage/members.repository.ts';
import { listReasonMeanings } from '../storage/reason-meanings.repository.ts';
import { readRules } from '../storage/rules.repository.ts';
import { listStageRoles } from '../storage/stage-roles.repository.ts';
import { VERSION } from '../version.ts';
import { json, refusals } from './answers.ts';
import type { App } from './app-env.ts';
import type { HttpParts } from './http-parts.ts';
import { needs } from './needs.ts';
import { type SetUp, toSteps } from './overview-steps.ts';
import { readAssessments } from './read-assessments.ts';
import { readConnections } from './read-connections.ts';

const read = createRoute({
  method: 'get',
  path: PATHS.overview,
  summary: 'The checklist to the first invitation',
  ...needs('admin'),
  responses: { 200: json(overviewSchema, 'Each step with its state and a sentence'), ...refusals },
});

/** What is set up and what is missing, at a glance. */
export function addOverviewRoutes(app: App, services: Services, parts: HttpParts): void {
  const { company, publicUrl } = services.config;
  app.openapi(read, async (c) => {
    const steps = toSteps(await readSetUp(services, parts));
    const unreadable = sayUnreadable(await findUnreadable(services));
    const warnings = [...(unreadable ? [unreadable] : []), ...(await findStoreWarnings(services.db))];
    const openFailures = await countOpenFailures(services.db);
    return c.json({ company, publicUrl, version: VERSION, warnings, openFailures, steps }, 200);
  });
}

async function readSetUp(services: Services, parts: HttpParts): Promise<SetUp> {
  const { db, config } = services;
  const connections = await readConnections({ services, parts });
  const ats = connections.filter(({ side, enabled }) => side === 'ats' && enabled);
  const meanings = ats.map(async ({ id, name }) => ({
    name,
    hasAssessmentStage: (await listStageRoles(db, id)).some(({ role }) => role === 'assessment'),
    hasMeanings: (await listReasonMeanings(db, id)).length > 0,
  }));
  return {
    connections,
    atsMeanings: await Promise.all(meanings),
    assessments: (await readAssessments({ services, parts })).filter(({ archived }) => !archived),
    mailHost: (await readMailSettings(db)).host,
    rules: (await readRules(db)).rules,
    memberCount: (await listMembers(db)).filter(({ member }) => member.revokedAt === null).length,
    publicUrl: config.publicUrl,
  };
}
