import type { ClientBase, Pool } from 'pg';
import { OF_ANOTHER_OF_OURS } from './process-name.ts';

/**
 * Other processes of ours at this database that do not seal under this key: what they seal from now on is lost with theirs. Also one that
 * does not tell its key, of an earlier version. By their pids, for people, and where they are when that is another machine.
 */
export async function listBehind(pool: Pick<Pool | ClientBase, 'query'>, mark: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; host: string | null }>(
    `select split_part(application_name, ' ', 2) as id, min(host(client_addr)) as host from pg_stat_activity
      where ${OF_ANOTHER_OF_OURS}
      group by 1 having not bool_or(split_part(application_name, ' ', 3) = $1) order by 1`,
    [mark],
  );
  return rows.map(({ id, host }) => [id.replace(/-.*/, ''), ...(host === null ? [] : [`(${host})`])].join(' '));
}
