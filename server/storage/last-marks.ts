import type { ClientBase, Pool } from 'pg';
import { OF_ANOTHER_OF_OURS } from './process-name.ts';

/** Which master keys servers worked with last, by their marks (see markOf in seal.ts). */
export interface LastMarks {
  /** Under which the end of the activity and the key of the erased are sealed: no server that works leaves them under another than its own. */
  sealed: string[];
  /** Another process of ours is at this database now and seals under this key. */
  isRunning: boolean;
}

export async function findLastMarks(pool: Pick<Pool | ClientBase, 'query'>, mark: string): Promise<LastMarks> {
  const { rows } = await pool.query<{ mark: string }>(
    `select split_part(code, '.', 2) as mark from tagalong.audit_head
      union select split_part(value->>'sealed', '.', 2) from tagalong.settings where key = 'erasure-key'
      order by 1`,
  );
  const { rowCount } = await pool.query(
    `select from pg_stat_activity where ${OF_ANOTHER_OF_OURS} and split_part(application_name, ' ', 3) = $1 limit 1`,
    [mark],
  );
  return { sealed: rows.map((row) => row.mark), isRunning: rowCount === 1 };
}
