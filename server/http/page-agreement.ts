import { and, eq, isNotNull, or } from 'drizzle-orm';
import { z } from 'zod';
import { ATS_KINDS } from '../../lib/domain/ats.ts';
import type { CandidateReference } from '../../lib/domain/candidate-reference.ts';
import type { Member } from '../../lib/domain/member.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { whenKeyErased } from '../storage/being-erased.ts';
import { applications, connections } from '../storage/schema.ts';
import { ApiError } from './api-error.ts';
import { erasedText } from './erased-view.ts';
import { createViewer, ensureSees, sightOfKey } from './sight.ts';

/** How a page would refer to an application of ours; the host is the ATS's main one. */
export async function referenceOf(
  { db }: Pick<Services, 'db'>,
  key: string,
): Promise<Extract<CandidateReference, { kind: 'application' }> | undefined> {
  if (!z.uuid().safeParse(key).success) return undefined;
  const [row] = await db
    .select({ applicationId: applications.applicationId, candidateId: applications.candidateId, kind: connections.kind })
    .from(applications)
    .innerJoin(connections, eq(connections.id, applications.connectionId))
    .where(eq(applications.key, key));
  const ats = ATS_KINDS.find((kind) => kind === row?.kind);
  if (!row || !ats) return undefined;
  const host = ats === 'lever' ? 'hire.lever.co' : 'app.greenhouse.io';
  return {
    kind: 'application',
    ats,
    host,
    applicationId: row.applicationId,
    ...(row.candidateId ? { candidateId: row.candidateId } : {}),
  };
}

/**
 * The tab's address and what the panel showed must mean the same candidate. If the page has moved on in between, nothing is done and
 * the recruiter is told to whom it moved. Nor is anything done for somebody who may not see the candidate.
 */
export async function ensurePageAgrees(
  services: Pick<Services, 'db'>,
  { page, key, member }: { page: CandidateReference; key: string; member: Member },
): Promise<void> {
  const shown = await referenceOf(services, key);
  const erasedAt = z.uuid().safeParse(key).success ? await whenKeyErased(services.db, key) : null;
  if (erasedAt) throw new ApiError('not-found', { message: erasedText(erasedAt) });
  if (!shown) throw new ApiError('not-found');
  if (agrees(page, shown)) return await ensureSees(services, member, key);
  const name = await nameOn(services, page, member);
  throw new ApiError('page-moved-on', name ? { message: say('server.page-moved-on-to', { name }) } : {});
}

function agrees(page: CandidateReference, shown: Extract<CandidateReference, { kind: 'application' }>): boolean {
  if (page.ats !== shown.ats) return false;
  if (page.kind === 'person') return page.candidateId === shown.candidateId;
  const samePerson = !page.candidateId || !shown.candidateId || page.candidateId === shown.candidateId || page.ats === 'lever';
  return page.applicationId === shown.applicationId && samePerson;
}

async function nameOn(services: Pick<Services, 'db'>, page: CandidateReference, member: Member): Promise<string | null> {
  const candidate = page.candidateId ? eq(applications.candidateId, page.candidateId) : undefined;
  const application = page.kind === 'application' ? eq(applications.applicationId, page.applicationId) : undefined;
  const [row] = await services.db
    .select({ key: applications.key, snapshot: applications.snapshot })
    .from(applications)
    .innerJoin(connections, eq(connections.id, applications.connectionId))
    .where(and(eq(connections.kind, page.ats), application ?? candidate ?? or(), isNotNull(applications.snapshot)))
    .limit(1);
  if (!row || (await sightOfKey(services, createViewer(services, member), row.key)) === 'nothing') return null;
  return row.snapshot?.name ?? null;
}

/** A click that would write to the ATS is refused while its connection is off, rather than taken and kept waiting unseen. */
export async function ensureConnectionOn({ db }: Pick<Services, 'db'>, key: string): Promise<void> {
  const [row] = await db
    .select({ name: connections.name, enabled: connections.enabled })
    .from(applications)
    .innerJoin(connections, eq(connections.id, applications.connectionId))
    .where(eq(applications.key, key));
  if (row && !row.enabled) throw new ApiError('connection-off', { values: { connection: row.name } });
}
