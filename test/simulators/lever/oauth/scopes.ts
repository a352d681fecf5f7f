import { type LeverPermission, RESOURCES } from '../types.ts';

/** Lever's list. Singular `contact` is no slip of ours. */
const READ_ONLY = [
  'applications',
  'archive_reasons',
  'audit_events',
  'diversity_surveys',
  'eeo_responses',
  'eeo_responses_pii',
  'offers',
  'referrals',
  'resumes',
  'sources',
  'stages',
  'tags',
  'tasks',
];
const READ_WRITE = [
  'contact',
  'feedback',
  'feedback_templates',
  'files',
  'forms',
  'form_templates',
  'groups',
  'interviews',
  'notes',
  'opportunities',
  'panels',
  'permissions',
  'postings',
  'requisitions',
  'requisition_fields',
  'roles',
  'users',
  'webhooks',
];

export const OFFLINE = 'offline_access';
export const CONFIDENTIAL = 'confidential:access:admin';
export const MAX_SCOPES = 20;

export const SCOPES: ReadonlySet<string> = new Set([
  OFFLINE,
  CONFIDENTIAL,
  'uploads:write:admin',
  ...[...READ_ONLY, ...READ_WRITE].map((resource) => `${resource}:read:admin`),
  ...READ_WRITE.map((resource) => `${resource}:write:admin`),
]);

/** The same rights as a key would have: the right to write holds the right to read. */
export function toPermissions(scopes: readonly string[]): Set<LeverPermission> {
  const has = (resource: string, right: string) => scopes.includes(`${resource}:${right}:admin`);
  return new Set(
    RESOURCES.flatMap((resource): LeverPermission[] => {
      const named = resource === 'contacts' ? 'contact' : resource;
      if (has(named, 'write')) return [`${resource}:read`, `${resource}:write`];
      return has(named, 'read') ? [`${resource}:read`] : [];
    }),
  );
}
