import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { type Html, toLayout } from '../frame/page-layout.ts';
import { NotThere, Refused } from '../frame/problems.ts';
import type { PartnerPlay } from './play.ts';
import type { PartnerInterview } from './types.ts';
import { interviewByKey, interviewOf, linkOf, type PartnerWorld } from './world.ts';

/** The partner's pages: the candidate's link, and the candidate's page that a complete test leads to. */
export function createPages(world: PartnerWorld, play: PartnerPlay): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    const { method, path } = c.req;
    world.journal.add({ simulator: 'partner', kind: 'page', what: `${method} ${path}`, status: c.res.status, detail: {} });
  });
  app.onError((error, c) => {
    const status = error instanceof NotThere ? 404 : error instanceof Refused ? 409 : 500;
    return c.html(toLayout({ title: 'Assessment', view: html`<h1>That did not work</h1><p>${error.message}</p>` }), status);
  });
  app.get('/', (c) =>
    c.html(toLayout({ title: 'Assessment', view: html`<h1>Assessments</h1><p>Open the link of your invitation.</p>` })),
  );
  app.get('/take/:key', (c) => {
    const interview = interviewByKey(world, c.req.param('key'));
    return c.html(toLayout({ title: nameOf(world, interview), view: toCandidateView(world, interview) }));
  });
  const act = (name: string, run: (interview: PartnerInterview, form: FormData) => void) =>
    app.post(`/take/:key/${name}`, async (c: Context) => {
      const interview = interviewByKey(world, c.req.param('key') ?? '');
      run(interview, await c.req.formData());
      return c.redirect(new URL(linkOf(world, interview)).pathname, 303);
    });
  act('start', ({ id }) => play.start({ interviewId: id }));
  act('decline', ({ id }) => play.decline({ interviewId: id }));
  act('submit', ({ id }, form) =>
    play.submit({ interviewId: id, score: Number(form.get('score')), processing: form.has('processing') }),
  );
  app.get('/candidates/:interview', (c) => {
    const { candidate, state, score } = interviewOf(world, c.req.param('interview'));
    const view = html`<h1>${candidate.firstName} ${candidate.lastName}</h1><p>${state}${score === null ? '' : html`, score ${score}`}</p>`;
    return c.html(toLayout({ title: 'Candidate', view }));
  });
  return app;
}

function nameOf({ tests }: PartnerWorld, { testId }: PartnerInterview): string {
  return tests.get(testId)?.name ?? 'Assessment';
}

function toCandidateView(world: PartnerWorld, interview: PartnerInterview): Html {
  const { key, state, candidate } = interview;
  const form = (name: string, label: string, fields: Html | string = '') =>
    html`<form method="post" action="/take/${key}/${name}">${fields}<button>${label}</button></form>`;
  const head = html`<h1>${nameOf(world, interview)}</h1><p><small>For ${candidate.email}</small></p>`;
  if (state === 'sent') return html`${head}${form('start', 'Start')}${form('decline', 'Decline')}`;
  if (state === 'started')
    return html`${head}${form(
      'submit',
      'Submit',
      html`<label>Score this earns <input type="number" name="score" value="81" /></label>
        <label><input type="checkbox" name="processing" /> the report takes a while</label>`,
    )}`;
  return html`${head}<p>${state === 'complete' || state === 'submitted' ? 'Thank you. You are done.' : 'This invitation is no longer valid.'}</p>`;
}
