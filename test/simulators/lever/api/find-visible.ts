import type { LeverApiKey, LeverContact, LeverOpportunity } from '../types.ts';
import type { LeverApi, LeverContext } from './api-env.ts';
import { badRequest, notFound } from './api-error.ts';
import { LeverQuery } from './read-query.ts';

export function isVisible(key: LeverApiKey, opportunity: LeverOpportunity): boolean {
  return key.confidential || opportunity.confidentiality === 'non-confidential';
}

/** The opportunity of the path. To a key without access to confidential data a confidential one does not exist. */
export function getOpportunity({ account }: LeverApi, c: LeverContext): LeverOpportunity {
  const id = c.req.param('opportunity') ?? '';
  const opportunity = account.opportunities.get(id);
  if (!opportunity || !isVisible(c.get('key'), opportunity)) throw notFound('opportunities', id);
  return opportunity;
}

/** The contact of the path; hidden when all its opportunities are. */
export function getContact({ account }: LeverApi, c: LeverContext): LeverContact {
  const id = c.req.param('contact') ?? '';
  const contact = account.contacts.get(id);
  const theirs = account.opportunities.values().filter((opportunity) => opportunity.contact === id);
  const all = [...theirs];
  const isHidden = all.length > 0 && !all.some((opportunity) => isVisible(c.get('key'), opportunity));
  if (!contact || isHidden) throw notFound('contacts', id);
  return contact;
}

/**
 * The user that a write is attributed to. Attribution, not permission: any role will do, and a deactivated user too, as seen
 * live. An unknown one is refused. Null without the parameter, unless the endpoint requires it.
 */
export function readPerformAs({ account }: LeverApi, query: LeverQuery, { required = false } = {}): string | null {
  const id = query.text('perform_as');
  if (id === undefined && required) throw badRequest('perform_as is required');
  if (id !== undefined && !account.users.has(id)) throw badRequest(`perform_as: user ${id} was not found`);
  return id ?? null;
}

/** For writes whose only query parameter is `perform_as`. */
export function readActor(api: LeverApi, c: LeverContext, options?: { required: boolean }): string | null {
  return readPerformAs(api, new LeverQuery(c, { once: ['perform_as'] }), options);
}
