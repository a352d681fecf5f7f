import type { ClientBase } from 'pg';
import { OF_ANOTHER_OF_OURS } from './process-name.ts';

/** Another process of ours, a server mostly, is at this database now. */
export async function isAnyoneAtWork(client: ClientBase): Promise<boolean> {
  const { rowCount } = await client.query(`select from pg_stat_activity where ${OF_ANOTHER_OF_OURS} limit 1`);
  return rowCount === 1;
}
