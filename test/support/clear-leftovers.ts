import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isTaken, readPostmasterFile, whoIs } from '../../server/storage/embedded/postmaster-file.ts';
import { removeTemporarySocketFolder } from '../../server/storage/embedded/socket-folder.ts';

const PATIENCE_MS = 10_000;
const REMOVER = 'removing';

/**
 * A run that was killed leaves its PostgreSQL and its folder, `tagalong-test-PID-...` in `parent`: both are ended. One whose run still
 * lives, or that somebody else is removing, is left. Never throws for one of them: resolves with what could not be removed, a sentence each.
 */
export async function clearLeftovers(parent: string): Promise<string[]> {
  const troubles: string[] = [];
  for (const name of await readdir(parent)) {
    const runner = Number(name.match(/^tagalong-test-(\d+)-/)?.[1]);
    if (!runner || isTaken(runner)) continue;
    const folder = join(parent, name);
    await clear(folder).catch((error: unknown) => troubles.push(`${folder} was left: ${String(error)}`));
  }
  return troubles;
}

async function clear(folder: string): Promise<void> {
  if (!(await claim(folder))) return;
  for (const home of [join(folder, 'postgres'), await readText(join(folder, 'database-home'))]) {
    if (home === null) continue;
    // It may be half removed, so nothing of it is started any more.
    await endPostmaster(join(home, 'data'));
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** At once, and without writing anything. https://www.postgresql.org/docs/18/server-shutdown.html */
async function endPostmaster(data: string): Promise<void> {
  const found = await readPostmasterFile(data).catch(() => null);
  if (!found) return;
  if ((await whoIs(found.pid, data)) === 'postmaster') {
    process.kill(found.pid, 'SIGQUIT');
    const deadline = performance.now() + PATIENCE_MS;
    while ((await whoIs(found.pid, data)) === 'postmaster') {
      if (performance.now() > deadline) throw new Error(`PostgreSQL (process ${found.pid}) does not end`);
      await pause(20);
    }
  }
  await removeTemporarySocketFolder(found.socketDir);
}

/** Several runs may find the same leftover at once: the first to write this file removes it, unless it was killed meanwhile. */
async function claim(folder: string): Promise<boolean> {
  const file = join(folder, REMOVER);
  const write = () =>
    writeFile(file, String(process.pid), { flag: 'wx' }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (['EEXIST', 'EACCES', 'ENOENT'].includes(error.code ?? '')) return false;
        throw error;
      },
    );
  if (await write()) return true;
  const remover = await readText(file);
  if (remover === null || (Number(remover) > 0 && isTaken(Number(remover)))) return false;
  await rm(file, { force: true });
  return await write();
}

async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(error.code ?? '')) return null;
    throw error;
  });
}
