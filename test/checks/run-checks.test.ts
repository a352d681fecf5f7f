import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isTaken } from '../../server/storage/embedded/postmaster-file.ts';
import { waitUntil } from '../support/wait-until.ts';
import type { CheckRow } from './check-report.ts';

const toyRun = fileURLToPath(new URL('./toy-run.ts', import.meta.url));
const PATIENCE_MS = 25_000;

let folder: string;
let run: ChildProcess | undefined;

beforeEach(async () => {
  folder = join(tmpdir(), `tagalong-checks-${randomUUID()}`);
  await mkdir(folder);
});
afterEach(async () => {
  end(run);
  await rm(folder, { recursive: true });
});

/** With all that it has started, as whoever is out of patience ends it. */
function end(child: ChildProcess | undefined): void {
  if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
}

/** A toy named with `:alone` runs after the others, one with `:named` only where it is asked for by name. */
function start(toys: string, { limitMs, askedMs, only }: { limitMs?: number; askedMs?: number; only?: string } = {}): Started {
  const named = only === undefined ? [] : ['--only', only];
  const child = spawn(process.execPath, [toyRun, '--size', 'small', '--seed', '7', ...named], {
    ...{ cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    env: {
      ...{ ...process.env, TOYS: toys },
      ...(limitMs !== undefined && { TOY_LIMIT_MS: String(limitMs) }),
      ...(askedMs !== undefined && { TOY_ASKED_MS: String(askedMs) }),
    },
  });
  run = child;
  let [text, trouble] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    text += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    trouble += String(chunk);
  });
  return {
    ...{ child, printed: () => text, warned: () => trouble },
    ended: new Promise((resolve) => child.once('close', resolve)),
  };
}

interface Started {
  child: ChildProcess;
  printed: () => string;
  /** On its standard error. */
  warned: () => string;
  ended: Promise<number | null>;
}

const rowsThere = async (): Promise<CheckRow[]> => JSON.parse(await readFile(join(folder, '.output', 'faults.json'), 'utf8'));
const verdicts = (rows: readonly CheckRow[]) => rows.map(({ id, met }) => `${id} ${met ? 'met' : 'missed'}`);
const idsThere = async () => verdicts(await rowsThere().catch(() => []));
const idOfStarted = async () => Number(await readFile(join(folder, 'started'), 'utf8').catch(() => 0));

const isWritten = (words: string) =>
  waitUntil(async () => (await idsThere()).includes(words), { withinMs: PATIENCE_MS, describe: () => `no row: ${words}` });
const hasStarted = () =>
  waitUntil(async () => (await idOfStarted()) > 0, { withinMs: PATIENCE_MS, describe: () => 'STUCK did not begin' });

test('a run that came to its end leaves the rows of its checks, in their order, and prints them', async () => {
  const { ended, printed } = start('MET:alone,MISSED');
  expect(await ended).toBe(1);
  expect(verdicts(await rowsThere())).toEqual(['MET met', 'MISSED missed']);
  expect(printed()).toContain('       MET has something to say\n');
  expect(printed()).toMatch(
    /\n2 checks: .*\nmet {4}MET {2}toy MET: 0 lost \(target 0; all, asked all\)\nMISSED MISSED toy MISSED: 1 lost .*\n$/,
  );
});

test('a row that missed is written with all that its check said of it, and the last of what it said besides', async () => {
  await start('MISSED').ended;
  expect(await rowsThere()).toEqual([
    {
      ...{ id: 'MISSED', what: 'toy MISSED', asked: 'all', reached: 'all', figure: '1 lost', target: '0' },
      ...{ met: false, wrong: 1, ofItself: true, said: [3, 4, 5, 6, 7, 8, 9, 10].map((line) => `MISSED ${line}`) },
    },
  ]);
});

test('what runs only by name is said to be left out at size small, and is neither met nor missed', async () => {
  const { ended, printed } = start('MET,MISSED:named');
  expect(await ended).toBe(0);
  expect(verdicts(await rowsThere())).toEqual(['MET met']);
  expect(printed()).toMatch(/\n1 checks: .*\nleft out at size small: MISSED\nmet {4}MET .*\n$/);
});

test('what a check took stands beside its budget, and what all took beside what is asked of all', async () => {
  const { ended, printed } = start('MET,MISSED', { askedMs: 1_500_000 });
  await ended;
  expect(printed()).toMatch(/^MET: \d+ s of 7$/m);
  expect(printed()).toMatch(/^2 checks: \d+ s, asked 1,500 s$/m);
});

test('of some of the checks nobody asks how long they take together', async () => {
  const { ended, printed } = start('MET,MISSED', { askedMs: 1_500_000, only: 'MET' });
  await ended;
  expect(printed()).toMatch(/^1 checks: \d+ s$/m);
});

test.each([
  ['some time', { askedMs: 60_000 }],
  ['no time', { askedMs: 1 }],
  ['all the time', {}],
] as const)('a check is told how much is left for the run: %s', async (left, given) => {
  const { ended, printed } = start('LEFT:alone', given);
  await ended;
  expect(printed()).toContain(`       LEFT has ${left}\n`);
});

test('a run whose checks were all met ends with 0', async () => {
  expect(await start('MET').ended).toBe(0);
  expect(verdicts(await rowsThere())).toEqual(['MET met']);
});

test('a run that is killed in the middle has printed and written the rows until there, and says that they are not all', async () => {
  const { child, ended, printed } = start('MET,MISSED,STUCK');
  await Promise.all([isWritten('MET met'), isWritten('MISSED missed'), hasStarted()]);
  end(child);
  await ended;
  process.kill(await idOfStarted(), 'SIGKILL');
  const rows = await rowsThere();
  expect(verdicts(rows)).toEqual(['MET met', 'MISSED missed', 'RUN missed']);
  expect(rows.at(-1)).toMatchObject({
    asked: '3 checks',
    reached: '2',
    figure: expect.stringMatching(/^broke: .*not come to its end/),
  });
  expect(printed()).toMatch(/^met {4}MET {2}toy MET: 0 lost/m);
  expect(printed()).toMatch(/^MISSED MISSED toy MISSED: 1 lost/m);
});

test('before the first check has ended the file says that nothing is known yet', async () => {
  start('STUCK');
  await hasStarted();
  expect(verdicts(await rowsThere())).toEqual(['RUN missed']);
  process.kill(await idOfStarted(), 'SIGKILL');
});

test.each(['MET,STUCK,MISSED', 'MET:alone,STUCK:alone,MISSED:alone'])(
  'a check that does not end is ended with all that it started, and the others go on: %s',
  async (toys) => {
    const { ended, printed } = start(toys, { limitMs: 4_000 });
    expect(await ended).toBe(1);
    const rows = await rowsThere();
    expect(verdicts(rows)).toEqual(['MET met', 'STUCK missed', 'MISSED missed']);
    expect(rows[1]).toMatchObject({ figure: 'broke: did not end within 4 s', target: 'to run through' });
    expect(printed()).toContain('       STUCK waits for what never comes\n');
    const started = await idOfStarted();
    expect(started).toBeGreaterThan(0);
    await waitUntil(() => !isTaken(started), { withinMs: PATIENCE_MS, describe: () => `${started} still runs` });
  },
);

test('however many checks one process is asked for, nothing piles up with them', async () => {
  const toys = Array.from({ length: 12 }, (_, number) => `MET${number}:alone`);
  const { ended, warned } = start(toys.join(','));
  expect(await ended).toBe(0);
  expect(await rowsThere()).toHaveLength(12);
  expect(warned()).toBe('');
});

test('a check that takes its process along is told, what it had started is ended, and the others go on', async () => {
  expect(await start('ENDS:alone,MET:alone').ended).toBe(1);
  const rows = await rowsThere();
  expect(verdicts(rows)).toEqual(['ENDS missed', 'MET met']);
  expect(rows[0]?.figure).toBe('broke: its process ended with 7');
  const started = await idOfStarted();
  expect(started).toBeGreaterThan(0);
  await waitUntil(() => !isTaken(started), { withinMs: PATIENCE_MS, describe: () => `${started} still runs` });
});
