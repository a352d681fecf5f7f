/**
 * Jobs with their openings and posts.
 * https://harvestdocs.greenhouse.io/reference/get_v3-jobs (scope harvest:jobs:list)
 * https://harvestdocs.greenhouse.io/reference/get_v3-openings (scope harvest:openings:list)
 * https://harvestdocs.greenhouse.io/reference/get_v3-job-posts (scope harvest:job_posts:list)
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { AtsJob, AtsJobPost, AtsOpening } from '../operations.ts';
import { type GreenhouseClient, type GreenhouseQuery, isGreenhouseId } from './client.ts';
import { greenhouseJobPostSchema, greenhouseJobRowSchema, greenhouseOpeningSchema } from './schemas.ts';

const STATUSES: readonly AtsJob['status'][] = ['open', 'closed', 'draft'];

/** Without templates, for which nobody applies. */
export async function listJobs(client: GreenhouseClient): Promise<CallResult<AtsJob[]>> {
  const jobs = await client.list('/jobs', {}, greenhouseJobRowSchema);
  if (!jobs.ok) return jobs;
  return succeed(
    jobs.value
      .filter((job) => job.is_template !== true)
      .map(({ id, name, status, confidential }) => ({
        jobId: id,
        name,
        status: toJobStatus(status),
        confidential: confidential ?? false,
      })),
  );
}

/** The words are ours too; a new one of theirs is `unknown`. */
export function toJobStatus(word: string | null): AtsJob['status'] {
  return STATUSES.find((status) => status === word) ?? 'unknown';
}

/** `openingId` is what calls take; the text that people know it by (also called `opening_id`) may be missing or repeated. */
export async function readOpenings(
  client: GreenhouseClient,
  jobId: string,
  query: GreenhouseQuery = {},
): Promise<CallResult<AtsOpening[]>> {
  if (!isGreenhouseId(jobId)) return succeed([]);
  const openings = await client.list('/openings', { job_ids: jobId, ...query }, greenhouseOpeningSchema);
  if (!openings.ok) return openings;
  return succeed(
    openings.value.map(({ id, opening_id, open, closed_at }) => ({
      openingId: id,
      name: opening_id,
      open: open ?? closed_at === null,
    })),
  );
}

export async function listJobPosts(client: GreenhouseClient, jobId: string): Promise<CallResult<AtsJobPost[]>> {
  if (!isGreenhouseId(jobId)) return succeed([]);
  const posts = await client.list('/job_posts', { job_ids: jobId }, greenhouseJobPostSchema);
  if (!posts.ok) return posts;
  return succeed(posts.value.map(({ id, title, live }) => ({ jobPostId: id, title, live: live ?? false })));
}
