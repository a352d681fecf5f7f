import type { Pool } from 'pg';
import { z } from 'zod';

const tableSchema = z.object({ schema: z.string(), name: z.string() });
const rowSchema = z.object({ text: z.string() });

/** Every row of every table of every schema, ours and the queue's, as lower-case text; bytes as the text that they are. */
export async function dumpStore(pool: Pool): Promise<{ table: string; text: string }[]> {
  const { rows } = await pool.query(
    `select table_schema as schema, table_name as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const dumped: { table: string; text: string }[] = [];
  for (const { schema, name } of z.array(tableSchema).parse(rows)) {
    const found = await pool.query(`select row_to_json(t)::text as text from "${schema}"."${name}" t`);
    const text = z
      .array(rowSchema)
      .parse(found.rows)
      .map((row) => row.text.replace(/\\\\x((?:[0-9a-f]{2})+)/g, (_, hex: string) => Buffer.from(hex, 'hex').toString('utf8')))
      .join('\n')
      .toLowerCase();
    dumped.push({ table: `${schema}.${name}`, text });
  }
  return dumped;
}
