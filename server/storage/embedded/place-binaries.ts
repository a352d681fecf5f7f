import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canRun, type SystemUser } from './database-user.ts';
import { type Binaries, isThere, postgresPath } from './find-binaries.ts';
import { restoreSymlinks } from './restore-symlinks.ts';

/**
 * Returns binaries that `user` can execute: those of npm as they lie there, else a copy under `into`, made once per version. A copy is
 * needed when the clone lies below a folder that only root may enter, or when its missing symlinks cannot be made in place.
 * Throws when `user` cannot execute the copy either.
 */
export async function placeBinaries(options: { binaries: Binaries; into: string; user: SystemUser | null }): Promise<Binaries> {
  const { binaries, into, user } = options;
  await restoreSymlinks(binaries.folder).catch(ignoreReadOnly);
  if (await canRun(user, postgresPath(binaries))) return binaries;
  const copy = { ...binaries, folder: join(into, `postgresql-${binaries.version}`) };
  if (!(await isThere(copy.folder))) await copyBinaries(binaries.folder, copy.folder);
  if (!(await canRun(user, postgresPath(copy)))) {
    throw new Error(`The user ${user?.name ?? 'of this server'} cannot execute ${postgresPath(copy)}.`);
  }
  return copy;
}

/** Copied aside and renamed, so that a half copy never counts as one; of two that copy at once, the second gives way. */
async function copyBinaries(from: string, to: string): Promise<void> {
  const aside = `${to}.${randomBytes(6).toString('hex')}`;
  await mkdir(aside, { recursive: true, mode: 0o755 });
  try {
    // mkdir is narrowed by the umask; everybody must be able to pass.
    await chmod(aside, 0o755);
    await cp(join(from, 'native'), join(aside, 'native'), { recursive: true, verbatimSymlinks: true });
    await restoreSymlinks(aside);
    await rename(aside, to).catch(ignoreTaken);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

function ignoreReadOnly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EACCES' && error.code !== 'EROFS' && error.code !== 'EPERM') throw error;
}

function ignoreTaken(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}
