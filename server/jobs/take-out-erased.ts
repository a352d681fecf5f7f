import { and, eq } from 'drizzle-orm';
import { type ErasedMark, findErased, wasAnybodyErased } from '../erasure/erased-marks.ts';
import type { ErasureRequest } from '../erasure/request-erasure.ts';
import type { Services, Transaction } from '../services.ts';
import { applications, type deliveries } from '../storage/schema.ts';
import { personKey } from '../workflow/prepare-invitation.ts';
import { findInvitation } from './delivery-hints.ts';
import { readAtsHints, readVendorHints } from './stored-hints.ts';

type Delivery = Pick<typeof deliveries.$inferSelect, 'connectionId' | 'hints'>;

/** A stored webhook without what it says of people who were erased. `named`: it did name one, so its body is not kept either. */
export interface TakenOut {
  hints: Record<string, unknown>[];
  named: boolean;
}

/** In the order of what is given. What cannot be read stays as it is. Costs one small query while nobody was ever erased. */
export async function takeOutErased(
  tx: Transaction,
  services: Services,
  stored: readonly { delivery: Delivery; side: 'ats' | 'vendor' }[],
): Promise<TakenOut[]> {
  if (stored.length === 0 || !(await wasAnybodyErased(tx)))
    return stored.map(({ delivery: { hints } }) => ({ hints, named: false }));
  const marks: ErasedMark[][][] = [];
  for (const { delivery, side } of stored)
    marks.push(side === 'ats' ? await marksOfAts(tx, delivery) : await marksOfVendor(tx, delivery));
  const erased = await findErased(tx, services, marks.flat(2));
  return stored.map(({ delivery: { hints } }, place) => {
    const left = hints.filter((_hint, index) => !marks[place]?.[index]?.some((mark) => erased.has(mark)));
    return { hints: left, named: left.length < hints.length };
  });
}

/** In the order of the hints. */
async function marksOfAts(tx: Transaction, { connectionId: scope, hints }: Delivery): Promise<ErasedMark[][]> {
  const all: ErasedMark[][] = [];
  for (const { applicationId, candidateId } of readAtsHints(hints) ?? []) {
    const isOfNobody = candidateId !== undefined && !applicationId && !(await hasApplication(tx, scope, candidateId));
    all.push([
      ...(applicationId ? [{ what: 'application', scope, id: applicationId } as const] : []),
      ...(candidateId ? [{ what: 'candidate', scope, id: candidateId } as const] : []),
      ...(isOfNobody ? [{ what: 'last-candidate', scope, id: candidateId } as const] : []),
    ]);
  }
  return all;
}

async function hasApplication(tx: Transaction, connectionId: string, candidateId: string): Promise<boolean> {
  const [row] = await tx
    .select({ key: applications.key })
    .from(applications)
    .where(and(eq(applications.connectionId, connectionId), eq(applications.candidateId, candidateId)))
    .limit(1);
  return row !== undefined;
}

/** An invitation of ours that fits comes first: who was erased may have applied anew, under the same address. */
async function marksOfVendor(tx: Transaction, { connectionId: scope, hints }: Delivery): Promise<ErasedMark[][]> {
  const all: ErasedMark[][] = [];
  for (const hint of readVendorHints(hints) ?? []) {
    const living = await findInvitation(tx, scope, hint);
    const { invitationId, externalId, email } = hint;
    all.push(
      living
        ? []
        : [
            ...(invitationId ? [{ what: 'invitation', scope, id: invitationId } as const] : []),
            ...(externalId ? [{ what: 'vendor-invitation', scope, id: externalId } as const] : []),
            ...(email ? [{ what: 'vendor-person', scope, id: personKey(email) } as const] : []),
          ],
    );
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
