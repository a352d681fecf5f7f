import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * From its next start on the PostgreSQL of `data` runs and is never ready: as a standby of nobody it waits for more to replay, and serves
 * nobody meanwhile. Without the file it starts as before. https://www.postgresql.org/docs/18/warm-standby.html#STANDBY-SERVER-OPERATION
 */
export async function neverReady(data: string): Promise<{ file: string }> {
  await appendFile(join(data, 'postgresql.conf'), '\nhot_standby = off\n');
  const file = join(data, 'standby.signal');
  await writeFile(file, '');
  return { file };
}

/** One that was not ready for that reason stops waiting and serves. https://www.postgresql.org/docs/18/app-pg-ctl.html (promote) */
export async function letBeReady(data: string, postmaster: number): Promise<void> {
  await writeFile(join(data, 'promote'), '');
  process.kill(postmaster, 'SIGUSR1');
}
