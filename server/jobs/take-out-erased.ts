import { and, eq, not, sql } from 'drizzle-orm';
import { type ErasedMark, findErased, wasAnybodyErased } from '../erasure/erased-marks.ts';
import { findHad } from '../erasure/find-had.ts';
import type { ErasureRequest } from '../erasure/request-erasure.ts';
import type { Services, Transaction } from '../services.ts';
import { isBeingErased, isErasing } from '../storage/being-erased.ts';
import { applications, type deliveries } from '../storage/schema.ts';
import { personKey } from '../workflow/prepare-invitation.ts';
import { findInvitation } from './delivery-hints.ts';
import { readAtsHints, readVendorHints } from './stored-hints.ts';

type Delivery = Pick<typeof deliveries.$inferSelect, 'connectionId' | 'hints' | 'receivedAt'>;

/**
 * For so long after an erasure was asked for, a vendor's word under an address alone counts as one about who was erased: what it has to tell
 * of the time before comes in that time. A later one is of a new story, which may well begin before the new application was read, and could
 * not be attached any more if it was taken out.
 */
const ADDRESS_COUNTS_FOR_MS = 60 * 24 * 60 * 60_000;

/** A stored webhook without what it says of people who were erased. `named`: it did name one, so its body is not kept either. */
export interface TakenOut {
  hints: Record<string, unknown>[];
  named: boolean;
}

/**
 * In the order of what is given. What cannot be read stays as it is. Costs one small query while nobody was ever erased. Who comes back within
 * 60 days of the erasure loses what a vendor tells of an invitation made outside before their new application was read: by an address alone
 * nobody can tell the two stories apart.
 */
export async function takeOutErased(
  tx: Transaction,
  services: Services,
  stored: readonly { delivery: Delivery; side: 'ats' | 'vendor' }[],
): Promise<TakenOut[]> {
  if (stored.length === 0 || !(await wasAnybodyErased(tx)))
    return stored.map(({ delivery: { hints } }) => ({ hints, named: false }));
  const marks: HintMarks[][] = [];
  for (const { delivery, side } of stored)
    marks.push(side === 'ats' ? await marksOfAts(tx, delivery) : await marksOfVendor(tx, delivery));
  const all = marks.flat().flatMap(({ out, body }) => [...out, ...body]);
  const erased = await findErased(tx, services, all);
  const addresses = [...erased.keys()].flatMap(({ what, id }) => (what === 'address' ? [id] : []));
  const had = await findHad(tx, addresses, (key) => not(isErasing(key)));
  return stored.map(({ delivery: { hints, receivedAt } }, place) => {
    const of = (index: number) => marks[place]?.[index] ?? NO_MARKS;
    const isErased = (mark: ErasedMark) => {
      const by = erased.get(mark);
      if (!by || mark.what !== 'address') return by !== undefined;
      // When it came in and not now: what waited for its connection is as old as it is.
      return !had.has(mark.id) && receivedAt.getTime() - by.askedAt.getTime() < ADDRESS_COUNTS_FOR_MS;
    };
    return {
      hints: hints.filter((_hint, index) => !of(index).out.some(isErased)),
      named: hints.some((_hint, index) => [...of(index).out, ...of(index).body].some(isErased)),
    };
  });
}

/** What takes a hint out, and what takes out no more than the body around it. */
interface HintMarks {
  out: ErasedMark[];
  body: ErasedMark[];
}

const NO_MARKS: HintMarks = { out: [], body: [] };

/**
 * In the order of the hints. An application that was erased is out for good. Another of the same person may be one for which they applied
 * since: only a reading tells, so the hint stays (find-erasure-word.ts), without what the body says of them.
 */
async function marksOfAts(tx: Transaction, { connectionId: scope, hints }: Delivery): Promise<HintMarks[]> {
  const all: HintMarks[] = [];
  for (const { applicationId, candidateId, deleted, anonymised } of readAtsHints(hints) ?? []) {
    const application = applicationId ? [{ what: 'application', scope, id: applicationId } as const] : [];
    const candidate = candidateId ? [{ what: 'candidate', scope, id: candidateId } as const] : [];
    const isHere = await hasApplication(tx, scope, { applicationId, candidateId });
    if (isHere) all.push({ out: application, body: [] });
    // What is over, or speaks of the person alone, is no reason to look for something new.
    else if (deleted || anonymised) all.push({ out: [...application, ...candidate], body: [] });
    else if (applicationId) all.push({ out: application, body: candidate });
    else if (candidateId) all.push({ out: [...candidate, { what: 'last-candidate', scope, id: candidateId }], body: [] });
    else all.push(NO_MARKS);
  }
  return all;
}

/** The application, or where none is named any of the person's; one that is just being erased counts no more. */
async function hasApplication(
  tx: Transaction,
  connectionId: string,
  { applicationId, candidateId }: { applicationId: string | undefined; candidateId: string | undefined },
): Promise<boolean> {
  const { applicationId: ofApplication, candidateId: ofCandidate, key } = applications;
  const named = applicationId ? eq(ofApplication, applicationId) : candidateId ? eq(ofCandidate, candidateId) : sql`false`;
  const [row] = await tx
    .select({ key })
    .from(applications)
    .where(and(eq(applications.connectionId, connectionId), named, not(isErasing(key))))
    .limit(1);
  return row !== undefined;
}

/**
 * An invitation of ours that fits comes first: who was erased may have applied anew, under the same address. One of an application that is
 * just being erased counts no more. One that was made outside is known by its address alone, and stays out for a time unless somebody here
 * has that.
 */
async function marksOfVendor(tx: Transaction, { connectionId: scope, hints }: Delivery): Promise<HintMarks[]> {
  const all: HintMarks[] = [];
  for (const hint of readVendorHints(hints) ?? []) {
    const found = await findInvitation(tx, scope, hint);
    const isLiving = found !== undefined && !(await isBeingErased(tx, found.applicationKey));
    const { invitationId, externalId, email } = hint;
    const out: ErasedMark[] = [
      ...(invitationId ? [{ what: 'invitation', scope, id: invitationId } as const] : []),
      ...(externalId ? [{ what: 'vendor-invitation', scope, id: externalId } as const] : []),
      ...(email ? [{ what: 'vendor-person', scope, id: personKey(email) } as const] : []),
      ...(email ? [{ what: 'address', scope: '', id: personKey(email) } as const] : []),
    ];
    all.push(isLiving ? NO_MARKS : { out, body: [] });
  }
  return all;
}

/** What an ATS says by a signed webhook: that somebody was anonymised, or that an application or a person was deleted. */
export function wordsOf({ connectionId, hints }: Delivery): ErasureRequest[] {
  const told = readAtsHints(hints) ?? [];
  const anonymised = told.flatMap(({ anonymised: is, candidateId }) => (is && candidateId ? [candidateId] : []));
  const deleted = told.filter((hint) => hint.deleted);
  const applicationIds = deleted.flatMap(({ applicationId }) => applicationId ?? []);
  const goneCandidateIds = deleted.flatMap(({ applicationId, candidateId }) =>
    !applicationId && candidateId ? [candidateId] : [],
  );
  return [
    ...(anonymised.length > 0
      ? [
          {
            connectionId,
            askedBy: 'ats-anonymised' as const,
            subject: { applicationIds: [], candidateIds: anonymised, goneCandidateIds: [] },
          },
        ]
      : []),
    ...(deleted.length > 0
      ? [{ connectionId, askedBy: 'ats-deleted' as const, subject: { applicationIds, candidateIds: [], goneCandidateIds } }]
      : []),
  ];
}
