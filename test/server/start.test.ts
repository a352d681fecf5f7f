import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** A program that tells which file it runs from, in the place of the server. */
const PROGRAM = `const where: string = new Error().stack ?? '';
console.log(/server\\/server\\.js/.test(where) ? 'bundle' : 'sources', process.argv.length);
process.exitCode = 3;`;

let root: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'tagalong-test-')));
  await mkdir(join(root, 'server'));
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  for (const part of ['start.js', 'compile-cache.js', 'bundle']) {
    await cp(`server/${part}`, join(root, 'server', part), { recursive: true });
  }
  await writeFile(join(root, 'server/main.ts'), PROGRAM);
});
afterEach(() => rm(root, { recursive: true }));

const withPackages = async () => {
  await mkdir(join(root, 'node_modules/@esbuild'), { recursive: true });
  for (const name of ['esbuild', `@esbuild/${process.platform}-${process.arch}`]) {
    await symlink(await realpath(`node_modules/${name}`), join(root, 'node_modules', name), 'junction');
  }
};

function start() {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['server/start.js'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  return { status, said: stdout.trim(), stderr };
}

test('the server runs from the bundle that is made at its start, and says nothing of it', async () => {
  await withPackages();
  expect(start()).toEqual({ status: 3, said: 'bundle 2', stderr: '' });
  expect(start()).toEqual({ status: 3, said: 'bundle 2', stderr: '' });
});

test('where none can be made it runs from its sources, and says why', async () => {
  const { status, said, stderr } = start();
  expect({ status, said }).toEqual({ status: 3, said: 'sources 2' });
  expect(stderr).toMatch(/^Tagalong runs from its sources, .*Cannot find package 'esbuild'.*\n$/);
});

test('an old bundle does not run when its sources are newer and no new one can be made', async () => {
  await withPackages();
  start();
  await writeFile(join(root, 'server/main.ts'), `import.meta.dirname;\n${PROGRAM}`);
  const { said, stderr } = start();
  expect(said).toBe('sources 2');
  expect(stderr).toContain('asks for its own address');
});
