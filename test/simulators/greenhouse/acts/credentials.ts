import type { Credential } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { createUser } from './company.ts';

/** Every scope that a call of the simulator asks for. */
export const ALL_SCOPES = [
  ...['candidates', 'applications', 'application_stages', 'job_interview_stages', 'jobs', 'openings', 'job_posts', 'users'],
  ...[
    'rejection_reasons',
    'rejection_details',
    'notes',
    'candidate_tags',
    'applied_candidate_tags',
    'custom_fields',
    'custom_field_options',
    'attachments',
  ],
]
  .map((resource) => `harvest:${resource}:list`)
  .concat(['move', 'reject', 'unreject', 'hire', 'update'].map((action) => `harvest:applications:${action}`))
  .concat('harvest:rejection_details:update')
  .concat('harvest:candidates:update', 'harvest:notes:create', 'harvest:candidate_tags:create', 'harvest:attachments:create')
  .concat('harvest:applied_candidate_tags:create', 'harvest:applied_candidate_tags:destroy');

export interface NewCredential {
  /** All when absent. */
  scopes?: string[];
  siteAdmin?: boolean;
  seesPrivate?: boolean;
}

/** A "Harvest V3 (OAuth)" credential with its integration service user. The id ends in a number, the secret is shown once. */
export function createCredential(
  world: World,
  newId: () => string,
  wanted: NewCredential = {},
): Credential & { clientSecret: string } {
  const number = world.credentials.list().length + 1;
  const { siteAdmin = true, seesPrivate = false, scopes = ALL_SCOPES } = wanted;
  const email = `integration-${number}@service.greenhouse.example`;
  const person = { firstName: 'Integration', lastName: `Service User ${number}`, email, serviceAccount: true };
  const user = createUser(world, { ...person, siteAdmin, seesPrivate });
  const clientSecret = `simulated-${newId()}`;
  const clientId = `${newId().replaceAll('-', '')}-${7000 + number}`;
  const row = { clientId, clientSecrets: [clientSecret], scopes: [...scopes], serviceUserId: user.id };
  return { ...world.credentials.add(row), clientSecret };
}

/** A new secret; the old ones stay valid unless `dropOld`, as in the week after a rotation. */
export function rotateSecret(
  world: World,
  newId: () => string,
  { clientId, dropOld = false }: { clientId: string; dropOld?: boolean },
): string {
  const credential = needCredential(world, clientId);
  const clientSecret = `simulated-${newId()}`;
  credential.clientSecrets = dropOld ? [clientSecret] : [...credential.clientSecrets, clientSecret];
  return clientSecret;
}

/** What the credential may do from now on, and what its service user is. The first credential when no id is given. */
export function changeCredential(world: World, { clientId, scopes, ...user }: NewCredential & { clientId?: string }): void {
  const credential = needCredential(world, clientId);
  if (scopes) world.credentials.change(credential, { scopes: [...scopes] });
  world.users.change(world.users.get(credential.serviceUserId), user);
}

function needCredential(world: World, clientId: string | undefined): Credential {
  const credential = world.credentials.list((row) => clientId === undefined || row.clientId === clientId)[0];
  if (!credential) throw new Error('There is no such credential');
  return credential;
}
