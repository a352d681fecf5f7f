import { readdir, readFile } from 'node:fs/promises';
import { childrenOf } from '../../server/storage/embedded/children-of.ts';

/** Ends a process and all that it has started, by SIGKILL; whoever was started by one that is gone already is not found. */
export async function endTree(pid: number): Promise<void> {
  // The parent first, so that it starts nothing again.
  for (const one of await treeOf(pid)) kill(one);
}

/**
 * Ends, by SIGKILL, whoever was started with this variable in the environment, also by one that is gone: nobody else knows them any more. Finds
 * them on Linux only. https://man7.org/linux/man-pages/man5/proc_pid_environ.5.html
 */
export async function endMarked(variable: string, value: string): Promise<void> {
  const names = await readdir('/proc').catch(() => []);
  for (const name of names.filter((one) => /^\d+$/.test(one) && one !== String(process.pid))) {
    // Somebody else's, or gone by now.
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    if (environment.split('\0').includes(`${variable}=${value}`)) kill(Number(name));
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function treeOf(pid: number): Promise<number[]> {
  const children = (await childrenOf(pid)) ?? [];
  const below = await Promise.all(children.map((child) => treeOf(child.pid)));
  return [pid, ...below.flat()];
}
