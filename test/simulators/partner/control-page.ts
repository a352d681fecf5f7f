import { html } from 'hono/html';
import { toControlLayout, toFailureForms, toForm } from '../frame/control-layout.ts';
import type { Outbox } from '../frame/outbox.ts';
import type { Html } from '../frame/page-layout.ts';
import type { PartnerInterview, PartnerTest } from './types.ts';
import { linkOf, type PartnerWorld } from './world.ts';

/** A page on which a person plays the partner and its candidates. */
export function toControlPage(world: PartnerWorld, outbox: Outbox): Html {
  const { settings, tests, interviews, mails, basePath } = world;
  const choices = (name: string, words: readonly string[]) => words.map((word) => toForm('configure', word, { [name]: word }));
  const toggle = (name: 'numericIds' | 'earlyScore' | 'scored' | 'greenhouseCallbackOnly' | 'patches') =>
    toForm('configure', `${name}: ${settings[name] ? 'yes' : 'no'}`, { [name]: String(!settings[name]) });
  const view = html`
    <p>Base path <code>${basePath || '/'}</code></p>
    <p>PATCHes: <b>${settings.webhooks}</b> ${choices('webhooks', ['deliver', 'hold', 'drop', 'duplicate'])} ${toForm('releaseHeld', 'Release held')} ${toForm('retryDue', 'Retry failed')}</p>
    <p>Account: <b>${settings.account}</b> ${choices('account', ['active', 'no-api'])} ${toForm('rotateKey', 'New API key')}</p>
    <p>Words: <b>${settings.statuses}</b> ${choices('statuses', ['states', 'sent', 'incomplete', 'in_progress', 'pending'])}</p>
    <p>${toggle('numericIds')} ${toggle('earlyScore')} ${toggle('scored')} ${toggle('greenhouseCallbackOnly')} ${toggle('patches')}</p>
    ${toFailureForms()}
    <h2>Tests</h2>
    <table>${[...tests.values()].map(toTestRow)}</table>
    ${toForm('createTest', 'Create', {}, html`<input name="name" placeholder="Name" />`)}
    <h2>Candidates</h2>
    <table>${interviews.toReversed().map((interview) => toInterviewRow(world, interview))}</table>
    <h2>Letters</h2>
    <table>${mails
      .list()
      .toReversed()
      .map(
        ({ to, subject, links }) =>
          html`<tr><td>${to}</td><td>${subject}</td><td>${links.map((link) => html`<a href="${link}">link</a> `)}</td></tr>`,
      )}</table>
    <h2>PATCHes</h2>
    <table>${outbox
      .list()
      .toReversed()
      .map(
        ({ id, call, state, attempts }) => html`<tr><td><code>${call.url}</code></td><td>${state}</td>
          <td>${attempts.map(({ status, error }) => status ?? error).join(', ')}</td><td>${toForm('resend', 'Send again', { deliveryId: String(id) })}</td></tr>`,
      )}</table>`;
  return toControlLayout({ title: 'Playing an assessment partner', view });
}

function toTestRow({ id, name, archived }: PartnerTest): Html {
  return html`<tr><td><b>${name}</b><br /><code>${id}</code></td>
    <td>${toForm('archiveTest', archived ? 'Bring back' : 'Archive', { testId: id, archived: String(!archived) })}
      ${toForm('invite', 'Invite', { testId: id }, html`<input name="email" placeholder="e-mail" />`)}</td></tr>`;
}

function toInterviewRow(world: PartnerWorld, interview: PartnerInterview): Html {
  const { id: interviewId, candidate, state, score, testId } = interview;
  const who = { interviewId };
  const points = html`<input name="score" value="${score ?? 81}" size="4" />`;
  const endings = html`${toForm('decline', 'Decline', who)} ${toForm('cancel', 'Cancel', who)} ${toForm('expire', 'Let expire', who)}`;
  const acts = {
    sent: html`${toForm('start', 'Start', who)} ${endings}`,
    started: html`${toForm('submit', 'Submit', who, points)} ${toForm('submit', 'Submit, report later', { ...who, processing: 'true' }, points)} ${endings}`,
    submitted: toForm('finishProcessing', 'Report ready', who),
    complete: html`${toForm('regrade', 'Regrade', who, points)} ${toForm('addMetadata', 'Doubts about integrity', who)}`,
    expired: '',
    declined: '',
    cancelled: '',
  };
  return html`<tr><td><b>${candidate.email}</b><br /><a href="${linkOf(world, interview)}">personal link</a></td>
    <td>${world.tests.get(testId)?.name ?? testId}</td><td>${state}${score === null ? '' : html`, ${score}`}</td><td>${acts[state]}</td></tr>`;
}
