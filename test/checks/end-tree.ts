import { childrenOf } from '../../server/storage/embedded/children-of.ts';

/** Ends a process and all that it has started, by SIGKILL; whoever was started by one that is gone already is not found. */
export async function endTree(pid: number): Promise<void> {
  // The parent first, so that it starts nothing again.
  for (const one of await treeOf(pid)) {
    try {
      process.kill(one, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

async function treeOf(pid: number): Promise<number[]> {
  const children = (await childrenOf(pid)) ?? [];
  const below = await Promise.all(children.map((child) => treeOf(child.pid)));
  return [pid, ...below.flat()];
}
