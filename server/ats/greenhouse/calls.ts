/**
 * The lists that Greenhouse gives us: applications of a person, stages, reasons, and the check of the credential.
 * https://harvestdocs.greenhouse.io/reference
 */
import { z } from 'zod';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { ApplicationSummary, AtsDispositionReason, AtsStage } from '../port.ts';
import { type GreenhouseClient, isGreenhouseId } from './client.ts';
import { toName } from './read-snapshot.ts';
import {
  type GreenhouseApplication,
  greenhouseApplicationSchema,
  greenhouseCandidateSchema,
  greenhouseIdSchema,
  greenhouseJobSchema,
  greenhouseJobStageSchema,
  greenhouseRejectionReasonSchema,
} from './schemas.ts';
import { readStatus } from './status.ts';

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
  const confidential = people.value[0]?.private ?? false;
  const jobNames = new Map(jobs.value.map((job) => [job.id, job.name]));
  return succeed(applications.map((application) => toSummary(application, { candidateName, confidential }, jobNames)));
}

function toSummary(
  application: GreenhouseApplication,
  person: { candidateName: string | null; confidential: boolean },
  jobNames: ReadonlyMap<string, string | null>,
): ApplicationSummary {
  return {
    applicationId: application.id,
    candidateId: application.candidate_id,
    ...person,
    jobName: jobNames.get(application.job_id ?? '') ?? null,
    stageName: application.stage_name,
    status: readStatus(application).status,
    createdAt: application.created_at,
  };
}

function newestFirst(a: GreenhouseApplication, b: GreenhouseApplication): number {
  return (b.created_at ?? '').localeCompare(a.created_at ?? '');
}

const rowSchema = z.object({ id: greenhouseIdSchema });

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

/** The stages in use of one job, also of a closed one or a draft: who is in process there stays so. Its name is not looked up. */
export async function listStagesOfJob(client: GreenhouseClient, jobId: string): Promise<CallResult<AtsStage[]>> {
  if (!isGreenhouseId(jobId)) return succeed([]);
  const stages = await client.list('/job_interview_stages', { job_ids: jobId, active: true }, greenhouseJobStageSchema);
  if (!stages.ok) return stages;
  const job = { id: jobId, name: null };
  return succeed(
    stages.value
      .map(({ id, name, sort_order: order }) => ({ stageId: id, name: name ?? id, job, order }))
      .toSorted((a, b) => a.order - b.order),
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
  for await (const page of client.pages('/applications', { per_page: 1 }, rowSchema)) {
    return page.ok ? succeed(undefined) : page;
  }
  return succeed(undefined);
}
