import { createRoute, z } from '@hono/zod-openapi';
import { memberSchema } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import type { Services } from '../services.ts';
import { readCompanyHosts } from '../storage/company-hosts.ts';
import { revokeToken } from '../storage/tokens.repository.ts';
import { json, refusals } from './answers.ts';
import type { App } from './app-env.ts';
import { audited } from './audited.ts';
import { needs } from './needs.ts';

const meSchema = z.object({
  member: memberSchema,
  company: z.string().nullable(),
  publicUrl: z.string().nullable(),
  pageHosts: z.array(z.string()).describe('The company’s own Greenhouse addresses; each browser asks for permission once.'),
});

const readMe = createRoute({
  method: 'get',
  path: PATHS.me,
  summary: 'Whose token this is',
  ...needs('viewer'),
  responses: { 200: json(meSchema, 'The member'), ...refusals },
});

const disconnect = createRoute({
  method: 'delete',
  path: PATHS.me,
  summary: 'End the connection of this browser',
  ...needs('viewer'),
  responses: { 204: { description: 'Ended' }, ...refusals },
});

/** What a browser may ask about itself. */
export function addMeRoutes(app: App, services: Services): void {
  const { db, config, clock } = services;
  app.openapi(readMe, async (c) => {
    const { company, publicUrl } = config;
    return c.json({ member: c.get('member'), company, publicUrl, pageHosts: await readCompanyHosts(db) }, 200);
  });
  app.openapi(disconnect, async (c) => {
    await audited(services, c.get('member'), async (inside, note) => {
      await revokeToken(inside.db, { tokenId: c.get('tokenId'), now: clock.now() });
      note({ action: 'browser.disconnected' });
    });
    return c.body(null, 204);
  });
}
