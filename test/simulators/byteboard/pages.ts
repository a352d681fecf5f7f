import { Hono } from 'hono';
import { html } from 'hono/html';
import { toLayout } from '../frame/page-layout.ts';
import type { Reporter } from './reporter.ts';
import type { ByteboardSession, ByteboardWorld } from './world.ts';

/** `/i/<invitation>?email=`: what a candidate's link leads to, so that a person can play the candidate. The paths are an invention. */
export function createPages(world: ByteboardWorld, reporter: Reporter): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    const { method, path } = c.req;
    world.journal.add({ simulator: 'byteboard', kind: 'page', what: `${method} ${path}`, status: c.res.status, detail: {} });
  });
  app.get('/', (c) =>
    c.html(toLayout({ title: 'Byteboard', view: html`<h1>Byteboard</h1><p>Open the link of your invitation.</p>` })),
  );
  app.get('/i/:invitation', (c) => {
    const session = openSession(world, c.req.param('invitation'), c.req.query('email') ?? null);
    return c.html(toLayout({ title: 'Byteboard', view: toView(session) }));
  });
  app.get('/candidates/coreeval/:invitation', (c) => {
    const grade = world.grades.get(c.req.param('invitation'));
    const view = html`<h1>Skills report</h1>${grade ? html`<p><b>${grade.rating}</b></p><p>${grade.notes}</p>` : html`<p>Nothing yet.</p>`}`;
    return c.html(toLayout({ title: 'Byteboard', view }), grade ? 200 : 404);
  });
  app.post('/i/:invitation/:step{start|submit}', async (c) => {
    const { invitation, step } = c.req.param();
    const session = openSession(world, invitation, null);
    session.state = step === 'start' ? 'started' : 'submitted';
    world.journal.add({ simulator: 'byteboard', kind: 'act', what: step, status: null, detail: { invitation } });
    if (world.settings.reportsProgress && world.webhook) await reporter.report({ invitation, state: session.state });
    return c.redirect(`/i/${encodeURIComponent(invitation)}`, 303);
  });
  return app;
}

/** Who opens a link for the first time is known from then on. */
function openSession({ sessions, now }: ByteboardWorld, invitation: string, email: string | null): ByteboardSession {
  const session = sessions.get(invitation) ?? { invitation, email, state: 'opened' as const, openedAt: now() };
  sessions.set(invitation, session);
  return session;
}

function toView({ invitation, email, state }: ByteboardSession) {
  const step = state === 'opened' ? 'start' : 'submit';
  const form = html`<form method="post" action="/i/${encodeURIComponent(invitation)}/${step}"><button>${step === 'start' ? 'Start' : 'Submit'}</button></form>`;
  return html`<h1>Project-based interview</h1>
    <p><small>${email ?? ''}</small></p>
    ${state === 'opened' || state === 'started' ? form : html`<p>Thank you. Your work is with our graders.</p>`}`;
}
