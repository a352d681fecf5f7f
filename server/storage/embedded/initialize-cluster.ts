import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { asUser, type SystemUser } from './database-user.ts';
import { type Binaries, initdbPath, isThere } from './find-binaries.ts';
import { isTaken } from './postmaster-file.ts';

const run = promisify(execFile);

/** The database superuser of the embedded server; there is no other. Who may enter the socket's folder may be it. */
export const DATABASE_USER = 'tagalong';

/**
 * Makes the cluster in `data` unless it is there. It is made aside and renamed, so that a first start killed half-way leaves no half
 * database; of two that start at once, the second gives way. Throws when the data was made by another major version of PostgreSQL.
 */
export async function initializeCluster(options: {
  binaries: Binaries;
  data: string;
  user: SystemUser | null;
  /** False in tests only: skips writing to the disk itself. */
  durable: boolean;
}): Promise<void> {
  const { binaries, data, user, durable } = options;
  if (await isThere(data)) return refuseOtherMajor(binaries, data);
  await removeAbandoned(data);
  const aside = `${data}.new.${process.pid}.${randomBytes(6).toString('hex')}`;
  const args = ['-D', aside, '-U', DATABASE_USER, '--auth-local=trust', '--auth-host=reject', '--encoding=UTF8'];
  // The builtin locale sorts and compares the same on every machine, whatever its libc.
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--data-checksums');
  if (!durable) args.push('--no-sync');
  await run(initdbPath(binaries), args, { ...asUser(user), env: { LC_ALL: 'C', TZ: 'UTC' } });
  await rename(aside, data).catch(async (error: NodeJS.ErrnoException) => {
    await rm(aside, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

/** What killed first starts left; not what another process is making right now. */
async function removeAbandoned(data: string): Promise<void> {
  const prefix = `${basename(data)}.new.`;
  const names = (await readdir(dirname(data))).filter((name) => name.startsWith(prefix));
  const abandoned = names.filter((name) => !isTaken(Number.parseInt(name.slice(prefix.length), 10)));
  await Promise.all(abandoned.map((name) => rm(join(dirname(data), name), { recursive: true, force: true })));
}

async function refuseOtherMajor(binaries: Binaries, data: string): Promise<void> {
  const made = (await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (made === '') {
    throw new Error(
      `The database in ${data} is not whole: its file PG_VERSION is missing. Restore the whole DATA_DIR from a backup; only if there is nothing to keep, move that folder away, and the next start makes a new database.`,
    );
  }
  const ours = binaries.version.split('.')[0];
  if (made !== ours) {
    throw new Error(
      `The database in ${data} was made by PostgreSQL ${made}; this Tagalong brings ${ours}. Use the Tagalong that made it.`,
    );
  }
}
