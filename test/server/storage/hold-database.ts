import pino from 'pino';
import { startEmbeddedPostgres } from '../../../server/storage/embedded-postgres.ts';
import { openDatabase } from '../../../server/storage/open-database.ts';

/**
 * A server process for tests that kill it: starts the embedded database of the DATA_DIR given as its argument, writes what it was told,
 * prints the address as JSON and stays.
 */
const [dataDir = '', sharedDir = '', word = ''] = process.argv.slice(2);
const log = pino({ level: 'silent' });
const { socketDir: host, port, database, user, adopted } = await startEmbeddedPostgres({ dataDir, sharedDir, log });
const { pool } = await openDatabase({ address: { host, port, database, user }, log });
await pool.query('create table if not exists words (word text)');
await pool.query('insert into words values ($1)', [word]);
process.stdout.write(`${JSON.stringify({ host, port, database, user, adopted })}\n`);
setInterval(() => undefined, 60_000);
