/**
 * What the known permission list of a v1 key allows beside the main job: transfer, fields of candidates, jobs with openings and posts.
 * Nothing else: to reject, hire, advance or attach a file takes rights that such keys do not have. https://developers.greenhouse.io/harvest.html
 */
import type { AtsOperations } from '../operations.ts';
import type { GreenhouseV1Client } from './client.ts';
import { listFields, writeFields } from './fields.ts';
import { forCandidate } from './for-candidate.ts';
import { listJobPosts, listJobs, listOpenings } from './jobs.ts';
import { listUsers } from './list-users.ts';
import { transfer } from './transfer.ts';

export function createGreenhouseV1Operations(client: GreenhouseV1Client) {
  return {
    listUsers: () => listUsers(client),
    listJobs: () => listJobs(client),
    listOpenings: (jobId) => listOpenings(client, jobId),
    listJobPosts: (jobId) => listJobPosts(client, jobId),
    listFields: () => listFields(client),
    writeFields: (target, values) =>
      forCandidate(client, target, (candidateId) => writeFields(client.as(target.actingUserId), { candidateId, values })),
    transfer: ({ applicationId, actingUserId }, move) => transfer(client.as(actingUserId), { applicationId, ...move }),
  } satisfies AtsOperations;
}
