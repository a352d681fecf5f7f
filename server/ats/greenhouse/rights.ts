/**
 * The scopes of Harvest v3 that Tagalong uses, by their exact names on the page of the credential.
 * https://harvestdocs.greenhouse.io/docs/authentication
 */
import { type AtsRight, HELPS, helpsNeededFor, IDLE, neededFor, type RightNeed, type RightPurpose } from '../doctor.ts';

/** Each `list` scope is proved by one row of its list, which takes a Site Admin besides. */
export const GREENHOUSE_RIGHTS: readonly AtsRight[] = [
  right('applications:list', 'read-application', 'always'),
  right('candidates:list', 'read-candidate', 'always'),
  right('application_stages:list', 'stage-history', 'always'),
  right('job_interview_stages:list', 'stage-names', 'always'),
  right('jobs:list', 'jobs', 'always'),
  right('rejection_reasons:list', 'reasons', 'always'),
  right('rejection_details:list', 'end-reason', 'always'),
  right('notes:list', 'find-note', 'always'),
  right('notes:create', 'write-note', 'always'),
  right('candidate_tags:list', 'read-tags', 'always'),
  right('applied_candidate_tags:list', 'read-tags', 'always'),
  right('candidate_tags:create', 'new-tag', 'always'),
  right('applied_candidate_tags:create', 'add-tag', 'always'),
  right('applied_candidate_tags:destroy', 'remove-tag', 'always'),
  right('applications:move', 'move', 'always'),
  right('users:list', 'users', helpsNeededFor('attribution')),
  right('custom_fields:list', 'read-fields', neededFor('fields')),
  right('custom_field_options:list', 'read-fields', neededFor('fields')),
  right('applications:update', 'write-fields', neededFor('fields')),
  right('candidates:update', 'write-fields', neededFor('fields')),
  right('attachments:list', 'find-file', neededFor('report-file')),
  right('attachments:create', 'attach-file', neededFor('report-file')),
  right('openings:list', 'openings', HELPS),
  right('job_posts:list', 'job-posts', IDLE),
  right('applications:reject', 'end', HELPS),
  right('applications:unreject', 'end', HELPS),
  right('applications:hire', 'end', HELPS),
];

/** By what a recruiter can do in the panel. */
export const CHANGE_RIGHTS = {
  advance: ['harvest:applications:move'],
  transfer: ['harvest:applications:move'],
  reject: ['harvest:applications:reject'],
  unreject: ['harvest:applications:unreject'],
  hire: ['harvest:applications:hire'],
};

function right(name: string, purpose: RightPurpose, need: RightNeed): AtsRight {
  return { name: `harvest:${name}`, purpose, need };
}

/** Whose list proves the scope; null for writes, which are judged by the scope alone. */
export function listOf(right: AtsRight): string | null {
  const resource = /^harvest:(\w+):list$/.exec(right.name)?.[1];
  return resource === undefined ? null : `/${resource}`;
}

/** Greenhouse lets a credential hold scopes that we know nothing of. */
export function unknownRight(name: string): AtsRight {
  return { name, purpose: 'nothing', need: IDLE };
}

export const USERS_RIGHT = 'harvest:users:list';
