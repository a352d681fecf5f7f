import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { Client, ClientBase } from 'pg';
import { z } from 'zod';

const FOLDER = fileURLToPath(new URL('../migrations', import.meta.url));
const journalSchema = z.looseObject({ entries: z.array(z.looseObject({ tag: z.string(), when: z.number() })) });

/** Every migration of this version, oldest first. */
export async function listMigrations(): Promise<{ tag: string; when: number; sha256: string }[]> {
  const { entries } = journalSchema.parse(JSON.parse(await readFile(join(FOLDER, 'meta/_journal.json'), 'utf8')));
  return await Promise.all(
    entries.map(async ({ tag, when }) => {
      const sql = await readFile(join(FOLDER, `${tag}.sql`));
      return { tag, when, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** The newest migration that this database has been through. Throws when it has been through none, or through one that is unknown here. */
export async function newestMigration(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ created_at: string }>(
    'select created_at from tagalong.migrations order by created_at desc limit 1',
  );
  const found = (await listMigrations()).find(({ when }) => String(when) === rows[0]?.created_at);
  if (!found) throw new Error('The database was made by another version of Tagalong.');
  return found.tag;
}

/** Makes our tables as they were after this migration. Throws when this version does not know it. */
export async function migrateTo(client: Client, tag: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tagalong-migrations-'));
  try {
    await cp(FOLDER, folder, { recursive: true });
    const path = join(folder, 'meta/_journal.json');
    const journal = journalSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    const last = journal.entries.findIndex((entry) => entry.tag === tag);
    if (last < 0) throw new Error(`This version of Tagalong knows no "${tag}".`);
    await writeFile(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, last + 1) }));
    await migrate(drizzle(client), {
      migrationsFolder: folder,
      migrationsSchema: 'tagalong',
      migrationsTable: 'migrations',
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
