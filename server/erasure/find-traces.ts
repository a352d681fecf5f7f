import { and, eq, inArray, notInArray, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../services.ts';
import { applications, effects, inputs, invitations } from '../storage/schema.ts';
import { type FoundApplication, findApplications, type Whose } from './find-applications.ts';
import { findHad } from './find-had.ts';
import { addressesOf } from './marks-of.ts';
import type { InvitationRow, NamedBy } from './named-by.ts';

/** Everything of somebody that hangs on their applications, and what else names them. */
export interface Traces {
  found: FoundApplication[];
  keys: string[];
  invited: InvitationRow[];
  asked: (typeof effects.$inferSelect)[];
  /**
   * Addresses (lower case) under which extra time of theirs may stand, and that no application and no invitation of anybody who stays has:
   * also those that were only typed into a click, by which nobody is named anywhere else.
   */
  persons: string[];
  named: NamedBy;
  /** Candidates of whom nothing else is here. */
  last: string[];
}

export async function findTraces(db: Database | Transaction, whose: Whose): Promise<Traces> {
  const { connectionId, subject } = whose;
  const found = await findApplications(db, whose);
  const keys = found.map(({ key }) => key);
  const invited = keys.length > 0 ? await db.select().from(invitations).where(inArray(invitations.applicationKey, keys)) : [];
  const asked = keys.length > 0 ? await db.select().from(effects).where(inArray(effects.applicationKey, keys)) : [];
  const others = await findClicked(db, keys);
  const persons = await withoutThoseWhoStay(db, keys, addressesOf({ found, invited, others }));
  // What was only typed may be anybody's, as a recruiter's own for a look at the test, and stands in webhooks about other people.
  const known = new Set(addressesOf({ found, invited }));
  const candidates = [...new Set(found.flatMap(({ candidateId }) => candidateId ?? []))];
  const last = await withoutOthers(db, { connectionId, keys, candidates });
  return {
    ...{ found, keys, invited, asked, persons, last },
    named: {
      applicationIds: new Set([...subject.applicationIds, ...found.map(({ applicationId }) => applicationId)]),
      candidateIds: new Set([...subject.candidateIds, ...subject.goneCandidateIds, ...last]),
      invitationIds: new Set(invited.map(({ id }) => id)),
      externalIds: new Set(invited.flatMap(({ externalId }) => externalId ?? [])),
      emails: new Set(persons.filter((email) => known.has(email))),
    },
  };
}

/**
 * The addresses that clicks were about: the ATS may have others by now, or none, and where nothing was sent in the end no invitation has
 * them, while extra time may stand under each of them.
 */
async function findClicked(db: Database | Transaction, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const { input } = inputs;
  const named = sql`jsonb_build_array(${input} -> 'email') || coalesce(${input} -> 'persons', '[]'::jsonb)`;
  const rows = await db
    .selectDistinct({ address: sql<string>`address` })
    .from(sql`${inputs}, jsonb_array_elements_text(${named}) as address`)
    .where(and(inArray(inputs.applicationKey, [...keys]), sql`address is not null`));
  return rows.map(({ address }) => address);
}

/** A person may have applied at another ATS, or as another candidate, and nobody has asked that this be forgotten. */
async function withoutThoseWhoStay(
  db: Database | Transaction,
  keys: readonly string[],
  addresses: readonly string[],
): Promise<string[]> {
  const stay = await findHad(db, addresses, (key) => (keys.length > 0 ? notInArray(key, [...keys]) : undefined));
  return addresses.filter((email) => !stay.has(email));
}

/** Candidates of whom nothing else is here, so that with their last application they are gone altogether. */
async function withoutOthers(
  db: Database | Transaction,
  { connectionId, keys, candidates }: { connectionId: string; keys: readonly string[]; candidates: readonly string[] },
): Promise<string[]> {
  if (candidates.length === 0) return [];
  const rows = await db
    .selectDistinct({ candidateId: applications.candidateId })
    .from(applications)
    .where(
      and(
        eq(applications.connectionId, connectionId),
        inArray(applications.candidateId, [...candidates]),
        notInArray(applications.key, [...keys]),
      ),
    );
  const staying = new Set(rows.map(({ candidateId }) => candidateId));
  return candidates.filter((id) => !staying.has(id));
}
