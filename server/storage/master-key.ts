import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureDataDir } from './ensure-data-dir.ts';
import { syncFolder } from './sync-folder.ts';
import { tellUnusable } from './unusable-folder.ts';

const KEY_BYTES = 32;
const FILE_NAME = 'master.key';
const PREVIOUS_NAME = 'master.key.previous';

/**
 * The 32 bytes that seal all credentials: `fromEnvironment` (base64 or hex) if given, else the file `master.key` in `dataDir`,
 * which the first start makes. Throws when the text is not 32 bytes, or when others may read the file.
 */
export async function loadMasterKey(from: { fromEnvironment: string | null; dataDir: string }): Promise<Buffer> {
  if (from.fromEnvironment !== null) return parseKey(from.fromEnvironment, 'MASTER_KEY');
  const path = join(await ensureDataDir(from.dataDir), FILE_NAME);
  if (!(await exists(path))) await makeKeyFile(path);
  return await readKey(path);
}

/** False when `loadMasterKey` would make a key, which nothing is sealed under yet. Makes nothing itself. */
export async function hasMasterKey(from: { fromEnvironment: string | null; dataDir: string }): Promise<boolean> {
  return from.fromEnvironment !== null || (await exists(join(from.dataDir, FILE_NAME)));
}

/** The master key, and those under which something may still be sealed: while it is being changed. */
export interface MasterKeys {
  current: Buffer;
  others: Buffer[];
}

/** As `loadMasterKey`, with what MASTER_KEY_PREVIOUS (`previous`) says, else with the file `master.key.previous` where there is one. */
export async function loadMasterKeys(from: {
  fromEnvironment: string | null;
  previous: string | null;
  dataDir: string;
}): Promise<MasterKeys> {
  const current = await loadMasterKey(from);
  if (from.previous !== null) return { current, others: [parseKey(from.previous, 'MASTER_KEY_PREVIOUS')] };
  const path = join(await ensureDataDir(from.dataDir), PREVIOUS_NAME);
  if (from.fromEnvironment !== null || !(await exists(path))) return { current, others: [] };
  return { current, others: [await readKey(path)] };
}

/**
 * Puts the key of `dataDir` aside and makes another, or goes on where that was cut off in between, with the same key under both names. Throws
 * when another one is aside already: that one is still needed. For one process at a time: of two that go on, the later takes the key away
 * that the earlier made.
 */
export async function replaceKeyFile(dataDir: string): Promise<void> {
  const folder = await ensureDataDir(dataDir);
  const [path, aside] = [join(folder, FILE_NAME), join(folder, PREVIOUS_NAME)];
  // The new one is on the disk before anything is put aside: what fails most (no room) leaves all as it was.
  await makeKeyFile(path, async (made) => {
    if (!(await holdSameKey(path, aside))) await link(path, aside);
    // The key keeps a name whatever of this reaches the disk.
    await syncFolder(folder);
    await rename(made, path);
  });
}

/** Once nothing is sealed under it any more. */
export async function forgetPreviousKeyFile(dataDir: string): Promise<void> {
  await rm(join(await ensureDataDir(dataDir), PREVIOUS_NAME), { force: true });
}

async function holdSameKey(path: string, aside: string): Promise<boolean> {
  return (await exists(aside)) && (await readKey(path)).equals(await readKey(aside));
}

async function readKey(path: string): Promise<Buffer> {
  await refuseIfOthersMayRead(path);
  return parseKey(await readFile(path, 'utf8').catch(tellUnusable(path)), path);
}

function parseKey(text: string, source: string): Buffer {
  const trimmed = text.trim();
  const isHex = /^[0-9a-f]{64}$/i.test(trimmed);
  const isBase64 = /^[\w+/-]{43}=?$/.test(trimmed);
  const key = Buffer.from(isHex || isBase64 ? trimmed : '', isHex ? 'hex' : 'base64');
  if (key.length !== KEY_BYTES) throw new Error(`${source} must hold 32 bytes, as base64 or hex.`);
  return key;
}

/**
 * Whole or not at all: written aside, then linked to its name. Of two processes that start at once, the first link wins. File and name are on
 * the disk before this returns.
 */
async function makeKeyFile(path: string, putInPlace = (made: string) => link(made, path).catch(ignoreExisting)): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(aside, 'wx', 0o600).catch(tellUnusable(path));
  try {
    await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
    await file.sync();
    await putInPlace(aside);
    await syncFolder(dirname(path));
  } finally {
    await file.close();
    await rm(aside, { force: true });
  }
}

async function refuseIfOthersMayRead(path: string): Promise<void> {
  const { mode } = await stat(path);
  // Windows has no such mode bits.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new Error(`Others may read the master key. Close it with: chmod 600 '${path}'`);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
