/**
 * One application of Greenhouse, whole. Harvest v3 embeds nothing and has no single reads, so it is put together from lists:
 * https://harvestdocs.greenhouse.io/reference/get_v3-applications
 * https://harvestdocs.greenhouse.io/reference/get_v3-application-stages
 * https://harvestdocs.greenhouse.io/reference/get_v3-candidates
 * https://harvestdocs.greenhouse.io/reference/get_v3-jobs
 * https://harvestdocs.greenhouse.io/reference/get_v3-rejection-details
 */
import { type Snapshot, type StageEntry, stageEntryKey } from '../../../lib/domain/application.ts';
import type { Clock } from '../../clock.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { type GreenhouseClient, isGreenhouseId } from './client.ts';
import type { GreenhouseNames, Names } from './names.ts';
import {
  type GreenhouseApplication,
  type GreenhouseApplicationStage,
  type GreenhouseCandidate,
  greenhouseApplicationSchema,
  greenhouseApplicationStageSchema,
  greenhouseCandidateSchema,
  greenhouseJobSchema,
  greenhouseRejectionDetailSchema,
} from './schemas.ts';
import { readStatus } from './status.ts';

interface SnapshotDependencies {
  client: GreenhouseClient;
  names: GreenhouseNames;
  clock: Clock;
  connectionId: string;
}

/**
 * `not-found` also when the person is not visible to us: half a snapshot would look like a candidate without tags and e-mail. `unreadable`
 * while the lists name two current stages of somebody in process: taken together they would tell of a stage that was entered and left at
 * once.
 */
export async function readGreenhouseSnapshot(
  dependencies: SnapshotDependencies,
  applicationId: string,
): Promise<CallResult<Snapshot>> {
  // Once more where a move fell between two of the lists. Whoever is moved again by then is to be read later.
  for (const isLast of [false, true]) {
    const snapshot = await readTogether(dependencies, { applicationId, isLast });
    if (snapshot !== 'torn') return snapshot;
  }
  return { ok: false, kind: 'unreadable', detail: 'Two lists of Greenhouse name two current stages of one application' };
}

async function readTogether(
  { client, names, clock, connectionId }: SnapshotDependencies,
  { applicationId, isLast }: { applicationId: string; isLast: boolean },
): Promise<CallResult<Snapshot> | 'torn'> {
  const readAt = clock.now().toISOString();
  const application = await readApplication(client, applicationId);
  if (!application.ok) return application;
  const toldAt = clock.now();
  const { status, isUnderstood } = readStatus(application.value);

  const [rows, candidate, job, disposition] = await Promise.all([
    client.list('/application_stages', { application_ids: applicationId }, greenhouseApplicationStageSchema),
    readCandidate(client, application.value.candidate_id),
    readJob(client, application.value.job_id),
    status === 'archived' ? readDisposition(client, names, application.value) : succeed(null),
  ]);
  if (!rows.ok) return rows;
  // Of whom Greenhouse has closed the lists may disagree for good, and nothing goes out to them: the end is what counts.
  const canBeUsed = isLast && status !== 'active';
  if (isTorn(application.value, rows.value) && !canBeUsed) return 'torn';
  if (!candidate.ok) return candidate;
  if (!job.ok) return job;
  if (!disposition.ok) return disposition;

  const stageId = application.value.job_interview_stage_id ?? currentRow(rows.value)?.job_interview_stage_id ?? null;
  const stageNames = await readStageNames(names, { application: application.value, toldAt, rows: rows.value, stageId });
  if (!stageNames.ok) return stageNames;
  return succeed({
    ats: 'greenhouse',
    connectionId,
    applicationId,
    candidateId: application.value.candidate_id,
    ...toPerson(candidate.value),
    job: job.value,
    stage: stageId === null ? null : { id: stageId, name: stageNames.value.get(stageId) ?? application.value.stage_name },
    stageEntries: isUnderstood ? toStageEntries(rows.value, stageNames.value, application.value.created_at) : [],
    status,
    disposition: disposition.value,
    // Greenhouse does not say; it tells by the webhook candidate_anonymized.
    anonymised: false,
    createdAt: application.value.created_at,
    profileUrl: toProfileUrl(application.value),
    readAt,
  });
}

/** Where one of the two names no stage, as of who has been rejected or hired, nothing speaks against the other. */
function isTorn(
  { job_interview_stage_id: stageId }: GreenhouseApplication,
  rows: readonly GreenhouseApplicationStage[],
): boolean {
  const current = rows.flatMap((row) => (row.current && row.job_interview_stage_id) || []);
  return stageId !== null && current.length > 0 && !current.includes(stageId);
}

/** One application, or `not-found`: deleted and invisible look the same, an empty list. */
export async function readApplication(
  client: GreenhouseClient,
  applicationId: string,
): Promise<CallResult<GreenhouseApplication>> {
  if (!isGreenhouseId(applicationId)) return notFound('application');
  const found = await client.list('/applications', { ids: applicationId }, greenhouseApplicationSchema);
  if (!found.ok) return found;
  const application = found.value.find((row) => row.id === applicationId);
  return application ? succeed(application) : notFound('application');
}

async function readCandidate(
  client: GreenhouseClient,
  candidateId: string | null,
): Promise<CallResult<GreenhouseCandidate | null>> {
  if (candidateId === null) return succeed(null);
  const found = await client.list('/candidates', { ids: candidateId }, greenhouseCandidateSchema);
  if (!found.ok) return found;
  const candidate = found.value.find((row) => row.id === candidateId);
  return candidate ? succeed(candidate) : notFound('candidate');
}

/** A job that we may not see (confidential, template) still has its id; prospects have none. */
async function readJob(client: GreenhouseClient, jobId: string | null): Promise<CallResult<Snapshot['job']>> {
  if (jobId === null) return succeed(null);
  const found = await client.list('/jobs', { ids: jobId }, greenhouseJobSchema);
  if (!found.ok) return found;
  return succeed({ id: jobId, name: found.value.find((row) => row.id === jobId)?.name ?? null });
}

async function readDisposition(
  client: GreenhouseClient,
  names: GreenhouseNames,
  application: GreenhouseApplication,
): Promise<CallResult<Snapshot['disposition']>> {
  const details = await client.list('/rejection_details', { application_ids: application.id }, greenhouseRejectionDetailSchema);
  if (!details.ok) return details;
  const detail = details.value.find((row) => row.application_id === application.id) ?? details.value[0];
  const reasonId = detail?.rejection_reason_id ?? application.rejection_reason_id;
  const at = detail?.rejected_at ?? application.rejected_at;
  if (reasonId === null) return succeed({ reasonId: null, reasonName: null, at });
  const reasons = await names.rejectionReasons([reasonId]);
  return reasons.ok ? succeed({ reasonId, reasonName: reasons.value.get(reasonId) ?? null, at }) : reasons;
}

/**
 * The name of the current stage was read just now, the list of them perhaps minutes ago: a stage that was given the name of a role since
 * would be entered under its old one, and that is decided once. Where the list was read after it, the list has the newer name. Inferred: a
 * new name of a stage shows in its applications at once.
 */
async function readStageNames(
  names: GreenhouseNames,
  given: { application: GreenhouseApplication; toldAt: Date; rows: GreenhouseApplicationStage[]; stageId: string | null },
): Promise<CallResult<Names>> {
  const { application, toldAt, rows, stageId } = given;
  const { job_id: jobId, job_interview_stage_id: toldId, stage_name: toldName } = application;
  const told: Names = new Map(toldId === null || toldName === null ? [] : [[toldId, toldName]]);
  const needed = [stageId, ...rows.map((row) => row.job_interview_stage_id)].filter((id) => id !== null);
  if (jobId === null || needed.length === 0) return succeed(told);
  return await names.stagesOf(jobId, needed, { names: told, at: toldAt });
}

/** First and last name in one, null where the account has neither. */
export function toName(candidate: Pick<GreenhouseCandidate, 'first_name' | 'last_name'> | null | undefined): string | null {
  return [candidate?.first_name, candidate?.last_name].filter(Boolean).join(' ') || null;
}

function toPerson(
  candidate: GreenhouseCandidate | null,
): Pick<Snapshot, 'name' | 'emails' | 'canEmail' | 'tags' | 'confidential'> {
  return {
    name: toName(candidate),
    emails: [...new Set(candidate?.email_addresses)],
    canEmail: candidate?.can_email ?? null,
    tags: (candidate?.tags ?? []).map((text) => ({ text, inherited: false })),
    confidential: candidate?.private ?? false,
  };
}

/**
 * Oldest first; of two at the same moment the current one is last. Inferred: on a return to a stage Greenhouse either adds a row or
 * renews `entered_at`; in both cases the new crossing has a key of its own.
 */
function toStageEntries(rows: readonly GreenhouseApplicationStage[], names: Names, appliedAt: string | null): StageEntry[] {
  return rows
    .map((row) => ({ row, enteredAt: row.entered_at ?? (row.current ? leftBefore(rows, appliedAt) : null) }))
    .toSorted(
      (a, b) => timeOf(a.enteredAt) - timeOf(b.enteredAt) || Number(a.row.current ?? false) - Number(b.row.current ?? false),
    )
    .flatMap(({ row: { job_interview_stage_id: stageId, entered_at: told }, enteredAt }): StageEntry[] => {
      if (stageId === null || enteredAt === null) return [];
      const entry = {
        key: stageEntryKey(stageId, new Date(enteredAt)),
        stageId,
        stageName: names.get(stageId) ?? null,
        enteredAt,
      };
      return [told === null ? { ...entry, derived: true } : entry];
    });
}

/**
 * `entered_at` is documented as nullable. The current stage was entered when the one before it was left, and the first one when the
 * person applied; both stay the same however often they are read.
 */
function leftBefore(rows: readonly GreenhouseApplicationStage[], appliedAt: string | null): string | null {
  const left = rows.filter((row) => !row.current).map((row) => row.exited_at);
  return (
    left
      .filter((time) => time !== null)
      .toSorted()
      .at(-1) ?? appliedAt
  );
}

function timeOf(time: string | null): number {
  return Date.parse(time ?? '') || 0;
}

function currentRow(rows: readonly GreenhouseApplicationStage[]): GreenhouseApplicationStage | undefined {
  return rows.find((row) => row.current);
}

/** Inferred: app.greenhouse.io sends a recruiter of another silo on to the right host. */
function toProfileUrl({ id, candidate_id: candidateId }: GreenhouseApplication): string | null {
  return candidateId === null ? null : `https://app.greenhouse.io/people/${candidateId}?application_id=${id}`;
}

function notFound(what: string): CallResult<never> {
  return { ok: false, kind: 'not-found', status: 404, detail: `Greenhouse shows us no such ${what}` };
}
