import { readdirSync, readFileSync } from 'node:fs';

/** The processes that a process has started and that still run. Linux. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the name before the state stands in brackets and may hold spaces. */
function parentOf(pid: string): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It has just ended.
    return null;
  }
}
