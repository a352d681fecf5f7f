import { and, eq, inArray } from 'drizzle-orm';
import { readCandidateReference } from '../../lib/ats-page/read-page.ts';
import type { Erase, ErasePreview } from '../../lib/contract/erasure.ts';
import { OPEN_STATES } from '../../lib/domain/invitation.ts';
import type { ErasureSubject } from '../erasure/erasure-subject.ts';
import { findApplications } from '../erasure/find-applications.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { findEvenDeleted } from '../storage/connections.repository.ts';
import { applications, invitations } from '../storage/schema.ts';
import { ApiError } from './api-error.ts';
import { atsKindOf } from './sight.ts';

/** Whom an admin means, and what of them is here. */
export interface ToErase {
  connectionId: string;
  subject: ErasureSubject;
  preview: ErasePreview;
}

/**
 * An admin erases the person, with all applications at that connection, however they were named. Also of an ATS that was removed: what is
 * kept about its candidates stays here.
 * @throws ApiError `not-found` when nothing of them is here, `invalid` for an address that is no candidate's
 */
export async function findToErase(services: Services, { connectionId, candidate }: Erase): Promise<ToErase> {
  const connection = await findEvenDeleted(services.db, connectionId);
  const ats = atsKindOf(connection?.kind);
  if (!connection || !ats) throw new ApiError('not-found');
  const named = candidate.kind === 'page' ? readUrl(candidate.url, ats) : idsOf(candidate);
  const subject = await wholePerson(services, connectionId, named);
  const found = await findApplications(services.db, { connectionId, subject });
  if (found.length === 0) throw new ApiError('not-found', { message: say('server.erasure.nothing-kept') });
  const open = await services.db
    .select({ id: invitations.id })
    .from(invitations)
    .where(
      and(
        inArray(
          invitations.applicationKey,
          found.map(({ key }) => key),
        ),
        inArray(invitations.state, [...OPEN_STATES]),
      ),
    );
  return {
    connectionId,
    subject,
    preview: {
      candidateName: found.find(({ snapshot }) => snapshot?.name)?.snapshot?.name ?? null,
      applications: found.map(({ snapshot }) => ({ jobName: snapshot?.job?.name ?? null })),
      openInvitations: open.length,
    },
  };
}

interface Named {
  applicationId?: string;
  candidateId?: string;
}

function idsOf({ kind, id }: { kind: 'candidate' | 'application'; id: string }): Named {
  return kind === 'candidate' ? { candidateId: id } : { applicationId: id };
}

function readUrl(url: string, ats: 'greenhouse' | 'lever'): Named {
  const reference = readCandidateReference(url);
  if (reference?.ats !== ats)
    throw new ApiError('invalid', { details: [{ path: 'candidate.url', message: say('server.erasure.no-candidate-page') }] });
  const { candidateId } = reference;
  return {
    ...(reference.kind === 'application' ? { applicationId: reference.applicationId } : {}),
    ...(candidateId ? { candidateId } : {}),
  };
}

/** By one application all of the same candidate's. What a page says of a candidate is believed only as far as we know it, too. */
async function wholePerson(
  { db }: Services,
  connectionId: string,
  { applicationId, candidateId }: Named,
): Promise<ErasureSubject> {
  if (!applicationId) return { applicationIds: [], candidateIds: candidateId ? [candidateId] : [], goneCandidateIds: [] };
  const [known] = await db
    .select({ candidateId: applications.candidateId })
    .from(applications)
    .where(and(eq(applications.connectionId, connectionId), eq(applications.applicationId, applicationId)));
  return { applicationIds: [applicationId], candidateIds: [known?.candidateId ?? []].flat(), goneCandidateIds: [] };
}
