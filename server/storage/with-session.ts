import type { Pool, PoolClient } from 'pg';

/**
 * Borrows one database session for as long as `work` takes; for locks that belong to a session. A session that breaks while nobody asks it
 * anything (the database restarts) would end the process if nobody listened; here the next query tells. A session that broke, or whose
 * work failed, is closed, and its locks with it.
 */
export async function withSession<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  const note = (error: Error) => {
    failure = error;
  };
  client.on('error', note);
  try {
    return await work(client);
  } catch (error) {
    failure ??= error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.off('error', note);
    client.release(failure);
  }
}
