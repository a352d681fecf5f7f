/** A process of its own that brings a database up to date, as a server does at its start; the check of migrations kills it. */
import pino from 'pino';
import { z } from 'zod';
import { createPool } from '../../../server/storage/create-pool.ts';
import { migrate } from '../../../server/storage/migrate.ts';

const addressSchema = z.object({ host: z.string(), port: z.number(), user: z.string(), database: z.string() });

const address = addressSchema.parse(JSON.parse(process.env.ADDRESS ?? ''));
process.send?.('ready');
process.once('message', () => {
  const log = pino({ level: 'silent' });
  const pool = createPool({ address, log, max: 1 });
  migrate(pool, { log }).then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
