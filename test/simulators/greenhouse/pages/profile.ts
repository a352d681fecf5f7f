import { html } from 'hono/html';
import type { Application, Candidate } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { toFeed } from './feed.ts';
import type { Markup } from './layout.ts';
import { toName } from './name.ts';

export interface Profile {
  world: World;
  candidate: Candidate;
  /** The one the address names; null on `/people/<id>` alone. */
  application: Application | null;
  /** Both profiles are separate document loads; only the redesigned one may change the candidate in place. */
  design: 'classic' | 'redesign';
}

export function toProfile(profile: Profile): Markup {
  const { world, candidate, application } = profile;
  const applications = application ? [application] : world.applicationsOf(candidate.id);
  return html`
    <div class="crumbs"><span>${toPlace(world, application)}</span>${toNeighbours(profile)}</div>
    ${toHead(world, candidate)}
    <div class="columns">
      <div>
        <div class="tabs"><span class="on">Overview</span><span>Application</span><span>Interviews</span><span>Private</span></div>
        ${applications.map((one) => toApplicationCard(world, one))}
        <section class="card"><h2>Activity feed</h2>${toFeed(world, candidate)}</section>
      </div>
      <div>${toDetails(world, candidate)} ${toTagForm(candidate)}</div>
    </div>
  `;
}

function toPlace(world: World, application: Application | null): Markup {
  const job = world.jobs.find(application?.jobId);
  if (!job) return html`<a href="/people">All candidates</a>`;
  return html`<a href="/alljobs">Jobs</a> / <a href="/plans/${job.id}/candidates">${job.name}</a>`;
}

function toHead(world: World, candidate: Candidate): Markup {
  const name = toName(candidate);
  const initials = [...name.matchAll(/(?<=^|\s)\p{L}/gu)].slice(0, 2).join('') || '?';
  const work = [candidate.title, candidate.company].filter(Boolean).join(' at ');
  const tags = world.tagsOf(candidate.id).map((tag) => html`<span class="tag">${tag}</span>`);
  return html`<section class="card head">
    <span class="face" aria-hidden="true">${initials}</span>
    <div>
      <h1 data-test="candidate-name" class="person-name" dir="auto">${name}</h1>
      <div class="quiet" dir="auto">${work || 'No current position'}</div>
      <div>${tags}</div>
    </div>
  </section>`;
}

/** The neighbours in the same job, newest application first, as the pipeline list has them. */
function toNeighbours({ world, application, design }: Profile): Markup {
  if (!application) return '';
  const list = world.applications.list((row) => row.jobId === application.jobId).reverse();
  const place = list.findIndex((row) => row.id === application.id);
  const swap = design === 'redesign' && world.settings.navigation === 'push-state';
  const link = (row: Application | undefined, word: string) =>
    row &&
    html`<a data-provides="${word.toLowerCase()}-candidate" href="${toHref(row, design)}" ${swap ? html`data-swap="push"` : ''}>${word}</a>`;
  return html`<nav>${link(list[place - 1], 'Previous')} ${link(list[place + 1], 'Next')}</nav>`;
}

export function toHref({ candidateId, id }: Application, design: Profile['design']): string {
  if (design === 'redesign') return `/people/${candidateId}/applications/${id}/redesign`;
  return `/people/${candidateId}?application_id=${id}`;
}

function toApplicationCard(world: World, application: Application): Markup {
  const job = world.jobs.find(application.jobId);
  const jobs = application.prospectiveJobIds.map((id) => world.jobs.find(id)?.name).join(', ');
  const state = application.prospect ? 'prospect' : application.status;
  const word = { in_process: 'Active', rejected: 'Rejected', hired: 'Hired', converted: 'Converted', prospect: 'Prospect' }[
    state
  ];
  const applied = new Date(application.createdAt).toISOString().slice(0, 10);
  return html`<section class="card" data-application="${application.id}">
    <div class="crumbs"><h2>${job?.name ?? `Prospect for ${jobs}`}</h2><span class="state ${state}">${word}</span></div>
    <div class="quiet small">Applied ${applied} · ${application.source?.name ?? 'No source'}</div>
    ${toSteps(world, application)} ${toForms(world, application)}
  </section>`;
}

function toSteps(world: World, application: Application): Markup {
  if (application.jobId === null) return '';
  const stages = world.stagesOf(application.jobId);
  const at = stages.findIndex((stage) => stage.id === world.currentStage(application)?.id);
  const mark = (place: number) => (place === at ? 'now' : place < at || application.status === 'hired' ? 'done' : '');
  return html`<ol class="steps">${stages.map((stage, place) => html`<li class="${mark(place)}">${stage.name}</li>`)}</ol>`;
}

function toForms(world: World, application: Application): Markup {
  const post = (what: string) => `/people/${application.candidateId}/applications/${application.id}/${what}`;
  if (application.status === 'rejected')
    return html`<form class="row" method="post" action="${post('unreject')}"><button>Unreject</button></form>`;
  if (application.status !== 'in_process' || application.jobId === null) return '';
  const current = world.currentStage(application);
  const stages = world.stagesOf(application.jobId).filter((stage) => stage.id !== current?.id);
  const next = stages.find((stage) => stage.sortOrder > (current?.sortOrder ?? -1));
  const stageOptions = stages.map(
    (stage) => html`<option value="${stage.id}" ${stage === next ? 'selected' : ''}>${stage.name}</option>`,
  );
  const reasons = world.reasons.list().map((reason) => html`<option value="${reason.id}">${reason.name}</option>`);
  return html`<form class="row" method="post" action="${post('move')}">
      <select name="stageId" aria-label="Stage">${stageOptions}</select>
      <button class="main">Move stage</button>
    </form>
    <form class="row" method="post" action="${post('reject')}">
      <select name="reasonId" aria-label="Reason">${reasons}</select><button class="warn">Reject</button>
    </form>`;
}

function toDetails(world: World, candidate: Candidate): Markup {
  const recruiter = world.users.find(world.applicationsOf(candidate.id)[0]?.recruiterId);
  const emails = candidate.emails.map((email) => email.value).join(', ');
  return html`<section class="card">
    <h2>Details</h2>
    <dl>
      <dt>Email</dt><dd class="contact-item">${emails || 'None'}</dd>
      <dt>Phone</dt><dd>${candidate.phones[0]?.value ?? 'None'}</dd>
      <dt>Recruiter</dt><dd>${recruiter ? `${recruiter.firstName} ${recruiter.lastName}` : 'Nobody'}</dd>
      <dt>Visibility</dt><dd>${candidate.private ? 'Private' : 'Public'}</dd>
    </dl>
    <button data-provides="header-view-resume">View resume</button>
  </section>`;
}

function toTagForm(candidate: Candidate): Markup {
  return html`<section class="card">
    <h2>Tags</h2>
    <form class="row" method="post" action="/people/${candidate.id}/tags">
      <input name="tag" aria-label="Tag" required size="16" /><button>Add tag</button>
    </form>
  </section>`;
}
