import { describe, expect, test } from 'vitest';
import { migrateHolding } from '../../../server/storage/migrate.ts';
import { importExport } from '../../../server/storage/transfer/import-export.ts';
import { listMigrations, newestMigration } from '../../../server/storage/transfer/migrations.ts';
import { openClient } from '../../../server/storage/transfer/open-client.ts';
import landed from '../../fixtures/schemas/landed.json' with { type: 'json' };
import { frozenSchemaFile } from '../../support/frozen-schemas.ts';
import { tableChecksums } from '../../support/table-checksums.ts';
import { createTestDatabase } from '../../support/test-database.ts';

const migrations = await listMigrations();

describe('schemas that have been in use', () => {
  test.each(Object.entries(landed.migrations))('%s is as it was when somebody used it first', (tag, sha256) => {
    expect(migrations.find((migration) => migration.tag === tag)?.sha256).toBe(sha256);
  });

  test('they are the oldest of all, without a gap, and the newest of them is frozen', () => {
    const tags = Object.keys(landed.migrations);
    expect(migrations.slice(0, tags.length).map(({ tag }) => tag)).toEqual(tags);
    expect(landed.schemas).toContain(tags.at(-1));
  });

  test.each(landed.schemas)('what was kept under %s is kept under the newest', async (tag) => {
    const database = await createTestDatabase();
    const client = await openClient(database.address);
    try {
      await importExport({ client, file: frozenSchemaFile(tag), keyMark: 'frozen', anyKey: false });
      expect(await newestMigration(client)).toBe(tag);
      const before = await tableChecksums(client);
      expect([...before.values()].every(({ rows }) => rows > 0)).toBe(true);
      // As whoever imports does it, who holds the lock that `migrate` would wait for.
      await migrateHolding(client);
      expect(await newestMigration(client)).toBe(migrations.at(-1)?.tag);
      expect(await tableChecksums(client, before)).toEqual(before);
    } finally {
      await client.end();
      await database.drop();
    }
  });
});
