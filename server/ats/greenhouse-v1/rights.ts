/**
 * The check boxes of a Harvest v1 key: one for each call, labelled as the headings of the documentation, and the call that proves it.
 * https://developers.greenhouse.io/harvest.html
 */
import { type AtsRight, HELPS, helpsNeededFor, IDLE, neededFor, type RightNeed, type RightPurpose } from '../doctor.ts';

/**
 * `{application}`, `{candidate}`, `{job}`, `{stage}` and `{opening}` in a path stand for ids. Writes are sent to the test candidate
 * without what they cannot do without, so that nothing can come of them: a refusal as incomplete (422) is said only to those who have
 * the right. Inferred: Greenhouse looks at the right first.
 */
export interface V1Right extends AtsRight {
  call: 'GET' | 'GET list' | 'POST' | 'PATCH';
  path: string;
}

export const V1_RIGHTS: readonly V1Right[] = [
  right('Applications: Get: List Applications', 'list-applications', 'GET list /applications'),
  right('Applications: Get: Retrieve Application', 'read-application', 'GET /applications/{application}'),
  right('Candidates: Get: Retrieve Candidate', 'read-candidate', 'GET /candidates/{candidate}'),
  right('Activity Feed: Get: Retrieve Activity Feed', 'stage-history', 'GET /candidates/{candidate}/activity_feed'),
  right('Job Stages: Get: List Job Stages (For Job)', 'stage-names', 'GET /jobs/{job}/stages'),
  right('Jobs: Get: List Jobs', 'jobs', 'GET list /jobs'),
  right('Job Stages: Get: List Job Stages', 'stages', 'GET list /job_stages'),
  right('Candidates: Post: Add Note', 'write-note', 'POST /candidates/{candidate}/activity_feed/notes'),
  right('Candidates: Patch: Edit Candidate', 'add-tag', 'PATCH /candidates/{candidate}'),
  right('Applications: Post: Move Application (Same Job)', 'move', 'POST /applications/{application}/move'),
  right('Users: Get: List Users', 'users', 'GET list /users', helpsNeededFor('attribution')),
  right(
    'Applications: Post: Move Application (Different Job)',
    'transfer',
    'POST /applications/{application}/transfer_to_job',
    HELPS,
  ),
  // The only place where such a key sees which custom fields there are.
  right('Candidates: Get: List Candidates', 'read-fields', 'GET list /candidates', neededFor('fields')),
  right('Jobs: Get: Retrieve Job', 'nothing', 'GET /jobs/{job}', IDLE),
  right('Job Stages: Get: Retrieve Job Stage', 'nothing', 'GET /job_stages/{stage}', IDLE),
  right('Job Openings: Get: List Job Openings', 'openings', 'GET /jobs/{job}/openings', IDLE),
  right('Job Openings: Get: Single Opening for a Job', 'openings', 'GET /jobs/{job}/openings/{opening}', IDLE),
  right('Job Posts: Get: List Job Posts', 'job-posts', 'GET list /job_posts', IDLE),
  right('Job Posts: Get: Retrieve Job Post for Job', 'job-posts', 'GET /jobs/{job}/job_post', IDLE),
];

/** Harmless reads that we never make, looked at because a key often holds too much: told only where they are granted. */
export const V1_EXTRAS: readonly V1Right[] = [
  right('Offers: Get: List Offers', 'nothing', 'GET list /offers', IDLE),
  right('Scorecards: Get: List Scorecards', 'nothing', 'GET list /scorecards', IDLE),
  right('EEOC: Get: List EEOC', 'nothing', 'GET list /eeoc', IDLE),
  right('Scheduled Interviews: Get: List Scheduled Interviews', 'nothing', 'GET list /scheduled_interviews', IDLE),
];

/** By what a recruiter can do in the panel. */
export const CHANGE_RIGHTS = { transfer: ['Applications: Post: Move Application (Different Job)'] };

function right(name: string, purpose: RightPurpose, line: string, need: RightNeed = 'always'): V1Right {
  const at = line.lastIndexOf(' ');
  return { name, purpose, need, call: line.slice(0, at) as V1Right['call'], path: line.slice(at + 1) };
}
