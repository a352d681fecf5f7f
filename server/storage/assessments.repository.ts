import { and, asc, eq, isNull } from 'drizzle-orm';
import { vendorNameOf } from '../../lib/contract/settings.ts';
import type { Assessment, VendorKind } from '../../lib/domain/assessment.ts';
import { VENDOR_KINDS } from '../../lib/domain/assessment.ts';
import type { Database, Transaction } from '../services.ts';
import { assessments, connections } from './schema.ts';
import { readCatalogueStates } from './vendor-catalogue.repository.ts';

type AssessmentRow = typeof assessments.$inferSelect;
export type AssessmentFields = Omit<AssessmentRow, 'id' | 'archivedAt' | 'createdAt' | 'remindDays'> &
  Partial<Pick<AssessmentRow, 'remindDays'>>;
type Either = Database | Transaction;

/** Archived ones too: invitations of the past still name them. Sorted by name. */
export async function listAssessments(db: Either): Promise<Assessment[]> {
  const rows = await db
    .select({ assessment: assessments, settings: connections.settings })
    .from(assessments)
    .innerJoin(connections, eq(connections.id, assessments.vendorConnectionId))
    .orderBy(asc(assessments.name), asc(assessments.id));
  const catalogueStateOf = await readCatalogueStates(db);
  return rows.flatMap(({ assessment, settings }) => {
    const vendor = VENDOR_KINDS.find((it) => it === settings.kind);
    if (!vendor) return [];
    const vendorName = vendorNameOf(settings) ?? undefined;
    return [{ ...toAssessment(assessment, vendor), vendorName, catalogueState: catalogueStateOf(assessment) }];
  });
}

/** @throws when another assessment in use has the same tag: see isTagTaken. */
export async function addAssessment(db: Either, row: AssessmentFields & { id: string; createdAt: Date }): Promise<void> {
  await db.insert(assessments).values(row);
}

/** False when there is none in use with this id. @throws as addAssessment. */
export async function changeAssessment(db: Either, id: string, change: Partial<AssessmentFields>): Promise<boolean> {
  const rows = await db
    .update(assessments)
    .set(change)
    .where(and(eq(assessments.id, id), isNull(assessments.archivedAt)))
    .returning({ id: assessments.id });
  return rows.length > 0;
}

/** Takes an assessment out of use; open invitations to it go on. False when there is none in use with this id. */
export async function archiveAssessment(db: Either, { id, now }: { id: string; now: Date }): Promise<boolean> {
  const rows = await db
    .update(assessments)
    .set({ archivedAt: now })
    .where(and(eq(assessments.id, id), isNull(assessments.archivedAt)))
    .returning({ id: assessments.id });
  return rows.length > 0;
}

/** True for the error of the database that keeps each tag to one assessment. */
export function isTagTaken(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'constraint' in cause && cause.constraint === 'assessments_tag';
}

function toAssessment({ createdAt: _, archivedAt, ...row }: AssessmentRow, vendor: VendorKind): Assessment {
  return { ...row, vendor, archived: archivedAt !== null };
}
