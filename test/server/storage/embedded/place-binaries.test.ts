import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asUser, chooseDatabaseUser, type SystemUser } from '../../../../server/storage/embedded/database-user.ts';
import { type Binaries, findBinaries, initdbPath, postgresPath } from '../../../../server/storage/embedded/find-binaries.ts';
import { placeBinaries } from '../../../../server/storage/embedded/place-binaries.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

let folder: string;
let installed: Binaries;
let user: SystemUser | null;

/** A copy of npm's package without the symlinks, as `npm ci --ignore-scripts` leaves it. */
beforeEach(async () => {
  folder = join(tmpdir(), `tagalong-binaries-${randomUUID()}`);
  await mkdir(folder);
  const found = await findBinaries();
  installed = { ...found, folder: join(folder, 'clone', 'package') };
  const withoutSymlinks = async (path: string) => !(await lstat(path)).isSymbolicLink();
  await cp(found.folder, installed.folder, { recursive: true, filter: withoutSymlinks });
  user = await chooseDatabaseUser(null);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function versionOf(binaries: Binaries): Promise<string> {
  return (await run(postgresPath(binaries), ['--version'], asUser(user))).stdout;
}

test('binaries whose symlinks were not made at install are mended in place', async () => {
  await expect(run(initdbPath(installed), ['--version'], asUser(user))).rejects.toThrow('Command failed');
  const placed = await placeBinaries({ binaries: installed, into: join(folder, 'shared'), user });
  expect(placed.folder).toBe(installed.folder);
  expect((await run(initdbPath(placed), ['--version'], asUser(user))).stdout).toContain('initdb (PostgreSQL) 18');
});

test.runIf(isRoot)('in a clone that only root may enter, a copy is made outside of it, once per version', async () => {
  await chmod(dirname(installed.folder), 0o700);
  const into = join(folder, 'shared');
  await expect(versionOf(installed)).rejects.toThrow('EACCES');
  const places = { binaries: installed, into, user };
  const [placed] = await Promise.all([placeBinaries(places), placeBinaries(places)]);
  expect(placed.folder).toBe(join(into, `postgresql-${installed.version}`));
  expect(await versionOf(placed)).toContain('PostgreSQL) 18');
  const made = await stat(placed.folder);
  expect([made.uid, made.mode & 0o777]).toEqual([0, 0o755]);
  expect(await readdir(into)).toHaveLength(1);
  expect((await placeBinaries(places)).folder).toBe(placed.folder);
  expect((await stat(placed.folder)).ino).toBe(made.ino);
});
