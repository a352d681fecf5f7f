import { html } from 'hono/html';
import type { Html } from '../frame/page-layout.ts';
import type { CoderbyteOutbox } from './outbox.ts';
import { type CoderbyteInvitation, OPERATIONS } from './types.ts';
import { type CoderbyteWorld, linkOf } from './world.ts';

const STYLE = `body{font:14px/1.5 system-ui,"DejaVu Sans",sans-serif;margin:24px auto;max-width:1200px;padding:0 20px;color:#1d2a2e}
table{border-collapse:collapse;width:100%;margin:8px 0 24px}td,th{text-align:start;padding:6px 10px 6px 0;border-bottom:1px solid #e3e8e7;vertical-align:top}
form{display:inline-flex;gap:4px;margin:0 8px 4px 0}code{font-size:12px}button,select,input{font:inherit;padding:2px 8px}h2{font-size:16px}`;

/** A page without scripts on which a person plays Coderbyte and its candidates. */
export function toControlPage(world: CoderbyteWorld, outbox: CoderbyteOutbox): Html {
  const modes = ['deliver', 'hold', 'drop', 'duplicate'];
  return html`<!doctype html>
    <html lang="en">
      <head><meta charset="utf-8" /><title>Playing Coderbyte</title><link rel="icon" href="data:," /><style>${STYLE}</style></head>
      <body>
        <h1>Playing Coderbyte</h1>
        <p>Organisation <code>${world.organizationId}</code>. Webhooks: <b>${world.settings.webhooks}</b>
          ${modes.map((mode) => form('configure', mode, { webhooks: mode }))} ${form('releaseHeld', 'Release held', {})} ${form('retryDue', 'Retry failed', {})}</p>
        <p>API add-on: <b>${world.settings.apiAddOn ? 'on' : 'off'}</b> ${form('configure', 'switch', { apiAddOn: String(!world.settings.apiAddOn) })}
          Reports speak: <b>${world.settings.vocabulary}</b> ${['trigger', 'export'].map((word) => form('configure', word, { vocabulary: word }))}</p>
        <p>Next call fails: ${form('failNext', '503', { kind: 'status', status: '503' })} ${form('failNext', '429', { kind: 'status', status: '429' })}
          ${form('failNext', 'web page', { kind: 'html' })} ${form('failNext', 'hangs', { kind: 'hang' })} ${form('failNext', 'connection cut', { kind: 'reset' })}
          ${form('failNext', 'done, answer lost', { kind: 'reset', when: 'after' })} ${form('clearFailures', 'Clear', {})}</p>
        <h2>Assessments</h2>
        <table>${[...world.assessments.values()].map(
          ({ id, name, type, archived }) => html`<tr><td><b>${name}</b><br /><code>${id}</code></td><td>${type}</td>
            <td>${form('archiveAssessment', archived ? 'Bring back' : 'Archive', { assessmentId: id, archived: String(!archived) })}
              <form method="post" action="invite"><input type="hidden" name="assessmentId" value="${id}" /><input name="email" placeholder="e-mail" /><button>Invite</button></form></td></tr>`,
        )}</table>
        <form method="post" action="createAssessment"><input name="name" placeholder="Name" /><select name="type">${['test', 'take-home project', 'live interview'].map((type) => html`<option>${type}</option>`)}</select><button>Create</button></form>
        <h2>Invitations</h2>
        <table>
          <tr><th>Candidate</th><th>Assessment</th><th>State</th><th>What to do</th></tr>
          ${world.invitations.toReversed().map((invitation) => toRow(world, invitation))}
        </table>
        <h2>Webhooks</h2>
        <table>${OPERATIONS.map((operation) => html`<tr><td>${operation}</td><td><code>${world.webhookUrls.get(operation) ?? 'no address'}</code></td></tr>`)}</table>
        <h2>Deliveries</h2>
        <table>${outbox
          .deliveries()
          .toReversed()
          .map(
            ({ id, operation, state, attempts }) => html`<tr><td>${operation}</td><td>${state}</td>
              <td>${attempts.map(({ status, error }) => status ?? error).join(', ')}</td><td>${form('resend', 'Send again', { deliveryId: String(id) })}</td></tr>`,
          )}</table>
      </body>
    </html>`;
}

function toRow(world: CoderbyteWorld, invitation: CoderbyteInvitation): Html {
  const { assessmentId, email, state, interviewId, work } = invitation;
  const who = { assessmentId, email };
  const thumbs = html`<select name="recommendation"><option>thumb_up</option><option>thumb_down</option></select>`;
  const acts = {
    invited: html`${form('start', 'Start', who)} ${form('cancel', 'Take back', who)} ${form('expire', 'Let expire', who)}`,
    joined:
      interviewId === null
        ? html`${form('submit', 'Submit', who, html`<input name="finalScore" value="82" size="3" />`)} ${form('submit', 'Time ran out', { ...who, timeExpired: 'true', finalScore: '40' })}
          ${form('submit', 'Submit, report later', { ...who, processing: 'true' })}`
        : form('finishInterview', 'Finish', who, thumbs),
    processing: form('finishProcessing', 'Report ready', who),
    completed: html`${form('thumb', 'Thumb', who, thumbs)} ${form('comment', 'Comment', who, html`<input name="comment" />`)}
      ${work ? html`${form('score', 'Score', who, html`<input name="finalScore" value="${work.finalScore}" size="3" />`)} ${form('flag', work.cheated ? 'Unflag' : 'Flag', { ...who, cheated: String(!work.cheated) })}` : ''}`,
    cancelled: '',
    expired: '',
  };
  return html`<tr>
    <td><b>${email}</b><br /><a href="${linkOf(world, invitation)}">personal link</a></td>
    <td>${world.assessments.get(assessmentId)?.name ?? assessmentId}</td>
    <td>${state}${work ? html`, ${work.finalScore} of 100${work.cheated ? ', plagiarism' : ''}` : ''}</td>
    <td>${acts[state]}</td>
  </tr>`;
}

function form(action: string, label: string, hidden: Record<string, string>, fields: Html | string = ''): Html {
  return html`<form method="post" action="${action}">${Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )}${fields}<button>${label}</button></form>`;
}
