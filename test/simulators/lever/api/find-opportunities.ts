import { type LeverApiKey, type LeverOpportunity, ORIGINS } from '../types.ts';
import type { LeverApi } from './api-env.ts';
import { badRequest } from './api-error.ts';
import { isVisible } from './find-visible.ts';
import type { LeverQuery } from './read-query.ts';

const TIMES = {
  created_at: (opportunity: LeverOpportunity) => opportunity.createdAt,
  updated_at: (opportunity: LeverOpportunity) => opportunity.updatedAt,
  advanced_at: (opportunity: LeverOpportunity) => opportunity.lastAdvancedAt,
  archived_at: (opportunity: LeverOpportunity) => opportunity.archived?.archivedAt ?? null,
};

export const OPPORTUNITY_FILTERS = {
  once: [
    'email',
    'confidentiality',
    'archived',
    'snoozed',
    ...Object.keys(TIMES).flatMap((name) => [`${name}_start`, `${name}_end`]),
  ],
  repeated: [
    'tag',
    'stage_id',
    'posting_id',
    'archived_posting_id',
    'origin',
    'source',
    'contact_id',
    'location',
    'archive_reason_id',
  ],
};

type Test = (opportunity: LeverOpportunity) => boolean;

/** What the filters leave. A filter given several times is a union; different filters must all fit. */
export function findOpportunities(api: LeverApi, query: LeverQuery, key: LeverApiKey): LeverOpportunity[] {
  const tests = [
    (opportunity: LeverOpportunity) => isVisible(key, opportunity),
    byConfidentiality(query),
    byState(query, api),
    ...byValues(query, api),
    ...byTimes(query),
  ];
  return [...api.account.opportunities.values()].filter((opportunity) => tests.every((test) => test(opportunity)));
}

/** Unset means non-confidential, not all. */
function byConfidentiality(query: LeverQuery): Test {
  const wanted = query.oneOf('confidentiality', ['confidential', 'non-confidential', 'all']) ?? 'non-confidential';
  return (opportunity) => wanted === 'all' || opportunity.confidentiality === wanted;
}

function byState(query: LeverQuery, { account, nowMs }: LeverApi): Test {
  const archived = query.boolean('archived');
  const snoozed = query.boolean('snoozed');
  const email = query.text('email')?.trim().toLowerCase();
  return (opportunity) => {
    const emails = account.contacts.get(opportunity.contact)?.emails ?? [];
    const isSnoozed = (opportunity.snoozedUntil ?? 0) > nowMs();
    return (
      (archived === undefined || (opportunity.archived !== null) === archived) &&
      (snoozed === undefined || isSnoozed === snoozed) &&
      (email === undefined || emails.some((address) => address.toLowerCase() === email))
    );
  };
}

function byValues(query: LeverQuery, { account }: LeverApi): Test[] {
  const unknown = query.all('origin').find((origin) => !ORIGINS.some((known) => known === origin));
  if (unknown !== undefined) throw badRequest(`origin must be one of ${ORIGINS.join(', ')}`);
  const valuesOf: Record<string, (opportunity: LeverOpportunity) => (string | null | undefined)[]> = {
    tag: ({ tags }) => tags,
    stage_id: ({ stage }) => [stage],
    posting_id: ({ postingId }) => [postingId],
    archived_posting_id: ({ postingId, archived }) => [archived && postingId],
    origin: ({ origin }) => [origin],
    source: ({ sources }) => sources,
    contact_id: ({ contact }) => [contact],
    location: ({ contact }) => [account.contacts.get(contact)?.location],
    archive_reason_id: ({ archived }) => [archived?.reason],
  };
  return Object.entries(valuesOf).map(([name, read]) => {
    const wanted = query.all(name);
    return (opportunity) => wanted.length === 0 || read(opportunity).some((value) => value && wanted.includes(value));
  });
}

/** Both ends are inclusive. An opportunity without that time (updatedAt is mostly null) never fits. */
function byTimes(query: LeverQuery): Test[] {
  return Object.entries(TIMES).map(([name, read]) => {
    const start = query.integer(`${name}_start`);
    const end = query.integer(`${name}_end`);
    return (opportunity) => {
      if (start === undefined && end === undefined) return true;
      const time = read(opportunity);
      return time !== null && time >= (start ?? 0) && time <= (end ?? Number.MAX_SAFE_INTEGER);
    };
  });
}
