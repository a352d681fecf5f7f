import { createRoute } from '@hono/zod-openapi';
import { PATHS } from '../../lib/contract/paths.ts';
import { rulesSchema } from '../../lib/contract/settings.ts';
import type { Services } from '../services.ts';
import { readRules, saveRules } from '../storage/rules.repository.ts';
import { json, jsonBody, refusals } from './answers.ts';
import type { App } from './app-env.ts';
import { audited } from './audited.ts';
import { difference } from './difference.ts';
import { needs } from './needs.ts';

const read = createRoute({
  method: 'get',
  path: PATHS.rules,
  summary: 'The rules in force',
  ...needs('admin'),
  responses: { 200: json(rulesSchema, 'The rules'), ...refusals },
});

const replace = createRoute({
  method: 'put',
  path: PATHS.rules,
  summary: 'Change the rules; earlier versions are kept',
  ...needs('admin'),
  request: { body: jsonBody(rulesSchema) },
  responses: { 200: json(rulesSchema, 'The rules after it'), ...refusals },
});

/** What happens by itself. */
export function addRuleRoutes(app: App, services: Services): void {
  const { db, clock } = services;
  app.openapi(read, async (c) => c.json((await readRules(db)).rules, 200));
  app.openapi(replace, async (c) => {
    const member = c.get('member');
    const saved = await audited(services, member, async (inside, note) => {
      const before = (await readRules(inside.db)).rules;
      const after = await saveRules(inside.db, { rules: c.req.valid('json'), changedBy: member.id, now: clock.now() });
      const detail = difference(before, after.rules);
      if (detail) note({ action: 'rules.changed', detail });
      return after;
    });
    return c.json(saved.rules, 200);
  });
}
