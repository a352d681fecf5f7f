import { desc, eq } from 'drizzle-orm';
import { type AccessReport, accessReportSchema } from '../../lib/contract/access.ts';
import type { Database } from '../services.ts';
import { accessReports, applications } from './schema.ts';

/** Keeps the newest report of a connection; the one before it goes. */
export async function keepAccessReport(db: Database, connectionId: string, report: AccessReport): Promise<void> {
  const values = { report: { ...report }, examinedAt: new Date(report.examinedAt) };
  await db
    .insert(accessReports)
    .values({ connectionId, ...values })
    .onConflictDoUpdate({ target: accessReports.connectionId, set: values });
}

/** Null while none was made, and for one that another version wrote in a form that is not read any more. */
export async function findAccessReport(db: Database, connectionId: string): Promise<AccessReport | null> {
  const [row] = await db.select().from(accessReports).where(eq(accessReports.connectionId, connectionId));
  const parsed = accessReportSchema.safeParse(row?.report);
  return parsed.success ? parsed.data : null;
}

/** The newest of each connection, as far as it can still be read. */
export async function listAccessReports(db: Database): Promise<Map<string, AccessReport>> {
  const rows = await db.select().from(accessReports);
  return new Map(
    rows.flatMap(({ connectionId, report }) => {
      const parsed = accessReportSchema.safeParse(report);
      return parsed.success ? [[connectionId, parsed.data]] : [];
    }),
  );
}

/** An application of this connection that was seen before, the newest; null while there is none. */
export async function findKnownApplicationId(db: Database, connectionId: string): Promise<string | null> {
  const [row] = await db
    .select({ id: applications.applicationId })
    .from(applications)
    .where(eq(applications.connectionId, connectionId))
    .orderBy(desc(applications.createdAt))
    .limit(1);
  return row?.id ?? null;
}
