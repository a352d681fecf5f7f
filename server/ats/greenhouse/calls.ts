/**
 * The lists that Greenhouse gives us: applications of a person, what changed, stages, reasons, and the check of the credential.
 * https://harvestdocs.greenhouse.io/reference
 */
import { z } from 'zod';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { ApplicationSummary, AtsDispositionReason, AtsStage, ChangedApplication } from '../port.ts';
import { chunksOf, type GreenhouseClient, type GreenhouseQuery, isGreenhouseId } from './client.ts';
import { toName, toStatus } from './read-snapshot.ts';
import {
  type GreenhouseApplication,
  greenhouseApplicationSchema,
  greenhouseCandidateSchema,
  greenhouseIdSchema,
  greenhouseJobSchema,
  greenhouseJobStageSchema,
  greenhouseRejectionReasonSchema,
} from './schemas.ts';

/** Converted prospects are left out: the application that came of them stands beside. */
export async function findApplications(client: GreenhouseClient, candidateId: string): Promise<CallResult<ApplicationSummary[]>> {
  if (!isGreenhouseId(candidateId)) return succeed([]);
  const found = await client.list('/applications', { candidate_ids: candidateId }, greenhouseApplicationSchema);
  if (!found.ok) return found;
  const applications = found.value.filter((row) => row.status !== 'converted').toSorted(newestFirst);
  if (applications.length === 0) return succeed([]);
  const jobIds = applications.map((row) => row.job_id).filter((id) => id !== null);
  const [people, jobs] = await Promise.all([
    client.list('/candidates', { ids: candidateId }, greenhouseCandidateSchema),
    client.listByIds({ path: '/jobs', parameter: 'ids', ids: jobIds }, greenhouseJobSchema),
  ]);
  if (!people.ok) return people;
  if (!jobs.ok) return jobs;
  const candidateName = toName(people.value[0]);
  const jobNames = new Map(jobs.value.map((job) => [job.id, job.name]));
  return succeed(applications.flatMap((application) => toSummary(application, candidateName, jobNames)));
}

function toSummary(
  application: GreenhouseApplication,
  candidateName: string | null,
  jobNames: ReadonlyMap<string, string | null>,
): ApplicationSummary[] {
  const status = toStatus(application);
  if (!status) return [];
  return [
    {
      applicationId: application.id,
      candidateId: application.candidate_id,
      candidateName,
      jobName: jobNames.get(application.job_id ?? '') ?? null,
      stageName: application.stage_name,
      status,
    },
  ];
}

function newestFirst(a: GreenhouseApplication, b: GreenhouseApplication): number {
  return (b.created_at ?? '').localeCompare(a.created_at ?? '');
}

const changedSchema = z.object({ id: greenhouseIdSchema });

/**
 * Applications in the given stages, and rejected or hired ones, that changed at or after `since`. The filter is
 * `job_interview_stage_ids`: `stage_ids` means rows of the history and finds nothing for a stage, without an error.
 * Inferred: a move, a rejection and a hire each renew `updated_at`.
 */
export async function* findChangedSince(
  client: GreenhouseClient,
  { since, stageIds }: { since: Date; stageIds: string[] },
): AsyncGenerator<CallResult<ChangedApplication>> {
  const queries: GreenhouseQuery[] = [
    ...chunksOf(stageIds).map((ids) => ({ job_interview_stage_ids: ids.join(',') })),
    { status: 'rejected' },
    { status: 'hired' },
  ];
  const told = new Set<string>();
  for (const query of queries) {
    const changed = { ...query, updated_at: `gte|${since.toISOString()}` };
    for await (const page of client.pages('/applications', changed, changedSchema)) {
      if (!page.ok) {
        yield page;
        return;
      }
      const news = page.value.filter((row) => !told.has(row.id));
      for (const row of news) told.add(row.id);
      yield* news.map((row) => succeed({ applicationId: row.id }));
    }
  }
}

/** The stages in use of all open jobs: each job of Greenhouse has stages of its own. */
export async function listStages(client: GreenhouseClient): Promise<CallResult<AtsStage[]>> {
  const jobs = await client.list('/jobs', { status: 'open' }, greenhouseJobSchema);
  if (!jobs.ok) return jobs;
  const stages = await client.listByIds(
    { path: '/job_interview_stages', parameter: 'job_ids', ids: jobs.value.map((job) => job.id), query: { active: true } },
    greenhouseJobStageSchema,
  );
  if (!stages.ok) return stages;
  const named = new Map(jobs.value.map((job) => [job.id, job]));
  return succeed(
    stages.value
      .map((stage) => ({
        stageId: stage.id,
        name: stage.name ?? stage.id,
        job: stage.job_id === null ? null : { id: stage.job_id, name: named.get(stage.job_id)?.name ?? null },
        order: stage.sort_order,
      }))
      .toSorted((a, b) => (a.job?.name ?? '').localeCompare(b.job?.name ?? '', 'en') || a.order - b.order),
  );
}

/** Greenhouse's own reasons are given only when asked for. A hire has no reason there: these are all ways to end without one. */
export async function listDispositionReasons(client: GreenhouseClient): Promise<CallResult<AtsDispositionReason[]>> {
  const reasons = await client.list('/rejection_reasons', { include_defaults: true }, greenhouseRejectionReasonSchema);
  if (!reasons.ok) return reasons;
  return succeed(reasons.value.map(({ id, name }) => ({ reasonId: id, name: name ?? id, kind: 'non-hired', active: true })));
}

/** One row of the list that every other call begins with: proves token, scope and the right to read. */
export async function checkReading(client: GreenhouseClient): Promise<CallResult<void>> {
  for await (const page of client.pages('/applications', { per_page: 1 }, changedSchema)) {
    return page.ok ? succeed(undefined) : page;
  }
  return succeed(undefined);
}
