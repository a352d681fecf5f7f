import type { Pool } from 'pg';

const CONSEQUENCES: Record<string, string> = {
  fsync: 'a power cut can destroy the whole database',
  full_page_writes: 'a power cut can leave half-written pages',
  synchronous_commit: 'a crash can lose the last webhooks that were already acknowledged to the ATS',
};

/** The settings of this server under which "never lost" cannot be kept, one sentence each; none when all is well. */
export async function findWeakDurability(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select name from pg_settings where name = any($1) and setting = 'off' order by name`,
    [Object.keys(CONSEQUENCES)],
  );
  return rows.map(({ name }) => `PostgreSQL runs with ${name} = off: ${CONSEQUENCES[name]}. Set it to on.`);
}
