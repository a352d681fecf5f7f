import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { type Html, toLayout } from '../frame/page-layout.ts';
import type { CoderbyteActs } from './acts.ts';
import type { CoderbytePlay } from './play.ts';
import type { CoderbyteInvitation } from './types.ts';
import { assessmentOf, type CoderbyteWorld, invitationByKey, isOpen, linkOf, NotThere, Refused } from './world.ts';

/**
 * The pages of coderbyte.com, so that a person can play the candidate. `/sl-candidate?invite=` is the personal link, `/assess/<id>?email=`
 * the public link of an assessment, `/report/...` the report. The first two paths are an invention; the report's are Coderbyte's.
 */
export function createPages(world: CoderbyteWorld, play: CoderbytePlay, acts: CoderbyteActs): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    const { method, path } = c.req;
    world.journal.add({ simulator: 'coderbyte', kind: 'page', what: `${method} ${path}`, status: c.res.status, detail: {} });
  });
  app.onError((error, c) => {
    const status = error instanceof NotThere ? 404 : error instanceof Refused ? 409 : 500;
    return c.html(toLayout({ title: 'Coderbyte', view: html`<h1>That did not work</h1><p>${error.message}</p>` }), status);
  });
  app.get('/', (c) =>
    c.html(toLayout({ title: 'Coderbyte', view: html`<h1>Coderbyte</h1><p>Open the link of your invitation.</p>` })),
  );
  addCandidatePages(app, world, play);
  addPublicLink(app, world, acts);
  app.get('/report/:report', (c) => c.html(toLayout({ title: 'Report', view: toReportView(world, c.req.param('report')) })));
  return app;
}

function addCandidatePages(app: Hono, world: CoderbyteWorld, play: CoderbytePlay): void {
  const toWho = ({ assessmentId, email }: CoderbyteInvitation) => ({ assessmentId, email });
  const act = (name: string, run: (invitation: CoderbyteInvitation, form: FormData) => void) =>
    app.post(`/sl-candidate/${name}`, async (c) => {
      const form = await c.req.formData();
      const invitation = invitationByKey(world, String(form.get('invite')));
      run(invitation, form);
      return c.redirect(toPath(world, invitation), 303);
    });
  app.get('/sl-candidate', (c) => {
    const invitation = invitationByKey(world, c.req.query('invite') ?? '');
    const { name } = assessmentOf(world, invitation.assessmentId);
    return c.html(toLayout({ title: name, view: toCandidateView(world, invitation) }));
  });
  act('start', (invitation) => play.start(toWho(invitation)));
  act('submit', (invitation, form) => {
    const finalScore = Number(form.get('finalScore'));
    play.submit({ ...toWho(invitation), finalScore, timeExpired: form.has('timeExpired'), processing: form.has('processing') });
  });
  act('finish', (invitation, form) => {
    const recommendation = form.get('recommendation');
    const thumb = recommendation === 'thumb_up' || recommendation === 'thumb_down' ? recommendation : null;
    play.finishInterview({ ...toWho(invitation), recommendation: thumb });
  });
}

/** For companies that hand out a link themselves: whoever comes names their e-mail address and takes part. */
function addPublicLink(app: Hono, world: CoderbyteWorld, acts: CoderbyteActs): void {
  app.get('/assess/:assessment', (c) => {
    const { id, name, minutes } = assessmentOf(world, c.req.param('assessment'));
    const view = html`<h1>${name}</h1><p>${minutes} minutes</p>
      <form method="post" action="/assess/${id}">
        <label>Your e-mail <input type="email" name="email" value="${c.req.query('email') ?? ''}" required /></label>
        <button>Continue</button>
      </form>`;
    return c.html(toLayout({ title: name, view }));
  });
  app.post('/assess/:assessment', async (c: Context) => {
    const email = String((await c.req.formData()).get('email'));
    const assessmentId = assessmentOf(world, c.req.param('assessment') ?? '').id;
    const same = (one: CoderbyteInvitation) =>
      one.assessmentId === assessmentId && one.email.toLowerCase() === email.toLowerCase();
    const open = world.invitations.find((one) => same(one) && isOpen(one));
    return c.redirect(toPath(world, open ?? acts.invite({ assessmentId, email, via: 'link' })), 303);
  });
}

/** The path alone: the host is whatever the browser uses. */
function toPath(world: CoderbyteWorld, invitation: CoderbyteInvitation): string {
  const { pathname, search } = new URL(linkOf(world, invitation));
  return pathname + search;
}

function toCandidateView(world: CoderbyteWorld, invitation: CoderbyteInvitation): Html {
  const { name, minutes } = assessmentOf(world, invitation.assessmentId);
  return html`<h1>${name}</h1>
    <p><small>For ${invitation.email}${minutes === null ? '' : html`, ${minutes} minutes`}</small></p>
    ${toNextStep(invitation)}`;
}

function toNextStep(invitation: CoderbyteInvitation): Html {
  const { key, state, interviewId } = invitation;
  const hidden = html`<input type="hidden" name="invite" value="${key}" />`;
  if (state === 'invited')
    return html`<form method="post" action="/sl-candidate/start">${hidden}<button>${interviewId === null ? 'Start' : 'Join the interview'}</button></form>`;
  if (state !== 'joined') return html`<p>${AFTER[state]}</p>`;
  if (interviewId !== null)
    return html`<form method="post" action="/sl-candidate/finish">${hidden}
      <label>What the interviewer thinks
        <select name="recommendation"><option value="">nothing yet</option><option value="thumb_up">thumb up</option><option value="thumb_down">thumb down</option></select>
      </label><button>End the interview</button></form>`;
  return html`<form method="post" action="/sl-candidate/submit">${hidden}
    <label>Score this earns, 0 to 100 <input type="number" name="finalScore" value="82" min="0" max="100" /></label>
    <label><input type="checkbox" name="timeExpired" /> the time ran out</label>
    <label><input type="checkbox" name="processing" /> the report takes a while</label>
    <button>Submit</button></form>`;
}

const AFTER = {
  processing: 'Thank you. Your answers are being looked at.',
  completed: 'Thank you. You are done.',
  cancelled: 'This invitation was taken back.',
  expired: 'This invitation has expired.',
};

function toReportView(world: CoderbyteWorld, text: string): Html {
  const [first, second] = text.split(':');
  const found = world.invitations.findLast((one) =>
    first === 'interview' ? one.interviewId === second : one.username === first && one.assessmentId === second,
  );
  if (!found) throw new NotThere('This report does not exist');
  const { work, review } = found;
  return html`<h1>${assessmentOf(world, found.assessmentId).name}</h1><p><small>${found.email}</small></p>
    <table>
      <tr><th>Status</th><td>${found.state}</td></tr>
      ${work ? html`<tr><th>Score</th><td>${work.finalScore} of 100</td></tr><tr><th>Plagiarism</th><td>${work.cheated ? 'Detected' : 'Not detected'}</td></tr>` : ''}
      ${review.recommendation ? html`<tr><th>Recommendation</th><td>${review.recommendation === 'thumb_up' ? 'Thumb up' : 'Thumb down'}</td></tr>` : ''}
    </table>`;
}
