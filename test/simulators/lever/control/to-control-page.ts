import { html } from 'hono/html';
import type { toState } from './to-state.ts';

type State = ReturnType<typeof toState>;
type Html = ReturnType<typeof html>;

/** A plain page to play the ATS by hand: forms only, no script. `path` is where the control app is mounted. */
export function toControlPage(state: State, path: string): Html {
  const base = path.endsWith('/') ? path : `${path}/`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Play Lever</title>
        <base href="${base}" />
        <style>
          body { font: 14px/1.45 system-ui, sans-serif; margin: 2rem; color: #1f2a37; }
          table { border-collapse: collapse; width: 100%; margin: 0 0 2rem; }
          th, td { text-align: start; padding: .4rem .6rem; border-bottom: 1px solid #e2e6ec; vertical-align: top; }
          form { display: inline-flex; gap: .25rem; margin: 0 .5rem .25rem 0; }
          code { font-size: 12px; color: #5b6675; }
        </style>
      </head>
      <body>
        <h1>Play Lever</h1>
        <p>Webhooks are set to <b>${state.settings.deliver}</b>.
          ${['deliver', 'hold', 'drop'].map((mode) => form('configure', mode, html`<input type="hidden" name="deliver" value="${mode}" />`))}
          ${form('releaseHeld', 'Release held', '')} ${form('seed', 'Add the example company', '')}
        </p>
        <h2>Candidates</h2>
        <table>
          <tr><th>Candidate</th><th>Stage</th><th>Tags</th><th>What to do</th></tr>
          ${state.opportunities.map((opportunity) => candidateRow(state, opportunity))}
        </table>
        <h2>Webhooks</h2>
        <table>
          <tr><th>Event</th><th>Address</th><th>Signature token</th><th></th></tr>
          ${state.webhooks.map(
            (webhook) => html`<tr>
              <td>${webhook.event} ${state.eventsOn.includes(webhook.event) ? 'on' : 'off'}</td>
              <td>${webhook.url}</td><td><code>${webhook.signatureToken}</code></td>
              <td>${form('verifyConnection', 'Verify connection', hidden('webhookId', webhook.id))}
                ${form('removeWebhook', 'Remove', hidden('webhookId', webhook.id))}</td>
            </tr>`,
          )}
        </table>
        <form method="post" action="addWebhook">
          <select name="event">
            ${[
              'candidateStageChange',
              'candidateArchiveChange',
              'candidateHired',
              'candidateDeleted',
              'applicationCreated',
              'contactUpdated',
            ].map((event) => html`<option>${event}</option>`)}
          </select>
          <input name="url" placeholder="https://..." size="60" /><button>Add webhook</button>
        </form>
        <h2>Deliveries</h2>
        <table>
          <tr><th>Event</th><th>State</th><th>Attempts</th><th></th></tr>
          ${state.deliveries.map(
            (delivery) => html`<tr>
              <td>${delivery.event}</td><td>${delivery.state}</td>
              <td>${delivery.attempts.map(({ status, error }) => status ?? error).join(', ')}</td>
              <td>${form('rerun', 'Rerun', hidden('deliveryId', delivery.id))}</td>
            </tr>`,
          )}
        </table>
      </body>
    </html>`;
}

function candidateRow(state: State, opportunity: State['opportunities'][number]): Html {
  const { id, archived } = opportunity;
  const target = hidden('opportunityId', id);
  const stages = html`<select name="stageId">
    ${state.stages.map((stage) => html`<option value="${stage.id}" ${stage.id === opportunity.stage ? 'selected' : ''}>${stage.text}</option>`)}
  </select>`;
  const reasons = html`<select name="reasonId">
    ${state.archiveReasons.map((reason) => html`<option value="${reason.id}">${reason.text}</option>`)}
  </select>`;
  return html`<tr>
    <td><b dir="auto">${opportunity.name || '(no name)'}</b> ${opportunity.confidentiality === 'confidential' ? '(confidential)' : ''}<br />
      ${opportunity.emails.join(', ')}<br /><code>${id}</code></td>
    <td>${state.stages.find((stage) => stage.id === opportunity.stage)?.text} ${archived ? '(archived)' : ''}</td>
    <td>${opportunity.tags.join(', ')}</td>
    <td>
      ${form('move', 'Move', html`${target}${stages}`)}
      ${form('tag', 'Tag', html`${target}<input name="tags" placeholder="Senior SWE" />`)}
      ${form('untag', 'Untag', html`${target}<input name="tags" />`)}
      ${archived ? form('unarchive', 'Unarchive', target) : form('archive', 'Archive', html`${target}${reasons}`)}
      ${form('hire', 'Hire', target)} ${form('deleteOpportunity', 'Delete', target)}
      ${form('anonymise', 'Anonymise', hidden('contactId', opportunity.contact))}
    </td>
  </tr>`;
}

function form(command: string, label: string, fields: Html | string): Html {
  return html`<form method="post" action="${command}">${fields}<button>${label}</button></form>`;
}

function hidden(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}" />`;
}
