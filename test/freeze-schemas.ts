import { existsSync, mkdirSync } from 'node:fs';
import { migrateTo } from '../server/storage/transfer/migrations.ts';
import { openClient } from '../server/storage/transfer/open-client.ts';
import { writeExport } from '../server/storage/transfer/write-export.ts';
import landed from './fixtures/schemas/landed.json' with { type: 'json' };
import { fillTables } from './support/fill-tables.ts';
import { frozenSchemaFile, SCHEMAS_FOLDER } from './support/frozen-schemas.ts';
import { startThrowawayPostgres } from './support/throwaway-postgres.ts';

/**
 * `node test/freeze-schemas.ts`, once `landed.json` names what has been released since: for each schema that has none yet, a database as
 * it was then, with rows in every table, as an export. What is frozen is never made again.
 */
const ROWS = 12;

mkdirSync(SCHEMAS_FOLDER, { recursive: true });
const postgres = await startThrowawayPostgres();
try {
  for (const tag of landed.schemas) {
    const file = frozenSchemaFile(tag);
    if (existsSync(file)) continue;
    const client = await openClient(await postgres.createDatabase());
    await client.query('drop schema tagalong cascade');
    await migrateTo(client, tag);
    await fillTables(client, ROWS);
    await writeExport({ client, file, keyMark: 'frozen', now: new Date('2026-11-22T00:00:00Z') });
    await client.end();
    process.stdout.write(`${file}\n`);
  }
} finally {
  await postgres.stop();
}
