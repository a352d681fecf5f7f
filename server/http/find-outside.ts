import { and, desc, eq, gt, inArray, isNotNull, ne, or, sql } from 'drizzle-orm';
import type { Snapshot } from '../../lib/domain/application.ts';
import { type Assessment, vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import type { Member } from '../../lib/domain/member.ts';
import { readVendorHints } from '../jobs/stored-hints.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { applications, deliveries, invitations } from '../storage/schema.ts';
import { withoutOwn } from '../storage/without-own.ts';
import type { VendorAdapter, VendorReport } from '../vendors/port.ts';
import { personKey } from '../workflow/prepare-invitation.ts';
import { failureToError } from './describe-failure.ts';
import { createViewer } from './sight.ts';

/** An invitation of this person that we did not make. `ref` names it until it is attached. */
export interface Outside {
  ref: string;
  externalId: string | null;
  email: string;
  invitedAt: string | null;
  expiresAt: string | null;
  report: VendorReport;
  /** True when the vendor itself says so, or signed what it told. */
  trusted: boolean;
}

export interface OutsideFound {
  outside: Outside[];
  /** Sentences about those that belong to another application already. */
  elsewhere: string[];
}

interface Search {
  assessment: Assessment;
  snapshot: Snapshot;
  applicationKey: string;
  member: Member;
  vendor: VendorAdapter;
}

const MESSAGES_MAX = 200;
const MESSAGES_FOR_MS = 60 * 24 * 60 * 60_000;
const ADDRESSES_MAX = 5;

/**
 * What the vendor knows of this person and assessment beside our own invitations: asked where it can be asked, and heard where its messages
 * found nobody. Looked for under the addresses to which this application's own invitations to it went or were to go, the newest first, and
 * then under those that the ATS shows; `ADDRESSES_MAX` in all. @throws ApiError when the vendor can be asked and does not answer
 */
export async function findOutside(services: Services, search: Search): Promise<OutsideFound> {
  // A sending looks under its own address, which may be one that the ATS does not show: what stopped it has to be found here, too.
  const all = [...(await readOwnPersons(services, search)), ...search.snapshot.emails.map(personKey)];
  const persons = [...new Set(all)].filter(Boolean).slice(0, ADDRESSES_MAX);
  const asked = await askVendor(services, search, persons);
  const heard = asked === null ? await readMessages(services, search, persons) : [];
  return await sortOut(services, search, { found: asked ?? heard, isAsked: asked !== null });
}

/** Newest first. What was undone reached nobody, and its address may have been a wrong one. */
async function readOwnPersons({ db }: Services, { assessment, applicationKey }: Search): Promise<string[]> {
  const rows = await db
    .select({ person: invitations.person })
    .from(invitations)
    .where(
      and(
        eq(invitations.applicationKey, applicationKey),
        eq(invitations.vendorConnectionId, assessment.vendorConnectionId),
        eq(invitations.assessmentExternalId, assessment.externalId),
        ne(invitations.state, 'undone'),
      ),
    )
    .orderBy(desc(invitations.createdAt), desc(invitations.id));
  return rows.map(({ person }) => person);
}

/** Null where the vendor cannot be asked. */
async function askVendor(
  { db }: Services,
  { vendor, assessment }: Search,
  persons: readonly string[],
): Promise<Outside[] | null> {
  const { findInvitations } = vendor.operations;
  if (!findInvitations) return null;
  const found: Outside[] = [];
  for (const email of persons) {
    const answer = await findInvitations({ assessmentExternalId: assessment.externalId, email });
    if (!answer.ok) throw failureToError(answer, { name: vendorNameOfAssessment(assessment), side: 'vendor' });
    for (const { externalId, email: to, invitedAt, expiresAt, report } of await withoutOwn(db, answer.value, assessment))
      found.push({ ref: `vendor:${externalId}`, externalId, email: to, invitedAt, expiresAt, report, trusted: true });
  }
  return found;
}

/** The newest message about each address; what came before it is part of the same story. */
async function readMessages({ db, clock }: Services, { assessment }: Search, persons: readonly string[]): Promise<Outside[]> {
  if (persons.length === 0) return [];
  const about = sql`exists (select 1 from jsonb_array_elements(${deliveries.hints}) as hint
    where lower(btrim(hint ->> 'email')) in ${persons} and hint ->> 'assessmentExternalId' = ${assessment.externalId})`;
  const since = new Date(clock.now().getTime() - MESSAGES_FOR_MS);
  const rows = await db
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.connectionId, assessment.vendorConnectionId),
        eq(deliveries.outcome, 'nobody'),
        gt(deliveries.receivedAt, since),
        about,
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(MESSAGES_MAX);
  const newest = new Map<string, Outside>();
  for (const { id, hints } of rows)
    for (const { email = '', assessmentExternalId, externalId = null, claim, trusted = false } of readVendorHints(hints) ?? []) {
      const person = personKey(email);
      if (assessmentExternalId !== assessment.externalId || !persons.includes(person) || newest.has(person)) continue;
      newest.set(person, {
        ref: `message:${id}:${person}`,
        externalId,
        email: person,
        invitedAt: null,
        expiresAt: null,
        report: claim,
        trusted,
      });
    }
  return [...newest.values()];
}

/** Without what is ours already: here it is shown anyway, and what belongs to another application must not be taken from it. */
async function sortOut(
  services: Services,
  search: Search,
  { found, isAsked }: { found: readonly Outside[]; isAsked: boolean },
): Promise<OutsideFound> {
  const { assessment, applicationKey, member } = search;
  const known = await services.db
    .select({ invitation: invitations, snapshot: applications.snapshot, connectionId: applications.connectionId })
    .from(invitations)
    .innerJoin(applications, eq(applications.key, invitations.applicationKey))
    .where(
      and(
        eq(invitations.vendorConnectionId, assessment.vendorConnectionId),
        eq(invitations.assessmentExternalId, assessment.externalId),
        inArray(
          invitations.person,
          found.map(({ email }) => personKey(email)),
        ),
        ne(invitations.state, 'undone'),
        // One that reached nobody is not what the vendor knows of: it was refused because of the very one that is looked for.
        or(ne(invitations.state, 'failed'), isNotNull(invitations.externalId)),
      ),
    );
  const viewer = createViewer(services, member);
  const outside: Outside[] = [];
  const elsewhere: string[] = [];
  for (const one of found) {
    const owner = known.find(({ invitation }) => {
      if (one.externalId !== null && invitation.externalId !== null) return invitation.externalId === one.externalId;
      // Where the vendor names each by an id, one of ours that was taken back and never had one is not what it has there. One with a result
      // may well be: its id need not have been told.
      return invitation.person === personKey(one.email) && !(isAsked && invitation.state === 'cancelled');
    });
    if (!owner) outside.push(one);
    else if (owner.invitation.applicationKey !== applicationKey) {
      const { snapshot, connectionId } = owner;
      const sight = snapshot ? await viewer.sightOf({ connectionId, ats: snapshot.ats, candidate: snapshot }) : 'nothing';
      const job = sight === 'nothing' ? null : (snapshot?.job?.name ?? null);
      elsewhere.push(
        job === null ? say('server.outside.elsewhere') : say('server.outside.elsewhere-job', { job, email: one.email }),
      );
    }
  }
  return { outside, elsewhere };
}
