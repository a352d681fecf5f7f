/**
 * Hiring. https://harvestdocs.greenhouse.io/reference/post_v3-applications-id-hire (scope harvest:applications:hire)
 * Reads harvest:applications:list, and harvest:openings:list where no opening is named.
 *
 * Once: hired already counts as done, before the call and after a refusal or a lost answer.
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { type GreenhouseClient, isGreenhouseId, toWireId } from './client.ts';
import { readOpenings } from './jobs.ts';
import { readApplication } from './read-snapshot.ts';
import { refuse, refuseUnlessInProcess } from './refusal.ts';

export interface Hire {
  applicationId: string;
  /** Greenhouse wants one where the job has several open openings. */
  openingId: string | null;
  /** ISO 8601; may stay open. */
  startsAt: string | null;
}

export async function hire(client: GreenhouseClient, { applicationId, openingId, startsAt }: Hire): Promise<CallResult<void>> {
  const application = await readApplication(client, applicationId);
  if (!application.ok) return application;
  if (application.value.status === 'hired') return succeed(undefined);
  const closed = refuseUnlessInProcess(application.value);
  if (closed) return closed;
  const undecided = openingId === null ? await refuseSeveralOpenings(client, application.value.job_id) : undefined;
  if (undecided) return undecided;
  if (openingId !== null && !isGreenhouseId(openingId)) return refuse('Greenhouse has no such opening');
  const answer = await client.post(`/applications/${applicationId}/hire`, {
    ...(openingId === null ? {} : { opening_id: toWireId(openingId) }),
    ...(startsAt === null ? {} : { start_date: startsAt }),
  });
  if (answer.ok) return succeed(undefined);
  if (answer.kind !== 'ambiguous' && answer.kind !== 'refused') return answer;
  const now = await readApplication(client, applicationId);
  return now.ok && now.value.status === 'hired' ? succeed(undefined) : answer;
}

/** Names them, so that somebody can choose. Who may not read openings leaves it to Greenhouse to refuse. */
async function refuseSeveralOpenings(client: GreenhouseClient, jobId: string | null): Promise<CallResult<never> | undefined> {
  if (jobId === null) return undefined;
  const openings = await readOpenings(client, jobId, { open: true });
  if (!openings.ok) return openings.kind === 'forbidden' ? undefined : openings;
  if (openings.value.length < 2) return undefined;
  const names = openings.value.map(({ openingId, name }) => name ?? openingId).join(', ');
  return refuse(`The job has several open openings, and one has to be named (opening_id): ${names}`);
}
