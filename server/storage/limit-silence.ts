import type { PoolClient } from 'pg';

const limits = new WeakMap<PoolClient, number>();

/**
 * For a session that holds locks: the database ends it, and with it the locks, when nobody has asked it anything for so long (0: never). A
 * process that is frozen (SIGSTOP, `docker pause`) would hold them until it wakes, because its machine still answers for its connection.
 * A session keeps this when it goes back to the pool, which closes what rests there much sooner. PostgreSQL before 14 does not know
 * it, and nothing is limited there. https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-IDLE-SESSION-TIMEOUT
 */
export async function limitSilence(client: PoolClient, ms: number): Promise<void> {
  if (limits.get(client) === ms) return;
  await client.query(`select set_config(name, $1, false) from pg_settings where name = 'idle_session_timeout'`, [`${ms}ms`]);
  limits.set(client, ms);
}
