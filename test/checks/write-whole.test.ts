import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeWhole } from './write-whole.ts';

let folder: string;
beforeEach(async () => {
  folder = join(tmpdir(), `tagalong-whole-${randomUUID()}`);
  await mkdir(folder);
});
afterEach(() => rm(folder, { recursive: true }));

test('who has begun to read the file reads what was there before to its end', async () => {
  const file = join(folder, 'new', 'rows.json');
  writeWhole(file, ['before']);
  const reading = await open(file);
  writeWhole(file, ['after', 'and longer']);
  expect(JSON.parse(await reading.readFile('utf8'))).toEqual(['before']);
  await reading.close();
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(['after', 'and longer']);
  expect(await readdir(join(folder, 'new'))).toEqual(['rows.json']);
});
