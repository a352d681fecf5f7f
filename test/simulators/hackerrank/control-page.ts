import { html } from 'hono/html';
import { toControlLayout, toFailureForms, toForm } from '../frame/control-layout.ts';
import type { Outbox } from '../frame/outbox.ts';
import type { Html } from '../frame/page-layout.ts';
import type { HackerrankCandidate, HackerrankInterview, HackerrankTest } from './types.ts';
import { type HackerrankWorld, linkOf } from './world.ts';

/** A page on which a person plays HackerRank and its candidates. */
export function toControlPage(world: HackerrankWorld, outbox: Outbox): Html {
  const { settings, tests, candidates, interviews, mails } = world;
  const view = html`
    <p>Webhooks: <b>${settings.webhooks}</b> ${['deliver', 'hold', 'drop', 'duplicate'].map((mode) => toForm('configure', mode, { webhooks: mode }))}
      ${toForm('releaseHeld', 'Release held')} ${toForm('retryDue', 'Retry failed')}</p>
    <p>Account: <b>${settings.account}</b> ${['active', 'locked', 'no-api'].map((account) => toForm('configure', account, { account }))} ${toForm('rotateKey', 'New API key')}</p>
    ${toFailureForms()}
    <h2>Tests</h2>
    <table>${[...tests.values()].map(toTestRow)}</table>
    ${toForm('createTest', 'Create', {}, html`<input name="name" placeholder="Name" /><input name="cutoffScore" placeholder="cutoff" size="5" />`)}
    <h2>Candidates</h2>
    <table>${candidates.toReversed().map((candidate) => toCandidateRow(world, candidate))}</table>
    <h2>Interviews</h2>
    <table>${interviews.toReversed().map(toInterviewRow)}</table>
    <h2>Letters</h2>
    <table>${mails
      .list()
      .toReversed()
      .map(
        ({ to, subject, links }) =>
          html`<tr><td>${to}</td><td>${subject}</td><td>${links.map((link) => html`<a href="${link}">link</a> `)}</td></tr>`,
      )}</table>
    <h2>Deliveries</h2>
    <table>${outbox
      .list()
      .toReversed()
      .map(
        ({ id, what, state, attempts }) => html`<tr><td>${what}</td><td>${state}</td>
          <td>${attempts.map(({ status, error }) => status ?? error).join(', ')}</td><td>${toForm('resend', 'Send again', { deliveryId: String(id) })}</td></tr>`,
      )}</table>`;
  return toControlLayout({ title: 'Playing HackerRank', view });
}

function toTestRow({ id, name, draft, locked, archived, foreign }: HackerrankTest): Html {
  if (foreign) return html`<tr><td>${name}<br /><code>${id}</code></td><td>of another account</td><td></td></tr>`;
  const flag = (word: string, is: boolean) =>
    toForm('changeTest', is ? `not ${word}` : word, { testId: id, [word]: String(!is) });
  return html`<tr><td><b>${name}</b><br /><code>${id}</code></td>
    <td>${draft ? 'draft ' : ''}${locked ? 'locked ' : ''}${archived ? 'archived' : ''}</td>
    <td>${flag('draft', draft)} ${flag('locked', locked)} ${flag('archived', archived)} ${toForm('deleteTest', 'Delete', { testId: id })}
      ${toForm('invite', 'Invite', { testId: id }, html`<input name="email" placeholder="e-mail" />`)}</td></tr>`;
}

function toCandidateRow(world: HackerrankWorld, candidate: HackerrankCandidate): Html {
  const { id, email, state, isCancelled, work, integrity, testId } = candidate;
  const who = { candidateId: id };
  const points = html`<input name="score" value="${work?.score ?? 82}" size="4" />`;
  const words = ['High', 'Medium', 'No Issues Detected'].map((word) => html`<option>${word}</option>`);
  const acts = {
    invited: html`${toForm('start', 'Start', who)} ${toForm('cancel', 'Take back', who)} ${toForm('expire', 'Let expire', who)}`,
    started: html`${toForm('submit', 'Submit', who, points)} ${toForm('submit', 'Submit, report later', { ...who, processing: 'true' }, points)}`,
    submitted: toForm('finishProcessing', 'Report ready', who),
    scored: html`${toForm('regrade', 'Regrade', who, points)} ${toForm('judgeIntegrity', 'Integrity', who, html`<select name="status">${words}</select>`)}
      ${toForm('hideEmail', 'Hide e-mail', who)} ${toForm('deleteReport', 'Delete report', who)}`,
  };
  return html`<tr><td><b>${email ?? 'no e-mail'}</b><br /><a href="${linkOf(world, candidate)}">personal link</a></td>
    <td>${world.tests.get(testId)?.name ?? testId}</td>
    <td>${isCancelled ? 'taken back' : state}${work ? html`, ${work.score} points` : ''}${integrity.status ? html`, integrity: ${integrity.status}` : ''}</td>
    <td>${isCancelled ? '' : acts[state]}</td></tr>`;
}

function toInterviewRow({ id, title, status, candidate }: HackerrankInterview): Html {
  const which = { interviewId: id };
  return html`<tr><td><b>${title}</b> ${candidate?.email}</td><td>${status}</td>
    <td>${status === 'ended' ? '' : toForm('endInterview', 'End', which)} ${toForm('rateInterview', 'Thumb up', { ...which, thumbsUp: '1' })}</td></tr>`;
}
