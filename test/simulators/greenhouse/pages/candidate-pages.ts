import { type Context, Hono } from 'hono';
import type { Journal } from '../../frame/journal.ts';
import type { Actor } from '../acts/actor.ts';
import type { ActName, DoAct } from '../control/act-table.ts';
import { NotThere, Refused } from '../refused.ts';
import type { World } from '../world/world.ts';
import { type Layout, toPage } from './layout.ts';
import { toCandidateTable, toJobTable, toPlainPage, toReview } from './lists.ts';
import { toName } from './name.ts';
import { type Profile, toHref, toProfile } from './profile.ts';
import { HOSTILE_STYLE, SCRIPT, STYLE } from './style.ts';

/** As strict as a page can be towards frames and foreign scripts: whatever is put into it has to live with this. */
const POLICY = "default-src 'self'; frame-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";

const RECRUITER: Actor = { kind: 'person', name: 'Rosa Ibarra', userId: null };

interface PagesParts {
  world: World;
  journal: Journal;
  doAct: DoAct;
}

/** What a browser loads from the application's host: profiles of both designs, lists, Application Review. */
export function createCandidatePages(parts: PagesParts): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header('Content-Security-Policy', POLICY);
    const { method, path, url } = c.req;
    const detail = { url };
    if (!path.startsWith('/assets/'))
      parts.journal.add({ simulator: 'greenhouse', kind: 'page', what: `${method} ${path}`, status: c.res.status, detail });
  });
  app.onError((error, c) => {
    if (error instanceof NotThere) return c.text('The page you were looking for does not exist.', 404);
    if (error instanceof Refused) return c.text(error.message, 409);
    console.error(error);
    return c.text('The simulator failed.', 500);
  });
  addAssets(app);
  addProfiles(app, parts);
  addLists(app, parts);
  addForms(app, parts);
  return app;
}

function addAssets(app: Hono): void {
  const file = (path: string, type: string, text: string) =>
    app.get(path, (c) => c.body(text, 200, { 'Content-Type': `${type}; charset=utf-8` }));
  file('/assets/ats.css', 'text/css', STYLE);
  file('/assets/hostile.css', 'text/css', HOSTILE_STYLE);
  file('/assets/ats.js', 'text/javascript', SCRIPT);
}

function show(c: Context, page: Omit<Layout, 'hostile'>) {
  return c.html(toPage({ ...page, hostile: c.req.query('hostile') === '1' }));
}

function addProfiles(app: Hono, { world }: PagesParts): void {
  const profile = (c: Context, applicationId: number | null, design: Profile['design']) => {
    const candidate = world.candidates.get(Number(c.req.param('pid')));
    const application = applicationId === null ? null : world.applications.get(applicationId);
    if (application && application.candidateId !== candidate.id) throw new NotThere('This application of the candidate');
    const view = toProfile({ world, candidate, application, design });
    return show(c, { title: `${toName(candidate)} | Northwind hiring`, on: 'candidates', view });
  };
  app.get('/people/:pid{\\d+}', (c) => {
    const id = c.req.query('application_id');
    return profile(c, id ? Number(id) : null, 'classic');
  });
  // The merge page and interview kits name person and application as the classic profile does.
  const asClassic = [
    '/people/:pid{\\d+}/merge',
    '/guides/:kit{\\d+}/people/:pid{\\d+}',
    '/guides/:kit{\\d+}/people/:pid{\\d+}/interview',
  ];
  for (const path of asClassic) app.get(path, (c) => profile(c, Number(c.req.query('application_id')), 'classic'));
  // Both seen in one public project only.
  app.get('/candidates/:pid{\\d+}', (c) => profile(c, null, 'classic'));
  app.get('/applications/:aid{\\d+}', (c) => {
    const application = world.applications.get(Number(c.req.param('aid')));
    const candidate = world.candidates.get(application.candidateId);
    return show(c, {
      title: toName(candidate),
      on: 'candidates',
      view: toProfile({ world, candidate, application, design: 'classic' }),
    });
  });
  app.get('/people/:pid{\\d+}/applications/:aid{\\d+}', (c) => profile(c, Number(c.req.param('aid')), 'redesign'));
  app.get('/people/:pid{\\d+}/applications/:aid{\\d+}/redesign', (c) => profile(c, Number(c.req.param('aid')), 'redesign'));
}

function addLists(app: Hono, { world }: PagesParts): void {
  app.get('/', (c) => c.redirect('/people'));
  app.get('/people', (c) => {
    const view = toCandidateTable(world, { title: 'Candidates', applications: world.applications.list(), forJob: false });
    return show(c, { title: 'Candidates | Northwind hiring', on: 'candidates', view });
  });
  app.get('/plans/:jobId{\\d+}/candidates', (c) => {
    const job = world.jobs.get(Number(c.req.param('jobId')));
    const applications = world.applications.list((row) => row.jobId === job.id);
    const view = toCandidateTable(world, { title: job.name, applications, forJob: true });
    return show(c, { title: `${job.name} | Northwind hiring`, on: 'jobs', view });
  });
  for (const path of ['/plans/:jobId{\\d+}', '/sdash/:jobId{\\d+}'])
    app.get(path, (c) => {
      const { name } = world.jobs.get(Number(c.req.param('jobId')));
      return show(c, { title: `${name} | Northwind hiring`, on: 'jobs', view: toPlainPage(name) });
    });
  app.get('/dashboard', (c) => show(c, { title: 'Dashboard', on: 'jobs', view: toPlainPage('Dashboard') }));
  // The number is the scorecard's own, and nothing that is known of its document names the candidate.
  for (const path of ['/scorecards/:id{\\d+}', '/scorecards/:id{\\d+}/edit'])
    app.get(path, (c) => show(c, { title: 'Scorecard', on: 'candidates', view: toPlainPage('Scorecard') }));
  app.get('/alljobs', (c) => show(c, { title: 'Jobs | Northwind hiring', on: 'jobs', view: toJobTable(world) }));
  app.get('/applications/review/app_review', (c) => {
    const after = c.req.query('after');
    const swap = c.req.query('swap') === 'link' ? 'link' : 'view';
    const view = toReview(world, { after: after ? Number(after) : null, swap });
    return show(c, { title: 'Application review | Northwind hiring', on: 'candidates', view });
  });
}

/** The page's own buttons: what a recruiter does by hand. */
function addForms(app: Hono, { world, doAct }: PagesParts): void {
  const onApplication = (what: string, act: ActName, field: 'stageId' | 'reasonId' | null) =>
    app.post(`/people/:pid{\\d+}/applications/:aid{\\d+}/${what}`, async (c) => {
      const applicationId = Number(c.req.param('aid'));
      const form = await c.req.formData();
      doAct(act, { applicationId, ...(field ? { [field]: Number(form.get(field)) } : {}) }, RECRUITER);
      return c.redirect(toWhereItCame(c, toHref(world.applications.get(applicationId), 'redesign')), 303);
    });
  onApplication('move', 'move', 'stageId');
  onApplication('reject', 'reject', 'reasonId');
  onApplication('unreject', 'unreject', null);
  app.post('/people/:pid{\\d+}/tags', async (c) => {
    const candidateId = Number(c.req.param('pid'));
    doAct('tag', { candidateId, tag: String((await c.req.formData()).get('tag')) }, RECRUITER);
    return c.redirect(toWhereItCame(c, `/people/${candidateId}`), 303);
  });
}

/** Back to the page that had the button, by path: the host is whatever the browser uses. */
function toWhereItCame(c: Context, otherwise: string): string {
  const referer = c.req.header('Referer');
  if (!referer || !URL.canParse(referer)) return otherwise;
  const { pathname, search } = new URL(referer);
  return pathname + search;
}
