import { randomBytes } from 'node:crypto';
import { chmod, type FileHandle, link, mkdir, mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hasMasterKey, loadMasterKey, loadMasterKeys, replaceKeyFile } from '../../../server/storage/master-key.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), 'tagalong-key-')), 'data');
});
afterEach(() => rm(join(dataDir, '..'), { recursive: true }));

test('the first start makes a key that only its owner may read, later starts find the same', async () => {
  const key = await loadMasterKey({ fromEnvironment: null, dataDir });
  expect(key).toHaveLength(32);
  expect((await stat(join(dataDir, 'master.key'))).mode & 0o777).toBe(0o600);
  expect(await loadMasterKey({ fromEnvironment: null, dataDir })).toEqual(key);
});

/** What was under which name in the folder whenever that was brought to the disk. */
async function watchFolderSyncs(): Promise<{ names: string[][]; end(): void }> {
  const names: string[][] = [];
  await using probe = await open(tmpdir());
  const handles: Pick<FileHandle, 'sync' | 'stat'> = Object.getPrototypeOf(probe);
  const { sync } = handles;
  const spy = vi.spyOn(handles, 'sync').mockImplementation(async function (this: FileHandle) {
    await sync.call(this);
    if ((await this.stat()).isDirectory())
      names.push((await readdir(dataDir)).filter((name) => name.startsWith('master')).sort());
  });
  return { names, end: () => spy.mockRestore() };
}

test('a new key has its name on the disk before anything is sealed under it, and the one before keeps one throughout', async () => {
  const synced = await watchFolderSyncs();
  try {
    await loadMasterKey({ fromEnvironment: null, dataDir });
    expect(synced.names.at(-1)).toContain('master.key');
    const { ino: before } = await stat(join(dataDir, 'master.key'));
    synced.names.length = 0;
    await replaceKeyFile(dataDir);
    // With the name of the one before first, so that no crash leaves the folder without it.
    expect(synced.names[0]).toContain('master.key.previous');
    expect(synced.names).toHaveLength(2);
    expect((await stat(join(dataDir, 'master.key.previous'))).ino).toBe(before);
  } finally {
    synced.end();
  }
});

test('processes that start together agree on one key and leave nothing else behind', async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => loadMasterKey({ fromEnvironment: null, dataDir })));
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
  expect(await readdir(dataDir)).toEqual(['master.key']);
});

test('a key from the environment is taken as base64 or hex, and makes no file', async () => {
  const key = randomBytes(32);
  for (const encoding of ['base64', 'base64url', 'hex'] as const) {
    expect(await loadMasterKey({ fromEnvironment: ` ${key.toString(encoding)}\n`, dataDir })).toEqual(key);
  }
  await expect(stat(dataDir)).rejects.toThrow('ENOENT');
});

test('a folder in the place of the key is told in a sentence with its mend', async () => {
  await mkdir(join(dataDir, 'master.key'), { recursive: true, mode: 0o700 });
  const loading = loadMasterKey({ fromEnvironment: null, dataDir });
  await expect(loading).rejects.toThrow(/cannot use .*master.key: a folder lies where a file should be/);
});

test('a key of another length is refused with the name of its variable', async () => {
  for (const text of ['', 'short', randomBytes(31).toString('base64'), randomBytes(33).toString('hex')]) {
    await expect(loadMasterKey({ fromEnvironment: text, dataDir })).rejects.toThrow('MASTER_KEY must hold 32 bytes');
  }
});

test('a key file that others may read is refused, with the command that closes it', async () => {
  await loadMasterKey({ fromEnvironment: null, dataDir });
  await chmod(join(dataDir, 'master.key'), 0o640);
  await expect(loadMasterKey({ fromEnvironment: null, dataDir })).rejects.toThrow('chmod 600');
});

test('a damaged key file is refused and left as it is', async () => {
  await loadMasterKey({ fromEnvironment: null, dataDir });
  await writeFile(join(dataDir, 'master.key'), 'half');
  await expect(loadMasterKey({ fromEnvironment: null, dataDir })).rejects.toThrow('master.key must hold 32 bytes');
});

test('whether there is a key is told without making one', async () => {
  expect(await hasMasterKey({ fromEnvironment: null, dataDir })).toBe(false);
  await expect(stat(dataDir)).rejects.toThrow('ENOENT');
  await loadMasterKey({ fromEnvironment: null, dataDir });
  expect(await hasMasterKey({ fromEnvironment: null, dataDir })).toBe(true);
  await rm(dataDir, { recursive: true });
  expect(await hasMasterKey({ fromEnvironment: 'any', dataDir })).toBe(true);
});

const load = () => loadMasterKeys({ fromEnvironment: null, previous: null, dataDir });

test('a key is replaced and kept aside, also where an earlier call put it aside and came no further', async () => {
  const before = await loadMasterKey({ fromEnvironment: null, dataDir });
  await link(join(dataDir, 'master.key'), join(dataDir, 'master.key.previous'));
  await replaceKeyFile(dataDir);
  const { current, others } = await load();
  expect(others).toEqual([before]);
  expect(current).not.toEqual(before);
  expect((await readdir(dataDir)).toSorted()).toEqual(['master.key', 'master.key.previous']);
});

test('a key that is still needed aside is left there, and the current one in its place', async () => {
  await loadMasterKey({ fromEnvironment: null, dataDir });
  await replaceKeyFile(dataDir);
  const before = await load();
  await expect(replaceKeyFile(dataDir)).rejects.toThrow('EEXIST');
  expect(await load()).toEqual(before);
  expect((await readdir(dataDir)).toSorted()).toEqual(['master.key', 'master.key.previous']);
});
