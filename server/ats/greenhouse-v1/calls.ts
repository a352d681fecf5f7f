/** The lists of Harvest v1 that we use. https://developers.greenhouse.io/harvest.html#get-list-applications */
import { z } from 'zod';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { firstWayThatFits, isTooLarge } from '../first-way-that-fits.ts';
import { greenhouseIdSchema } from '../greenhouse/schemas.ts';
import { readStatus } from '../greenhouse/status.ts';
import type { ApplicationSummary, AtsDispositionReason, AtsStage, ChangedApplication } from '../port.ts';
import type { GreenhouseV1Client } from './client.ts';
import { readCandidate, toName } from './read-snapshot.ts';
import { greenhouseV1ApplicationSchema, greenhouseV1JobSchema, greenhouseV1StageSchema } from './schemas.ts';

const APPLICATIONS = { path: '/applications', right: 'Applications: Get: List Applications' };

/** A candidate comes with all applications; converted prospects are left out, what came of them stands beside. */
export async function findApplications(
  client: GreenhouseV1Client,
  candidateId: string,
): Promise<CallResult<ApplicationSummary[]>> {
  const candidate = await readCandidate(client, candidateId);
  if (!candidate.ok) return candidate.kind === 'not-found' ? succeed([]) : candidate;
  const person = { candidateName: toName(candidate.value), confidential: candidate.value.is_private === true };
  return succeed(
    candidate.value.applications
      .filter(({ status }) => status !== 'converted')
      .toSorted((a, b) => (b.applied_at ?? '').localeCompare(a.applied_at ?? ''))
      .map((application) => {
        const { id: applicationId, jobs, current_stage: stage } = application;
        const jobName = jobs[0]?.name ?? null;
        const { status } = readStatus(application);
        const { applied_at: createdAt } = application;
        return { applicationId, candidateId, ...person, jobName, stageName: stage?.name ?? null, status, createdAt };
      }),
  );
}

/** v1 gives whole applications only: fewer at a time where a page of them is larger than we take. */
const PAGE_SIZES = [500, 100, 20, 4];

/**
 * v1 filters by time alone, and knows no end of it (no `last_activity_before`): so no list is called too long here, as no part of it could be
 * asked for. https://developers.greenhouse.io/harvest.html#get-list-applications Inferred: a move, a transfer, a rejection and a hire each renew
 * `last_activity_at`.
 */
export async function* findChangedSince(
  client: GreenhouseV1Client,
  { since, stageIds }: { since: Date; stageIds: string[] },
): AsyncGenerator<CallResult<ChangedApplication>> {
  const told = new Set<string>();
  const query = { last_activity_after: since.toISOString() };
  const ways = PAGE_SIZES.map((size) => ({
    pages: () => client.pages(APPLICATIONS, { ...query, per_page: size }, greenhouseV1ApplicationSchema),
    leftFor: isTooLarge,
  }));
  for await (const page of firstWayThatFits(ways)) {
    if (!page.ok) {
      yield page.kind === 'unreadable' ? { ok: false, kind: 'unreadable', detail: page.detail } : page;
      return;
    }
    const news = page.value.filter((row) => !told.has(row.id));
    for (const row of news) told.add(row.id);
    yield* news.map(({ id, current_stage: stage }) =>
      succeed({
        applicationId: id,
        isElsewhere: stage === null || !stageIds.includes(stage.id),
        ...(stage?.name ? { stageName: stage.name } : {}),
      }),
    );
  }
}

/**
 * The stages in use of all open jobs. https://developers.greenhouse.io/harvest.html#get-list-jobs
 * https://developers.greenhouse.io/harvest.html#get-list-job-stages
 */
export async function listStages(client: GreenhouseV1Client): Promise<CallResult<AtsStage[]>> {
  const jobs = await client.list({ path: '/jobs', right: 'Jobs: Get: List Jobs' }, { status: 'open' }, greenhouseV1JobSchema);
  if (!jobs.ok) return jobs;
  const place = { path: '/job_stages', right: 'Job Stages: Get: List Job Stages' };
  const stages = await client.list(place, {}, greenhouseV1StageSchema);
  if (!stages.ok) return stages;
  const open = new Map(jobs.value.map((job) => [job.id, job]));
  return succeed(
    stages.value
      .flatMap(({ id, name, job_id, active, priority }) => {
        const job = open.get(job_id ?? '');
        return job && active !== false ? [{ stageId: id, name: name ?? id, job, order: priority }] : [];
      })
      .toSorted((a, b) => (a.job.name ?? '').localeCompare(b.job.name ?? '', 'en') || a.order - b.order),
  );
}

/** Enough for the reasons in use; a reason that turns up later is offered as soon as the page is opened again. */
const MAX_REJECTED_PAGES = 20;

/**
 * The reasons that rejected applications name: the known permission list has no right to list reasons, so one that nobody was ever
 * rejected for is not known.
 */
export async function listDispositionReasons(client: GreenhouseV1Client): Promise<CallResult<AtsDispositionReason[]>> {
  const found = new Map<string, AtsDispositionReason>();
  let pages = 0;
  for await (const page of client.pages(APPLICATIONS, { status: 'rejected' }, greenhouseV1ApplicationSchema)) {
    if (!page.ok) return page;
    for (const { rejection_reason: reason } of page.value)
      if (reason) found.set(reason.id, { reasonId: reason.id, name: reason.name ?? reason.id, kind: 'non-hired', active: true });
    pages += 1;
    if (pages === MAX_REJECTED_PAGES) break;
  }
  return succeed([...found.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en')));
}

const anySchema = z.object({ id: greenhouseIdSchema });

/** One row of the list that the sweep begins with: proves the key and the right to read. */
export async function checkReading(client: GreenhouseV1Client): Promise<CallResult<void>> {
  for await (const page of client.pages(APPLICATIONS, { per_page: 1 }, anySchema)) return page.ok ? succeed(undefined) : page;
  return succeed(undefined);
}
