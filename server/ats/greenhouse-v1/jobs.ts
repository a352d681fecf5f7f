/**
 * Jobs with their openings and posts.
 * https://developers.greenhouse.io/harvest.html#get-list-jobs
 * https://developers.greenhouse.io/harvest.html#get-list-job-openings
 * https://developers.greenhouse.io/harvest.html#get-list-job-posts
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { isGreenhouseId } from '../greenhouse/client.ts';
import { toJobStatus } from '../greenhouse/jobs.ts';
import type { AtsJob, AtsJobPost, AtsOpening } from '../operations.ts';
import type { GreenhouseV1Client } from './client.ts';
import { greenhouseV1JobPostSchema, greenhouseV1JobRowSchema, greenhouseV1OpeningSchema } from './schemas.ts';

export async function listJobs(client: GreenhouseV1Client): Promise<CallResult<AtsJob[]>> {
  const jobs = await client.list({ path: '/jobs', right: 'Jobs: Get: List Jobs' }, {}, greenhouseV1JobRowSchema);
  if (!jobs.ok) return jobs;
  return succeed(
    jobs.value.map(({ id, name, status, confidential }) => ({
      jobId: id,
      name,
      status: toJobStatus(status),
      confidential: confidential ?? false,
    })),
  );
}

/** `openingId` is what calls take; the text that people know it by may be missing or repeated. */
export async function listOpenings(client: GreenhouseV1Client, jobId: string): Promise<CallResult<AtsOpening[]>> {
  if (!isGreenhouseId(jobId)) return succeed([]);
  const place = { path: `/jobs/${jobId}/openings`, right: 'Job Openings: Get: List Job Openings' };
  const openings = await client.list(place, {}, greenhouseV1OpeningSchema);
  if (!openings.ok) return openings;
  return succeed(
    openings.value.map(({ id, opening_id, status }) => ({ openingId: id, name: opening_id, open: status === 'open' })),
  );
}

/** v1 does not narrow the list to a job. */
export async function listJobPosts(client: GreenhouseV1Client, jobId: string): Promise<CallResult<AtsJobPost[]>> {
  const place = { path: '/job_posts', right: 'Job Posts: Get: List Job Posts' };
  const posts = await client.list(place, {}, greenhouseV1JobPostSchema);
  if (!posts.ok) return posts;
  return succeed(
    posts.value
      .filter((post) => post.job_id === jobId)
      .map(({ id, title, live }) => ({ jobPostId: id, title, live: live ?? false })),
  );
}
