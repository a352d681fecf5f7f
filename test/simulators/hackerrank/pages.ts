import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { type Html, toLayout } from '../frame/page-layout.ts';
import { NotThere, Refused } from '../frame/problems.ts';
import type { HackerrankPlay } from './play.ts';
import type { HackerrankCandidate } from './types.ts';
import { candidateOf, type HackerrankWorld, isInviteValid, linkOf, testOf } from './world.ts';

/** The pages of www.hackerrank.com: the candidate's link, and the report, which needs a login unless the address carries its key. */
export function createPages(world: HackerrankWorld, play: HackerrankPlay): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    const { method, path } = c.req;
    world.journal.add({ simulator: 'hackerrank', kind: 'page', what: `${method} ${path}`, status: c.res.status, detail: {} });
  });
  app.onError((error, c) => {
    const status = error instanceof NotThere ? 404 : error instanceof Refused ? 409 : 500;
    return c.html(toLayout({ title: 'HackerRank', view: html`<h1>That did not work</h1><p>${error.message}</p>` }), status);
  });
  app.get('/', (c) =>
    c.html(toLayout({ title: 'HackerRank', view: html`<h1>HackerRank</h1><p>Open the link of your invitation.</p>` })),
  );
  const back = (c: Context, candidate: HackerrankCandidate) => {
    const { pathname, search } = new URL(linkOf(world, candidate));
    return c.redirect(pathname + search, 303);
  };
  app.get('/tests/:test/login', (c) => {
    const candidate = byLoginKey(world, c.req.query('b') ?? '');
    const { name } = testOf(world, c.req.param('test'));
    return c.html(toLayout({ title: name, view: toCandidateView(world, candidate) }));
  });
  app.post('/tests/:test/start', async (c) => {
    const candidate = byLoginKey(world, String((await c.req.formData()).get('b')));
    play.start({ candidateId: candidate.id });
    return back(c, candidate);
  });
  app.post('/tests/:test/submit', async (c) => {
    const form = await c.req.formData();
    const candidate = byLoginKey(world, String(form.get('b')));
    play.submit({ candidateId: candidate.id, score: Number(form.get('score')), processing: form.has('processing') });
    return back(c, candidate);
  });
  app.get('/x/tests/:test/candidates/:candidate/report', (c) => {
    const candidate = candidateOf(world, c.req.param('candidate'), c.req.param('test'));
    if (c.req.query('authkey') !== candidate.authKey)
      return c.html(
        toLayout({ title: 'Log in', view: html`<h1>Log in</h1><p>Reports are for members of the account.</p>` }),
        401,
      );
    return c.html(toLayout({ title: 'Report', view: toReportView(world, candidate) }));
  });
  return app;
}

function byLoginKey({ candidates }: HackerrankWorld, key: string): HackerrankCandidate {
  const found = candidates.find(({ loginKey }) => loginKey === key);
  if (!found) throw new NotThere('This invitation does not exist');
  return found;
}

function toCandidateView(world: HackerrankWorld, candidate: HackerrankCandidate): Html {
  const { name, minutes } = testOf(world, candidate.testId);
  const allowed = Math.ceil(minutes * (1 + (candidate.additionalTimePercent ?? 0) / 100));
  return html`<h1>${name}</h1>
    <p><small>For ${candidate.email}, ${allowed} minutes</small></p>
    ${toNextStep(world, candidate)}`;
}

function toNextStep(world: HackerrankWorld, candidate: HackerrankCandidate): Html {
  const { state, loginKey, testId } = candidate;
  const hidden = html`<input type="hidden" name="b" value="${loginKey}" />`;
  if (state === 'invited' && !isInviteValid(world, candidate)) return html`<p>This invitation is no longer valid.</p>`;
  if (state === 'invited')
    return html`<form method="post" action="/tests/${testId}/start">${hidden}<button>Start</button></form>`;
  if (state !== 'started') return html`<p>Thank you. You are done.</p>`;
  return html`<form method="post" action="/tests/${testId}/submit">${hidden}
    <label>Score this earns <input type="number" name="score" value="82" min="0" /></label>
    <label><input type="checkbox" name="processing" /> the report takes a while</label>
    <button>Submit</button></form>`;
}

function toReportView(world: HackerrankWorld, { testId, email, work, integrity }: HackerrankCandidate): Html {
  if (!work) throw new NotThere('There is no report yet');
  return html`<h1>${testOf(world, testId).name}</h1><p><small>${email}</small></p>
    <table>
      <tr><th>Score</th><td>${work.score} (${work.percentage} %)</td></tr>
      <tr><th>Integrity</th><td>${integrity.status ?? 'not looked at'}</td></tr>
    </table>`;
}
