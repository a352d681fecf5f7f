import { sql } from 'drizzle-orm';
import type { TestServer } from './test-server.ts';

/** The queue counts by the real clock, which no test moves: what waits there is due now. What its own time lies ahead of waits once more. */
export async function wakeQueue({ server }: Pick<TestServer, 'server'>): Promise<void> {
  await server.services.db.execute(sql`update pgboss.job set start_after = now() where state = 'created'`);
}
