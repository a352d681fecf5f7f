import { and, eq } from 'drizzle-orm';
import type { Database, Services, Transaction } from '../services.ts';
import { EMPTY_STATE, toKeptState } from '../workflow/state.ts';
import { applications } from './schema.ts';

/** Our row for an application of the ATS, made when it is heard of the first time. Returns its key. */
export async function ensureApplication(
  db: Database | Transaction,
  { random, clock }: Pick<Services, 'random' | 'clock'>,
  { connectionId, applicationId, candidateId }: { connectionId: string; applicationId: string; candidateId?: string | null },
): Promise<string> {
  const here = and(eq(applications.connectionId, connectionId), eq(applications.applicationId, applicationId));
  const [known] = await db.select({ key: applications.key }).from(applications).where(here);
  if (known) return known.key;
  const now = clock.now();
  await db
    .insert(applications)
    .values({
      key: random.uuid(),
      connectionId,
      applicationId,
      candidateId: candidateId ?? null,
      state: toKeptState(EMPTY_STATE),
      outcome: EMPTY_STATE.outcome,
      createdAt: now,
      updatedAt: now,
    })
    .onConflictDoNothing();
  const [made] = await db.select({ key: applications.key }).from(applications).where(here);
  if (!made) throw new Error('an application that was just stored cannot be found');
  return made.key;
}
