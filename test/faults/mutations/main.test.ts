import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MUTATIONS } from './index.ts';
import { reportOf, verdictOfMisplaced } from './verdicts.ts';

const run = promisify(execFile);
const MAIN = resolve('test/faults/mutations/main.ts');

/** A tree in which no guard stands where the list says, so that no check is run. */
let tree: string;
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), 'tagalong-test-mutations-'));
});
afterEach(() => rm(tree, { recursive: true }));

const takeOut = (...options: string[]) => run(process.execPath, [MAIN, ...options], { cwd: tree });
const readReport = async (file: string) => JSON.parse(await readFile(join(tree, file), 'utf8'));

test('each guard that is not there has its row, and makes the run fail as one that survived', async () => {
  const rows = MUTATIONS.map(({ name }) => verdictOfMisplaced(name));
  await expect(takeOut()).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining(`${rows.length} survived`) });
  expect(await readReport(reportOf({}))).toEqual(rows);
});

test('a run of some leaves the report of all as it is', async () => {
  const [{ name: named } = { name: '' }] = MUTATIONS;
  await mkdir(join(tree, '.output'));
  await writeFile(join(tree, reportOf({})), '["of all"]');
  await expect(takeOut('--named', named)).rejects.toMatchObject({ code: 1 });
  expect(await readReport(reportOf({}))).toEqual(['of all']);
  expect(await readReport(reportOf({ named }))).toEqual([verdictOfMisplaced(named)]);
});
