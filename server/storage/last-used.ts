import { sql } from 'drizzle-orm';
import type { Database } from '../services.ts';

/** So many invitations at most are looked through, however many there are in all. */
const LOOKED_THROUGH = 300;

/**
 * Which of these assessments this job of the ATS was last used with; null when none of the newest invitations is of this job. Newest first
 * and one after the other, until the first that fits: where the plan is left to the database it sorts all invitations there ever were.
 */
export async function findLastUsed(
  db: Database,
  { jobId, assessmentIds }: { jobId: string; assessmentIds: readonly string[] },
): Promise<string | null> {
  const most = sql.raw(`${LOOKED_THROUGH}`);
  const { rows } = await db.execute<{ assessment_id: string }>(sql`select assessment_id from (
      select each.* from unnest(${sql.param(assessmentIds)}::uuid[]) as asked(id)
        cross join lateral (select assessment_id, application_key, created_at from tagalong.invitations
          where assessment_id = asked.id order by created_at desc limit ${most}) each
        order by created_at desc limit ${most}) newest
    where (select snapshot -> 'job' ->> 'id' from tagalong.applications where key = newest.application_key) = ${jobId}
    order by created_at desc limit 1`);
  return rows[0]?.assessment_id ?? null;
}

/** Which assessments were used after this time. By the newest invitation of each alone, however many there are. */
export async function findUsedSince(db: Database, since: Date): Promise<ReadonlySet<string>> {
  const { rows } = await db.execute<{ id: string }>(sql`select id from tagalong.assessments
    where (select created_at from tagalong.invitations where assessment_id = assessments.id order by created_at desc limit 1)
      > ${since.toISOString()}::timestamptz`);
  return new Set(rows.map(({ id }) => id));
}
