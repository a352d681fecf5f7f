import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Services, Transaction } from '../services.ts';
import { settings } from '../storage/schema.ts';

/** Whom an erasure is about, in the ids of one ATS connection. */
export interface ErasureSubject {
  /** These applications alone. */
  applicationIds: string[];
  /** These people, with all that we know of them at the connection. */
  candidateIds: string[];
  /** People whom the ATS deleted with the applications that it named; others that we believed theirs may be somebody else's by now. */
  goneCandidateIds: string[];
}

const subjectSchema = z.object({
  applicationIds: z.array(z.string()),
  candidateIds: z.array(z.string()),
  goneCandidateIds: z.array(z.string()),
});

/** Among the settings, for as long as it is not finished: the erasure itself names nobody, and has to be taken up again after a crash. */
const rowOf = (erasureId: string) => `erasure:${erasureId}`;

export async function keepSubject(
  tx: Transaction,
  { clock }: Pick<Services, 'clock'>,
  { erasureId, subject }: { erasureId: string; subject: ErasureSubject },
): Promise<void> {
  await tx.insert(settings).values({ key: rowOf(erasureId), value: { ...subject }, updatedAt: clock.now() });
}

/** Null once the erasure is finished. */
export async function readSubject(db: Database | Transaction, erasureId: string): Promise<ErasureSubject | null> {
  const [row] = await db
    .select()
    .from(settings)
    .where(eq(settings.key, rowOf(erasureId)));
  return row ? subjectSchema.parse(row.value) : null;
}

export async function forgetSubject(tx: Transaction, erasureId: string): Promise<void> {
  await tx.delete(settings).where(eq(settings.key, rowOf(erasureId)));
}
