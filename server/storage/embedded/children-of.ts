import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Child {
  pid: number;
  /** As `ps` shows it: PostgreSQL's processes name themselves, "postgres: startup" for one; empty for one that is dead but not buried. */
  title: string;
}

/**
 * The processes that `pid` has started. On Linux from /proc, elsewhere by `ps`; null where neither can tell (Windows, a slim container
 * of another system). The list may lack one that has just begun or for another that ends at this moment: one look proves nothing.
 * https://man7.org/linux/man-pages/man5/proc_pid_task.5.html
 */
export async function childrenOf(pid: number): Promise<Child[] | null> {
  const pids = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => null);
  if (pids === null) return await askPs(pid);
  return await Promise.all(
    (pids.match(/\d+/g) ?? []).map(async (child) => ({ pid: Number(child), title: await readTitle(child) })),
  );
}

async function readTitle(pid: string): Promise<string> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.replaceAll('\0', ' ').trim();
}

/** Each column by an option of its own: a header that is left empty may else swallow what follows. */
export async function askPs(parent: number): Promise<Child[] | null> {
  const columns = ['pid=', 'ppid=', 'args='].flatMap((column) => ['-o', column]);
  const answer = await run('ps', ['-A', '-ww', ...columns], { maxBuffer: 16 * 1024 * 1024 }).catch(() => null);
  if (answer === null) return null;
  return answer.stdout.split('\n').flatMap((line) => {
    const [, pid, ppid, title = ''] = line.match(/^\s*(\d+)\s+(\d+)\s*(.*?)\s*$/) ?? [];
    return Number(ppid) === parent ? [{ pid: Number(pid), title }] : [];
  });
}
