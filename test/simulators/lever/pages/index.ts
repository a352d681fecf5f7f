import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import type { LeverPlay } from '../control/play.ts';
import type { LeverWorld } from '../world.ts';
import { findInterviewData, findProfileData, toListData, toSettingsData } from './to-page-data.ts';
import { toShell } from './to-shell.ts';

/** As strict as a careful site: nothing from elsewhere, and no frames at all. */
const CONTENT_SECURITY_POLICY = "default-src 'self'; frame-src 'none'; style-src 'self' 'unsafe-inline'";

const ASSETS = {
  'app.js': { url: new URL('./assets/app.js', import.meta.url), type: 'text/javascript; charset=utf-8' },
  'elements.js': { url: new URL('./assets/elements.js', import.meta.url), type: 'text/javascript; charset=utf-8' },
  'views.js': { url: new URL('./assets/views.js', import.meta.url), type: 'text/javascript; charset=utf-8' },
  'app.css': { url: new URL('./assets/app.css', import.meta.url), type: 'text/css; charset=utf-8' },
  'hostile.css': { url: new URL('./assets/hostile.css', import.meta.url), type: 'text/css; charset=utf-8' },
};

/** Every address a browser may open at hire.lever.co that this simulator knows. One document serves all of them. */
const PAGES = [
  '/',
  '/candidates',
  '/candidates/:opportunity',
  '/candidates/:opportunity/interview/:interview',
  '/opportunities',
  '/opportunities/:opportunity',
  '/interviews',
  '/interviews/:interview',
  '/settings/integrations',
];

/** The pages of hire.lever.co: a single-page app over the account as it is now. `?hostile=1` adds a site's worst style sheet. */
export function createPages(world: LeverWorld, play: LeverPlay): Hono {
  const app = new Hono({ strict: false });
  app.use(async (c, next) => {
    await next();
    c.header('content-security-policy', CONTENT_SECURITY_POLICY);
    c.header('cache-control', 'no-store');
  });

  for (const path of PAGES) {
    app.get(path, (c) => {
      const { pathname, search } = new URL(c.req.url);
      const detail = { path: pathname, query: search };
      world.journal.add({ simulator: 'lever', kind: 'page', what: `GET ${path}`, status: 200, detail });
      return c.html(toShell({ isHostile: c.req.query('hostile') === '1' }));
    });
  }

  app.get('/favicon.ico', (c) => c.body(null, 204));
  app.get('/assets/:name', (c) => {
    const asset = Object.entries(ASSETS).find(([name]) => name === c.req.param('name'))?.[1];
    return asset ? c.body(readFileSync(asset.url, 'utf8'), 200, { 'content-type': asset.type }) : c.notFound();
  });

  app.get('/page-data/candidates', (c) => c.json(toListData(world)));
  app.get('/page-data/candidates/:opportunity', (c) => {
    const profile = findProfileData(world, c.req.param('opportunity'));
    return profile ? c.json(profile) : c.json({}, 404);
  });
  app.get('/page-data/interviews/:interview', (c) => {
    const interview = findInterviewData(world, c.req.param('interview'));
    return interview ? c.json(interview) : c.json({}, 404);
  });
  app.get('/page-data/settings', (c) => c.json(toSettingsData(world)));

  // The person signed in, moving and archiving from the profile itself.
  const userId = () => world.account.users.values().find(({ accessRole }) => accessRole === 'super admin')?.id ?? null;
  app.post('/page-data/candidates/:opportunity/stage', async (c) => {
    play.move.runUnparsed({ ...(await c.req.json()), opportunityId: c.req.param('opportunity'), userId: userId() });
    return c.body(null, 204);
  });
  app.post('/page-data/candidates/:opportunity/archive', async (c) => {
    play.archive.runUnparsed({ ...(await c.req.json()), opportunityId: c.req.param('opportunity') });
    return c.body(null, 204);
  });
  app.post('/page-data/candidates/:opportunity/unarchive', (c) => {
    play.unarchive({ opportunityId: c.req.param('opportunity') });
    return c.body(null, 204);
  });
  return app;
}
