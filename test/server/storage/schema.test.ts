import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { expect, test } from 'vitest';
import * as schema from '../../../server/storage/schema.ts';

const meta = fileURLToPath(new URL('../../../server/storage/migrations/meta/', import.meta.url));

test('the migrations make exactly the tables that the code knows', async () => {
  const newest =
    (await readdir(meta))
      .filter((name) => name.endsWith('_snapshot.json'))
      .sort()
      .at(-1) ?? '';
  const migrated = JSON.parse(await readFile(meta + newest, 'utf8'));
  const missing = await generateMigration(migrated, generateDrizzleJson(schema, migrated.id, ['tagalong']));
  expect(missing).toEqual([]);
});
