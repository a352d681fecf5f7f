import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckRow } from '../../checks/check-report.ts';
import { LIMIT_MS } from '../../checks/run-checks.ts';

/** How a check ended: it met all its targets, missed one, or did not get to its end. */
export type CheckEnd = 'met' | 'missed' | 'broke';

/** Longer than a check at size small may take by its own limit, so that its rows are there; a broken guard may well make one wait for ever. */
const TIMEOUT_MS = LIMIT_MS.small + 20_000;

/** Runs one check at size small in this folder. `words`: what it said where it was not met. */
export async function runCheck(
  folder: string,
  { id, seed }: { id: string; seed: number },
): Promise<{ end: CheckEnd; words: string }> {
  const report = join(folder, '.output', 'faults.json');
  rmSync(report, { force: true });
  const args = ['test/faults/main.ts', '--only', id, '--size', 'small', '--seed', String(seed)];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore', detached: true });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => killGroup(child.pid), TIMEOUT_MS);
  const code = await exited;
  clearTimeout(timer);
  // Also what the check had started: servers and databases of its own.
  killGroup(child.pid);
  const rows = readRows(report);
  if (code === 0 && rows.length > 0 && rows.every(({ met }) => met)) return { end: 'met', words: '' };
  // The run's own row says that it was ended in the middle, which is known here.
  const red = rows.filter(({ id, met }) => !met && id !== 'RUN');
  const missed = red.find(({ figure, ofItself }) => !ofItself && !figure.startsWith('broke:'));
  if (missed) return { end: 'missed', words: missed.figure };
  const [line] = red[0]?.figure.split('\n') ?? [];
  return { end: 'broke', words: line ?? `came to no end within ${TIMEOUT_MS / 1000} s` };
}

function readRows(report: string): CheckRow[] {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return [];
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
