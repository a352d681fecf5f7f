import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { DatabaseAddress } from './database-address.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { readDatabaseUrl } from './read-database-url.ts';

interface OpenAddress {
  address: DatabaseAddress;
  reviveNoMore(): void;
  stop(): Promise<void>;
}

/**
 * Where the database is: the company's own, or the embedded one of DATA_DIR, which is started, or shared with a server that runs
 * already. `stop` leaves it running while somebody else uses it, or may (embedded-postgres.ts); from `reviveNoMore` on it is not started again, should it end.
 */
export async function openAddress(config: Config, log: Logger): Promise<OpenAddress> {
  if (config.databaseUrl)
    return { address: readDatabaseUrl(config.databaseUrl), reviveNoMore: () => undefined, stop: async () => undefined };
  const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
  const { socketDir: host, port, database, user } = embedded;
  const { reviveNoMore, stop } = embedded;
  return { address: { host, port, database, user }, reviveNoMore, stop };
}
