import type { Context } from 'hono';
import type { User } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { V1Error } from './v1-error.ts';

/** One check box for each call, as on Greenhouse's page of permissions; the known list of a v1 key for assessments. */
export const V1_RIGHTS = [
  'Activity Feed: Get: Retrieve Activity Feed',
  'Applications: Get: List Applications',
  'Applications: Get: Retrieve Application',
  'Applications: Post: Move Application (Same Job)',
  'Applications: Post: Move Application (Different Job)',
  'Candidates: Post: Add Note',
  'Candidates: Get: List Candidates',
  'Candidates: Get: Retrieve Candidate',
  'Candidates: Patch: Edit Candidate',
  'Jobs: Get: List Jobs',
  'Jobs: Get: Retrieve Job',
  'Job Openings: Get: List Job Openings',
  'Job Openings: Get: Single Opening for a Job',
  'Job Posts: Get: List Job Posts',
  'Job Posts: Get: Retrieve Job Post for Job',
  'Job Stages: Get: List Job Stages',
  'Job Stages: Get: List Job Stages (For Job)',
  'Job Stages: Get: Retrieve Job Stage',
] as const;
/** Boxes beyond that list: a key has them only when they are named. */
const FURTHER_RIGHTS = ['Users: Get: List Users'] as const;
export type V1Right = (typeof V1_RIGHTS)[number] | (typeof FURTHER_RIGHTS)[number];

export interface V1Key {
  key: string;
  rights: V1Right[];
}

/** The Harvest v1 keys of a company. */
export class V1Keys {
  private readonly keys: V1Key[] = [];
  private readonly newId: () => string;
  constructor(newId: () => string) {
    this.newId = newId;
  }

  create(rights: readonly V1Right[] = V1_RIGHTS): V1Key {
    const key = { key: `${this.newId().replaceAll('-', '')}-1`, rights: [...rights] };
    this.keys.push(key);
    return key;
  }

  /** Ticks one more box of every key. */
  grant(right: V1Right): void {
    for (const key of this.keys) key.rights.push(right);
  }

  /** Takes one right from every key. */
  drop(right: V1Right): void {
    for (const key of this.keys) key.rights = key.rights.filter((other) => other !== right);
  }

  /** The key as user name with a blank password. Throws 401. */
  authenticate(c: Context): V1Key {
    const given = /^Basic (\S+)$/.exec(c.req.header('Authorization') ?? '')?.[1] ?? '';
    const [name, ...password] = Buffer.from(given, 'base64').toString('utf8').split(':');
    const found = this.keys.find(({ key }) => key === name);
    if (!found || password.join(':') !== '' || password.length === 0) throw new V1Error(401, 'Invalid Basic Auth credentials');
    return found;
  }
}

export function needRight({ rights }: V1Key, right: V1Right): void {
  if (!rights.includes(right)) throw new V1Error(403, 'This API Key does not have permission for this endpoint');
}

/** Every write names an active user. Inferred: which refusal answers when it does not. */
export function needActingUser(c: Context, world: World): User {
  const given = c.req.header('On-Behalf-Of') ?? '';
  if (given === '') throw new V1Error(403, 'The On-Behalf-Of header is required for this request');
  const user = /^\d+$/.test(given) ? world.users.find(Number(given)) : undefined;
  if (!user || user.deactivated) throw new V1Error(403, 'The On-Behalf-Of header does not name an active user');
  return user;
}
