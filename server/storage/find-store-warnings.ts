import { sql } from 'drizzle-orm';
import { say } from '../say.ts';
import type { Database } from '../services.ts';

interface Settings {
  fsync: string;
  full_page_writes: string;
  synchronous_commit: string;
  synchronous_standby_names: string;
  zero_damaged_pages: string;
}

/**
 * What keeps "never lost" from holding on this PostgreSQL, one sentence each; none when all is well. Settings count as they are for our
 * role and our database, before we changed anything in our session. https://www.postgresql.org/docs/current/runtime-config-wal.html
 *
 * Of the values of synchronous_commit only `off` answers before the commit is on the disk; `local` does not wait for a standby, which
 * matters only where there is one.
 */
export async function findStoreWarnings(db: Pick<Database, 'execute'>): Promise<string[]> {
  const { rows } = await db.execute<{ settings: Settings; damaged: number }>(sql`
    select (select json_object_agg(name, reset_val) from pg_settings where name in
        ('fsync', 'full_page_writes', 'synchronous_commit', 'synchronous_standby_names', 'zero_damaged_pages')) as settings,
      (select coalesce(sum(checksum_failures), 0)::int from pg_stat_database) as damaged`);
  const [found] = rows;
  if (!found) return [];
  const { settings, damaged } = found;
  const isOff = (name: 'fsync' | 'full_page_writes' | 'synchronous_commit') => settings[name] === 'off';
  return [
    ...(isOff('fsync') ? [say('server.store.fsync-off')] : []),
    ...(isOff('full_page_writes') ? [say('server.store.full-page-writes-off')] : []),
    ...(isOff('synchronous_commit') ? [say('server.store.synchronous-commit-off')] : []),
    ...(settings.synchronous_commit === 'local' && settings.synchronous_standby_names !== ''
      ? [say('server.store.synchronous-commit-local')]
      : []),
    ...(settings.zero_damaged_pages === 'on' ? [say('server.store.zero-damaged-pages')] : []),
    ...(damaged > 0 ? [say('server.store.damaged', { count: damaged })] : []),
  ];
}
