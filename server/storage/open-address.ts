import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { DatabaseAddress } from './database-address.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

/**
 * Where the database is: the company's own, or the embedded one of DATA_DIR, which is started, or shared with a server that runs
 * already. `stop` leaves it running while somebody else uses it.
 */
export async function openAddress(config: Config, log: Logger): Promise<{ address: DatabaseAddress; stop(): Promise<void> }> {
  if (config.databaseUrl) return { address: { connectionString: config.databaseUrl }, stop: async () => undefined };
  const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
  const { socketDir: host, port, database, user } = embedded;
  return { address: { host, port, database, user }, stop: () => embedded.stop() };
}
