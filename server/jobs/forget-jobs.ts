import { sql } from 'drizzle-orm';
import type { Transaction } from '../services.ts';

/** Deletes jobs that name one of these ids, waiting, running, finished or dead. What runs finds nothing to do. Answers how many. */
export async function forgetJobs(tx: Transaction, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const list = sql.join(
    ids.map((id) => sql`${id}`),
    sql`, `,
  );
  const { rowCount } = await tx.execute(
    sql`delete from pgboss.job where data ->> 'applicationKey' in (${list}) or data ->> 'effectId' in (${list})`,
  );
  return rowCount ?? 0;
}
