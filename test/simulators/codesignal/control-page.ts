import { html } from 'hono/html';
import { toControlLayout, toFailureForms, toForm } from '../frame/control-layout.ts';
import type { Html } from '../frame/page-layout.ts';
import { type CompanyTest, type LiveInterview, SUSPICIONS, type TestSession } from './types.ts';
import type { CodesignalWebhooks } from './webhooks.ts';
import { type CodesignalWorld, linkOf, maxScoreOf, scoreOf } from './world.ts';

/** A page on which a person plays CodeSignal, its auditors and its candidates. */
export function toControlPage(world: CodesignalWorld, hooks: CodesignalWebhooks): Html {
  const { settings, tests, sessions, interviews, mails } = world;
  const view = html`
    <p>Webhooks: <b>${settings.webhooks}</b> ${['deliver', 'hold', 'drop', 'duplicate'].map((mode) => toForm('configure', mode, { webhooks: mode }))}
      ${toForm('releaseHeld', 'Release held')} ${toForm('runDue', 'Send what waits', { all: 'true' })}</p>
    <p>API in the plan: <b>${settings.apiInPlan ? 'yes' : 'no'}</b> ${toForm('configure', 'switch', { apiInPlan: String(!settings.apiInPlan) })} ${toForm('rotateKey', 'New API key')}</p>
    ${toFailureForms()}
    <h2>Tests</h2>
    <table>${[...tests.values()].map(toTestRow)}</table>
    ${toForm('createTest', 'Create', {}, html`<input name="title" placeholder="Title" /><select name="proctored"><option value="false">not proctored</option><option value="true">proctored</option></select>`)}
    <h2>Test sessions</h2>
    <table>${sessions.toReversed().map((session) => toSessionRow(world, session))}</table>
    <h2>Live interviews</h2>
    <table>${interviews.toReversed().map(toInterviewRow)}</table>
    <h2>Endpoints</h2>
    <table>${hooks.list().map(
      ({
        id,
        url,
        state,
        queue,
        failures,
      }) => html`<tr><td><code>${url}</code></td><td>${state}, ${queue.length} waiting, ${failures} failures</td>
        <td>${toForm('updateEndpoint', 'Save again', { id: String(id) })}</td></tr>`,
    )}</table>
    ${toForm('registerEndpoint', 'Register', {}, html`<input name="url" placeholder="address" size="60" /><input name="secret" placeholder="secret" />`)}
    <h2>Letters</h2>
    <table>${mails
      .list()
      .toReversed()
      .map(
        ({ to, subject, links }) =>
          html`<tr><td>${to}</td><td>${subject}</td><td>${links.map((link) => html`<a href="${link}">link</a> `)}</td></tr>`,
      )}</table>`;
  return toControlLayout({ title: 'Playing CodeSignal', view });
}

function toTestRow({ id, title, proctored, archived }: CompanyTest): Html {
  return html`<tr><td><b>${title}</b><br /><code>${id}</code></td><td>${proctored ? 'proctored ' : ''}${archived ? 'archived' : ''}</td>
    <td>${toForm('archiveTest', archived ? 'Bring back' : 'Archive', { testId: id, archived: String(!archived) })} ${toForm('deleteTest', 'Delete', { testId: id })}
      ${toForm('invite', 'Invite', { testId: id }, html`<input name="email" placeholder="e-mail" />`)}</td></tr>`;
}

function toSessionRow(world: CodesignalWorld, session: TestSession): Html {
  const { id: sessionId, email, status, verification, result, testId } = session;
  const who = { sessionId };
  const score = scoreOf(session);
  return html`<tr><td><b>${email ?? 'no e-mail'}</b><br /><a href="${linkOf(world, session)}">personal link</a></td>
    <td>${world.tests.get(testId)?.title ?? testId}</td>
    <td>${status}${score === null ? '' : html`, ${score} of ${maxScoreOf(world, session)}`}${verification === null ? '' : html`, ${verification}`}</td>
    <td>${toSessionForms(session, who)}
      ${verification === 'pending' ? html`${toForm('verify', 'Verify', who)} ${toForm('reject', 'Reject', who)} ${toForm('reject', 'Reject, technical', { ...who, technical: 'true' })}` : ''}
      ${verification === 'notVerified' && status === 'over' ? toForm('expireUncertified', 'Not certified', who) : ''}
      ${result ? toForm('reviewIntegrity', 'Integrity', who, html`<select name="suspicion">${SUSPICIONS.map((word) => html`<option>${word}</option>`)}</select>`) : ''}</td></tr>`;
}

function toSessionForms({ status }: TestSession, who: { sessionId: string }): Html | string {
  if (status === 'pending')
    return html`${toForm('start', 'Start', who)} ${toForm('decline', 'Decline', who)} ${toForm('share', 'Share a result', who)}
      ${toForm('cancel', 'Delete', who)} ${toForm('expire', 'Let expire', who)}`;
  if (status === 'finalizing') return toForm('finishProcessing', 'Result ready', who);
  if (status !== 'active' && status !== 'gracePeriod') return '';
  return html`${toForm('submit', 'Submit', who, html`<input name="share" value="0.8" size="4" />`)} ${toForm('submit', 'Submit, result later', { ...who, processing: 'true' })}
    ${toForm('enterGracePeriod', 'Time is up', who)}`;
}

function toInterviewRow({ id: interviewId, candidateEmail, status }: LiveInterview): Html {
  return html`<tr><td>${candidateEmail}</td><td>${status}</td>
    <td>${status === 'over' ? '' : toForm('finishInterview', 'Finish', { interviewId })}
      ${toForm('giveFeedback', 'Feedback', { interviewId }, html`<input name="overallEvaluation" value="Strong Yes" />`)}</td></tr>`;
}
