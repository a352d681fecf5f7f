import { html } from 'hono/html';
import type { Application } from '../world/records.ts';
import type { World } from '../world/world.ts';
import type { Markup } from './layout.ts';
import { toName } from './name.ts';
import { toHref } from './profile.ts';

/** All candidates, or those of one job; the job's list links to the redesigned profile, the other to the classic one. */
export function toCandidateTable(
  world: World,
  { title, applications, forJob }: { title: string; applications: Application[]; forJob: boolean },
): Markup {
  const row = (application: Application) => html`<tr>
    <td><a dir="auto" href="${toHref(application, forJob ? 'redesign' : 'classic')}">${toName(world.candidates.get(application.candidateId))}</a></td>
    <td>${world.jobs.find(application.jobId)?.name ?? 'Prospect'}</td>
    <td>${world.currentStage(application)?.name ?? 'None'}</td>
    <td>${world.tagsOf(application.candidateId).map((tag) => html`<span class="tag">${tag}</span>`)}</td>
  </tr>`;
  return html`<h1>${title}</h1>
    <section class="card">
      <table>
        <thead><tr><th>Name</th><th>Job</th><th>Stage</th><th>Tags</th></tr></thead>
        <tbody>${[...applications].reverse().map(row)}</tbody>
      </table>
    </section>`;
}

export function toJobTable(world: World): Markup {
  const row = (job: { id: number; name: string; requisitionId: string | null; status: string }) => html`<tr>
    <td><a href="/plans/${job.id}/candidates">${job.name}</a></td>
    <td>${job.requisitionId ?? ''}</td>
    <td>${job.status}</td>
    <td>${world.applications.list((one) => one.jobId === job.id && one.status === 'in_process').length}</td>
  </tr>`;
  return html`<h1>Jobs</h1>
    <section class="card">
      <table>
        <thead><tr><th>Name</th><th>Requisition</th><th>Status</th><th>Active candidates</th></tr></thead>
        <tbody>${world.jobs.list().map(row)}</tbody>
      </table>
    </section>`;
}

/** A page of which only its existence matters here. */
export function toPlainPage(title: string): Markup {
  return html`<h1>${title}</h1><section class="card">${title}</section>`;
}

/**
 * Application Review: the candidate changes in place, and the address never names one. Public scripts met both ways of changing: a new link in the
 * head (`view`), and another address of the link that is there (`link`).
 */
export function toReview(world: World, { after, swap }: { after: number | null; swap: 'view' | 'link' }): Markup {
  const waiting = world.applications.list((row) => row.status === 'in_process' && world.currentStage(row)?.sortOrder === 0);
  const place = waiting.findIndex((row) => row.id === after) + 1;
  const application = waiting[place % Math.max(1, waiting.length)];
  if (!application) return html`<h1>Application review</h1><section class="card">Nobody waits.</section>`;
  const candidate = world.candidates.get(application.candidateId);
  return html`<h1>Application review</h1>
    <div class="card" data-provides="app-review">
      <header>
        <h2><a target="_blank" rel="noopener" dir="auto" href="${toHref(application, 'classic')}">${toName(candidate)}</a></h2>
        <span class="quiet">${world.jobs.find(application.jobId)?.name}</span>
      </header>
      <p>${candidate.title ?? 'No current position'}</p>
      <a data-provides="next" data-swap="${swap === 'link' ? 'link' : 'stay'}" href="/applications/review/app_review?swap=${swap}&after=${application.id}">Skip to the next</a>
    </div>`;
}
