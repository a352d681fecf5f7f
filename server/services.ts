import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Meter } from './metrics/meter.ts';
import type { Random } from './random.ts';
import type * as schema from './storage/schema.ts';
import type { Sealer } from './storage/seal.ts';

export type Database = NodePgDatabase<typeof schema>;
/** Inside `db.transaction(async (tx) => ...)`. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** What every room of the server may be given. Made in build.ts alone. */
export interface Services {
  config: Config;
  clock: Clock;
  random: Random;
  log: Logger;
  db: Database;
  sealer: Sealer;
  /** Told of work that is done, for whoever watches the server. */
  meter: Meter;
}
