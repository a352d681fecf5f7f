/**
 * One application of Harvest v1, whole.
 * https://developers.greenhouse.io/harvest.html#get-retrieve-application
 * https://developers.greenhouse.io/harvest.html#get-retrieve-candidate
 * https://developers.greenhouse.io/harvest.html#get-retrieve-activity-feed
 */
import type { Snapshot } from '../../../lib/domain/application.ts';
import type { Clock } from '../../clock.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { isGreenhouseId } from '../greenhouse/client.ts';
import { readStatus } from '../greenhouse/status.ts';
import type { GreenhouseV1Client } from './client.ts';
import type { GreenhouseV1Names } from './names.ts';
import {
  type GreenhouseV1Application,
  type GreenhouseV1Candidate,
  type GreenhouseV1Feed,
  greenhouseV1ApplicationSchema,
  greenhouseV1CandidateSchema,
  greenhouseV1FeedSchema,
} from './schemas.ts';
import { toStageEntries } from './stage-history.ts';

interface SnapshotDependencies {
  client: GreenhouseV1Client;
  names: GreenhouseV1Names;
  clock: Clock;
  connectionId: string;
}

/** A part that cannot be read fails the whole: half a snapshot would look like a candidate without tags, e-mail or history. */
export async function readGreenhouseV1Snapshot(
  { client, names, clock, connectionId }: SnapshotDependencies,
  applicationId: string,
): Promise<CallResult<Snapshot>> {
  const readAt = clock.now().toISOString();
  const read = await readApplication(client, applicationId);
  if (!read.ok) return read;
  const application = read.value;
  const { status, isUnderstood } = readStatus(application);
  const { candidate_id: candidateId, current_stage: stage, rejection_reason: reason } = application;
  if (candidateId === null) return { ok: false, kind: 'not-found', status: 404, detail: 'The application names no candidate' };
  const job = application.jobs[0] ?? null;

  const [candidate, feed, stages] = await Promise.all([
    readCandidate(client, candidateId),
    readFeed(client, candidateId),
    job === null ? succeed([]) : names.stagesOf(job.id, stage?.id ?? null),
  ]);
  if (!candidate.ok) return candidate;
  if (!feed.ok) return feed;
  if (!stages.ok) return stages;
  const { activities } = feed.value;
  return succeed({
    ats: 'greenhouse',
    connectionId,
    applicationId,
    candidateId,
    ...toPerson(candidate.value),
    job,
    stage,
    stageEntries: isUnderstood
      ? toStageEntries({ application, activities, stages: stages.value, applications: candidate.value.applications })
      : [],
    status,
    disposition:
      status === 'archived'
        ? { reasonId: reason?.id ?? null, reasonName: reason?.name ?? null, at: application.rejected_at }
        : null,
    // Greenhouse does not say; it tells by the webhook candidate_anonymized.
    anonymised: false,
    createdAt: application.applied_at,
    profileUrl: `https://app.greenhouse.io/people/${candidateId}?application_id=${applicationId}`,
    readAt,
  });
}

export async function readApplication(client: GreenhouseV1Client, id: string): Promise<CallResult<GreenhouseV1Application>> {
  if (!isGreenhouseId(id)) return { ok: false, kind: 'not-found', status: 404, detail: 'Greenhouse has no such application' };
  const place = { path: `/applications/${id}`, right: 'Applications: Get: Retrieve Application' };
  return client.get(place, greenhouseV1ApplicationSchema);
}

export async function readCandidate(client: GreenhouseV1Client, id: string): Promise<CallResult<GreenhouseV1Candidate>> {
  if (!isGreenhouseId(id)) return { ok: false, kind: 'not-found', status: 404, detail: 'Greenhouse has no such candidate' };
  const place = { path: `/candidates/${id}`, right: 'Candidates: Get: Retrieve Candidate' };
  return client.get(place, greenhouseV1CandidateSchema);
}

export async function readFeed(client: GreenhouseV1Client, candidateId: string): Promise<CallResult<GreenhouseV1Feed>> {
  const place = { path: `/candidates/${candidateId}/activity_feed`, right: 'Activity Feed: Get: Retrieve Activity Feed' };
  return client.get(place, greenhouseV1FeedSchema);
}

export function toName({ first_name, last_name }: GreenhouseV1Candidate): string | null {
  return [first_name, last_name].filter(Boolean).join(' ') || null;
}

function toPerson(candidate: GreenhouseV1Candidate): Pick<Snapshot, 'name' | 'emails' | 'canEmail' | 'tags' | 'confidential'> {
  return {
    name: toName(candidate),
    emails: [...new Set(candidate.email_addresses)],
    canEmail: candidate.can_email,
    tags: candidate.tags.map((text) => ({ text, inherited: false })),
    confidential: candidate.is_private ?? false,
  };
}
