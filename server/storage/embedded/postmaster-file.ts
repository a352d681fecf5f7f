import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What `postmaster.pid` says, by line: https://www.postgresql.org/docs/18/storage-file-layout.html */
export interface PostmasterFile {
  pid: number;
  port: number;
  socketDir: string;
  /** Whether it takes connections. */
  ready: boolean;
}

/** Reads `postmaster.pid`; null when there is none, or when it is only just being written. */
export async function readPostmasterFile(data: string): Promise<PostmasterFile | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const [pid, , , port, socketDir, , , status] = text.split('\n');
  if (!Number(pid) || !Number(port) || !socketDir) return null;
  return { pid: Number(pid), port: Number(port), socketDir, ready: status?.trim() === 'ready' };
}

/**
 * What a process id stands for: the postmaster of `data`; a process that is dead but not yet buried by its parent (its id, and so
 * the lock, is still taken); something foreign that was given the same id; or nothing.
 */
export type Occupant = 'postmaster' | 'zombie' | 'foreign' | 'nobody';

export async function whoIs(pid: number, data: string): Promise<Occupant> {
  if (!isTaken(pid)) return 'nobody';
  const { state, command } = process.platform === 'linux' ? await askProc(pid) : await askPs(pid);
  if (state === null) return 'nobody';
  if (state.startsWith('Z')) return 'zombie';
  return /(^|\/)postgres\0/.test(command) && command.split('\0').includes(data) ? 'postmaster' : 'foreign';
}

/** Whether any process still works on `data`, also one that its postmaster left behind. Linux only; elsewhere false. */
export async function isInUse(data: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  return folders.includes(data);
}

/** Whether the program of process `pid` was removed meanwhile (`npm ci` does that): it can no longer load its own libraries. */
export async function isProgramDeleted(pid: number): Promise<boolean> {
  const program = await readlink(`/proc/${pid}/exe`).catch(() => '');
  return program.endsWith(' (deleted)');
}

/** Whether a process id is in use, by whomever. */
export function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there, but of another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function askProc(pid: number): Promise<{ state: string | null; command: string }> {
  const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => null);
  const [stat, command] = await Promise.all([read('stat'), read('cmdline')]);
  // The name before the state stands in brackets and may hold spaces: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  return { state: stat?.slice(stat.lastIndexOf(')') + 2) ?? null, command: command ?? '' };
}

async function askPs(pid: number): Promise<{ state: string | null; command: string }> {
  const answer = await run('ps', ['-o', 'state=,command=', '-p', String(pid)]).catch(() => null);
  const [, state, command] = answer?.stdout.match(/^\s*(\S+)\s+(.*?)\s*$/s) ?? [];
  // ps separates by spaces what the kernel separates by zeros; a data folder with spaces stays in one piece behind -D.
  return { state: state ?? null, command: (command ?? '').replace(' -D ', '\0-D\0').replace(/ -c /g, '\0-c\0') };
}
