import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { type Html, toLayout } from '../frame/page-layout.ts';
import { NotThere, Refused } from '../frame/problems.ts';
import { isSameSecret } from '../frame/same-secret.ts';
import type { CodesignalPlay } from './play.ts';
import type { TestSession } from './types.ts';
import { type CodesignalWorld, linkOf, maxScoreOf, scoreOf, sessionByKey, sessionOf, testOf } from './world.ts';

/** The pages of app.codesignal.com: the candidate's invitation, and the report, which opens with its access token. */
export function createPages(world: CodesignalWorld, play: CodesignalPlay): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    const { method, path } = c.req;
    world.journal.add({ simulator: 'codesignal', kind: 'page', what: `${method} ${path}`, status: c.res.status, detail: {} });
  });
  app.onError((error, c) => {
    const status = error instanceof NotThere ? 404 : error instanceof Refused ? 409 : 500;
    return c.html(toLayout({ title: 'CodeSignal', view: html`<h1>That did not work</h1><p>${error.message}</p>` }), status);
  });
  app.get('/', (c) =>
    c.html(toLayout({ title: 'CodeSignal', view: html`<h1>CodeSignal</h1><p>Open the link of your invitation.</p>` })),
  );
  app.get('/test-invitation/:key', (c) => {
    const session = sessionByKey(world, c.req.param('key'));
    return c.html(toLayout({ title: testOf(world, session.testId).title, view: toCandidateView(world, session) }));
  });
  const act = (name: string, run: (session: TestSession, form: FormData) => void) =>
    app.post(`/test-invitation/:key/${name}`, async (c: Context) => {
      const session = sessionByKey(world, c.req.param('key') ?? '');
      run(session, await c.req.formData());
      return c.redirect(new URL(linkOf(world, session)).pathname, 303);
    });
  act('start', ({ id }) => play.start({ sessionId: id }));
  act('decline', ({ id }) => play.decline({ sessionId: id }));
  act('submit', ({ id }, form) =>
    play.submit({ sessionId: id, share: Number(form.get('percent')) / 100, processing: form.has('processing') }),
  );
  app.get('/test-result/:session', (c) => {
    const session = sessionOf(world, c.req.param('session'));
    if (!session.result || !isSameSecret(c.req.query('accessToken') ?? '', session.result.accessToken))
      return c.html(
        toLayout({ title: 'Log in', view: html`<h1>Log in</h1><p>Reports are for members of the company.</p>` }),
        401,
      );
    return c.html(toLayout({ title: 'Report', view: toReportView(world, session) }));
  });
  return app;
}

function toCandidateView(world: CodesignalWorld, session: TestSession): Html {
  const { title, durationMs } = testOf(world, session.testId);
  const { key, status, email } = session;
  const minutes = Math.round((session.customDurationMs ?? durationMs) / 60_000);
  const form = (act: string, label: string, fields: Html | string = '') =>
    html`<form method="post" action="/test-invitation/${key}/${act}">${fields}<button>${label}</button></form>`;
  const head = html`<h1>${title}</h1><p><small>For ${email}, ${minutes} minutes</small></p>`;
  if (status === 'pending') return html`${head}${form('start', 'Start')}${form('decline', 'Decline')}`;
  if (status === 'active' || status === 'gracePeriod')
    return html`${head}${form(
      'submit',
      'Submit',
      html`<label>Per cent this earns <input type="number" name="percent" value="80" min="0" max="100" /></label>
        <label><input type="checkbox" name="processing" /> the result takes a while</label>`,
    )}`;
  return html`${head}<p>${status === 'over' || status === 'finalizing' ? 'Thank you. You are done.' : 'This invitation is no longer valid.'}</p>`;
}

function toReportView(world: CodesignalWorld, session: TestSession): Html {
  return html`<h1>${testOf(world, session.testId).title}</h1><p><small>${session.email}</small></p>
    <table>
      <tr><th>Score</th><td>${scoreOf(session)} of ${maxScoreOf(world, session)}</td></tr>
      <tr><th>Verification</th><td>${session.verification ?? 'not proctored'}</td></tr>
    </table>`;
}
