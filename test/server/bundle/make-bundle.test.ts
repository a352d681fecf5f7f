import { spawnSync } from 'node:child_process';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BUNDLE_FILE, BUNDLE_FOLDER, findBundle, STAMP_FILE } from '../../../server/bundle/find-bundle.js';
import { makeBundle } from '../../../server/bundle/make-bundle.js';

let root: string;
const at = (path: string) => join(root, path);
const bundle = () => join(root, BUNDLE_FOLDER, BUNDLE_FILE);
const make = () => makeBundle({ root, entry: 'server/main.ts' });

const source = (path: string, text: string) => writeFile(at(path), text);

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'tagalong-test-')));
  await mkdir(at('server/bundle'), { recursive: true });
  await mkdir(at('server/deep'));
  await source('package.json', '{ "type": "module" }');
  await source('server/bundle/make-bundle.js', '');
  await source('server/deep/where.ts', `export const WHERE: string = new URL('./beside.txt', import.meta.url).href;`);
  await source('server/deep/late.ts', `export const late = () => 'late';`);
  await source(
    'server/main.ts',
    `import { WHERE } from './deep/where.ts';
// a remark
const { late } = await import('./deep/late.ts');
class NamedClass {}
console.log(JSON.stringify({ WHERE, late: late(), name: NamedClass.name }));`,
  );
  await pastTheTick();
});
afterEach(() => rm(root, { recursive: true }));

/** The clock of the files has moved on: what is written from now on is seen to be younger. */
async function pastTheTick(): Promise<void> {
  const from = Date.now();
  while (Date.now() < from + 20) await readdir(root);
}

test('what was made is found, runs, finds files beside its sources, and keeps names', async () => {
  expect(findBundle(root)).toBeNull();
  await make();
  expect(findBundle(root)).toBe(bundle());
  const { stdout, stderr } = spawnSync(process.execPath, [bundle()], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ WHERE: `file://${root}/server/deep/beside.txt`, late: 'late', name: 'NamedClass' });
  expect(await readFile(bundle(), 'utf8')).not.toContain('a remark');
  expect((await readdir(at(BUNDLE_FOLDER))).toSorted()).toEqual([BUNDLE_FILE, `${BUNDLE_FILE}.map`, STAMP_FILE].toSorted());
});

test('the folder may be moved with all that is in it: it finds its files there', async () => {
  await make();
  const moved = `${root} moved`;
  await rename(root, moved);
  root = moved;
  expect(findBundle(root)).toBe(bundle());
  const { stdout } = spawnSync(process.execPath, [bundle()], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toMatchObject({ WHERE: pathToFileURL(at('server/deep/beside.txt')).href });
});

test('it is not taken once a source is another, be its time and size as they were; and is again when that is undone', async () => {
  await make();
  const before = await readFile(at('server/deep/late.ts'), 'utf8');
  const longAgo = new Date('2026-01-01');
  await source('server/deep/late.ts', before.replace('late', 'lats'));
  await utimes(at('server/deep/late.ts'), longAgo, longAgo);
  expect(findBundle(root)).toBeNull();
  await source('server/deep/late.ts', before);
  expect(findBundle(root)).toBe(bundle());
});

test.each([
  ['a source is gone', () => rm(at('server/deep/where.ts'))],
  ['its maker is another', () => appendFile(at('server/bundle/make-bundle.js'), '\n')],
  ['it was cut off', () => truncate(bundle(), 100)],
  ['it is empty', () => truncate(bundle(), 0)],
  ['it is gone', () => rm(bundle())],
  ['its stamp was cut off', () => truncate(at(`${BUNDLE_FOLDER}/${STAMP_FILE}`), 30)],
  ['its stamp names no files', () => writeFile(at(`${BUNDLE_FOLDER}/${STAMP_FILE}`), '{ "files": [7], "fingerprint": "" }')],
  ['its stamp says nothing', () => writeFile(at(`${BUNDLE_FOLDER}/${STAMP_FILE}`), 'null')],
])('it is not taken, and made anew, when %s', async (_, harm) => {
  const where = await readFile(at('server/deep/where.ts'), 'utf8');
  await make();
  await harm();
  expect(findBundle(root)).toBeNull();
  await source('server/deep/where.ts', where);
  await pastTheTick();
  await make();
  expect(findBundle(root)).toBe(bundle());
});

test('what cannot be made leaves the one before as it was', async () => {
  await make();
  const before = await readFile(bundle(), 'utf8');
  await source('server/deep/late.ts', 'export const late = (');
  await expect(make()).rejects.toThrow(/Unexpected end of file/);
  expect(await readFile(bundle(), 'utf8')).toBe(before);
  expect(findBundle(root)).toBeNull();
  expect((await readdir(at(BUNDLE_FOLDER))).length).toBe(3);
});

test('a module that asks for its own address in a way that is not known is refused', async () => {
  await source('server/deep/where.ts', 'export const WHERE = import.meta.dirname;');
  await pastTheTick();
  await expect(make()).rejects.toThrow('asks for its own address');
  expect(findBundle(root)).toBeNull();
});

test('what was made while a source changed is not kept', async () => {
  const soon = new Date(Date.now() + 60_000);
  await utimes(at('server/deep/late.ts'), soon, soon);
  await expect(make()).rejects.toThrow('changed meanwhile');
  expect(findBundle(root)).toBeNull();
});

/** V8 keeps a source in two bytes a character as soon as one of them is not Latin: 3 MB more. A pattern (/…/) is the place where one slips in. */
test('the bundle of the server itself has no character that would make it twice as wide', async () => {
  const here = process.cwd();
  if (findBundle(here) === null) await makeBundle({ root: here, entry: 'server/main.ts' });
  const text = await readFile(join(here, BUNDLE_FOLDER, BUNDLE_FILE), 'utf8');
  expect(text.match(/.{0,60}[^\0-\x7f].{0,60}/g) ?? []).toEqual([]);
}, 60_000);

test('several makers at once leave one that is whole', async () => {
  await Promise.all([make(), make(), make()]);
  expect(findBundle(root)).toBe(bundle());
});
