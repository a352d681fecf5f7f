import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { GreenhouseSimulator } from '../greenhouse-simulator.ts';
import { toName } from '../pages/name.ts';
import type { Application } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { type DoAct, isActName } from './act-table.ts';

interface ControlPageParts {
  simulator: GreenhouseSimulator;
  world: World;
  doAct: DoAct;
}
type Markup = ReturnType<typeof html> | string;

const STYLE = `body{font:14px/1.5 system-ui,"DejaVu Sans",sans-serif;margin:24px auto;max-width:1200px;padding:0 20px;color:#1d2a2e}
table{border-collapse:collapse;width:100%;margin:8px 0 24px}td,th{text-align:start;padding:6px 10px 6px 0;border-bottom:1px solid #e3e8e7;vertical-align:top}
form{display:inline-flex;gap:4px;margin:0 8px 4px 0}pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font-size:12px}
button,select,input{font:inherit;padding:2px 8px}h2{font-size:16px}`;

/** A page without scripts on which a person plays the company: each button is a form that calls an act by its name. */
export function addControlPage(app: Hono, parts: ControlPageParts): void {
  app.get('/', (c) => c.html(toPage(parts)));
  app.post('/forms/acts/:name', async (c) => {
    await callByForm(c, parts);
    return c.redirect('/', 303);
  });
  app.post('/forms/candidates', async (c) => {
    applyByForm(await c.req.formData(), parts);
    return c.redirect('/', 303);
  });
  app.post('/forms/settings', async (c) => {
    const mode = (await c.req.formData()).get('webhooks');
    if (mode === 'deliver' || mode === 'drop' || mode === 'hold') parts.simulator.change({ webhooks: mode });
    return c.redirect('/', 303);
  });
  app.post('/forms/release', async (c) => {
    await parts.simulator.releaseHeld();
    return c.redirect('/', 303);
  });
  app.post('/forms/retry', async (c) => {
    await parts.simulator.retryDue({ all: true });
    return c.redirect('/', 303);
  });
}

/** Somebody new applies to a job. */
function applyByForm(form: FormData, { doAct, world }: ControlPageParts): void {
  const text = (key: string) => String(form.get(key) ?? '').trim() || undefined;
  const tag = text('tag');
  const person = { firstName: text('firstName'), lastName: text('lastName'), email: text('email'), tags: tag ? [tag] : [] };
  doAct('createCandidate', person);
  const candidateId = world.candidates.list().at(-1)?.id;
  doAct('createApplication', { candidateId, jobId: Number(form.get('jobId')) });
}

/** Forms only know text: what looks like a number or a truth value is one. */
async function callByForm(c: Context, { doAct }: ControlPageParts): Promise<void> {
  const entries = [...(await c.req.formData())].map(([key, value]) => [key, toValue(String(value))]);
  const name = c.req.param('name') ?? '';
  if (isActName(name)) doAct(name, Object.fromEntries(entries));
}

function toValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d+$/.test(text) ? Number(text) : text;
}

function toPage({ simulator, world }: ControlPageParts): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head><meta charset="utf-8" /><title>Playing Greenhouse</title><link rel="icon" href="data:," /><style>${STYLE}</style></head>
      <body>
        <h1>Playing Greenhouse</h1>
        ${toWebhookPart(simulator)}
        <h2>New candidate</h2>
        ${toNewCandidateForm(world)}
        <h2>Applications</h2>
        <table>
          <tr><th>Candidate</th><th>Job, stage</th><th>Acts</th></tr>
          ${world.applications.list().map((row) => toRow(world, row))}
        </table>
        <h2>Journal</h2>
        <table>${[...simulator.journal.list({ simulator: 'greenhouse' })].reverse().slice(0, 60).map(toJournalRow)}</table>
      </body>
    </html>`;
}

function toWebhookPart({ settings, world, deliveries }: GreenhouseSimulator): Markup {
  const modes = ['deliver', 'hold', 'drop'].map(
    (mode) => html`<option ${mode === settings.webhooks ? 'selected' : ''}>${mode}</option>`,
  );
  const count = (state: string) => deliveries.filter((one) => one.state === state).length;
  const rows = world.webhooks
    .list()
    .map((row) => html`<tr><td>${row.action}</td><td>${row.url}</td><td>${row.active ? 'on' : 'disabled'}</td></tr>`);
  return html`<h2>Webhooks</h2>
    <form method="post" action="/forms/settings"><select name="webhooks" aria-label="Webhooks">${modes}</select><button>Set</button></form>
    <form method="post" action="/forms/release"><button>Send the ${count('held')} held</button></form>
    <form method="post" action="/forms/retry"><button>Retry the ${count('waiting')} failed</button></form>
    <table>${rows}</table>`;
}

function toNewCandidateForm(world: World): Markup {
  const field = (name: string, label: string) =>
    html`<input name="${name}" aria-label="${label}" placeholder="${label}" size="16" />`;
  return html`<form method="post" action="/forms/candidates">
    ${field('firstName', 'First name')} ${field('lastName', 'Last name')} ${field('email', 'E-mail')} ${field('tag', 'Tag')}
    ${toSelect('jobId', world.jobs.list())}<button>Apply</button>
  </form>`;
}

function toRow(world: World, application: Application): Markup {
  const candidate = world.candidates.get(application.candidateId);
  const job = world.jobs.find(application.jobId)?.name ?? 'Prospect';
  const stage = world.currentStage(application)?.name ?? application.status;
  const tags = world.tagsOf(candidate.id).join(', ');
  return html`<tr>
    <td dir="auto">${toName(candidate)}<br /><small>${candidate.emails[0]?.value ?? 'no e-mail'} ${tags ? `· ${tags}` : ''}</small></td>
    <td>${job}<br /><small>${stage}, ${application.status}</small></td>
    <td>${toApplicationForms(world, application)} ${toCandidateForms(world, application.candidateId)}</td>
  </tr>`;
}

function toApplicationForms(world: World, { id, jobId, status }: Application): Markup[] {
  const about = { applicationId: id };
  if (status === 'rejected') return [toForm('unreject', about)];
  if (status === 'hired') return [toForm('unhire', about)];
  const remove = toForm('deleteApplication', about);
  if (jobId === null) return [remove];
  const openings = world.openings.list((row) => row.jobId === jobId && row.closedAt === null);
  return [
    toForm('move', about, toSelect('stageId', world.stagesOf(jobId))),
    toForm('reject', about, toSelect('reasonId', world.reasons.list())),
    toForm('hire', openings[0] ? { ...about, openingId: openings[0].id } : about),
    remove,
  ];
}

function toCandidateForms(world: World, candidateId: number): Markup[] {
  const candidate = world.candidates.get(candidateId);
  const tags = world.tagsOf(candidateId).map((tag) => toForm('untag', { candidateId, tag }, '', `untag ${tag}`));
  return [
    toForm('tag', { candidateId }, html`<input name="tag" aria-label="Tag" size="12" required />`),
    ...tags,
    toForm('setPrivate', { candidateId, private: !candidate.private }, '', candidate.private ? 'make public' : 'make private'),
    toForm('anonymizeCandidate', { candidateId }),
    toForm('deleteCandidate', { candidateId }),
  ];
}

function toForm(
  name: string,
  hidden: Record<string, string | number | boolean>,
  inputs: Markup = '',
  label = toWords(name),
): Markup {
  const fields = Object.entries(hidden).map(
    ([key, value]) => html`<input type="hidden" name="${key}" value="${String(value)}" />`,
  );
  return html`<form method="post" action="/forms/acts/${name}">${fields}${inputs}<button>${label}</button></form>`;
}

/** "deleteCandidate" -> "delete candidate" */
function toWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function toSelect(name: string, rows: { id: number; name: string }[]): Markup {
  return html`<select name="${name}" aria-label="${name}">${rows.map((row) => html`<option value="${row.id}">${row.name}</option>`)}</select>`;
}

function toJournalRow(entry: { at: string; kind: string; what: string; status: number | null; detail: unknown }): Markup {
  return html`<tr><td>${entry.at.slice(11, 19)}</td><td>${entry.kind}</td><td>${entry.what} ${entry.status ?? ''}</td><td><pre>${JSON.stringify(entry.detail)}</pre></td></tr>`;
}
