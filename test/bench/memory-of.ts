import { readFileSync } from 'node:fs';

/** In megabytes. */
export interface Memory {
  /** Nobody else can use it, and it cannot be read from a file again; what these processes share is counted once. */
  own: number;
  /** Pages of programs and libraries, as if nothing else on the machine used them; the kernel drops them when it needs room. */
  files: number;
}

/**
 * What these processes hold together. Not their proportional set size: that halves the pages of Node while another Node runs beside them,
 * as the bench itself. Linux: https://docs.kernel.org/filesystems/proc.html#proc-pid-smaps. Nothing for a process that has just ended.
 */
export function memoryOf(pids: readonly number[]): Memory {
  let own = 0;
  const residentOf = new Map<string, number>();
  for (const mapping of pids.flatMap(mappingsOf)) {
    if (!mapping.file) {
      own += mapping.pss;
      continue;
    }
    // Pages of the file that were written to; forked processes share them until one writes again.
    own += mapping.rss === 0 ? 0 : (mapping.anonymous * mapping.pss) / mapping.rss;
    // The same part of the same file in several processes: that of the one that has read most of it.
    residentOf.set(mapping.file, Math.max(residentOf.get(mapping.file) ?? 0, mapping.rss - mapping.anonymous));
  }
  const files = [...residentOf.values()].reduce((sum, one) => sum + one, 0);
  return { own: own / 1024, files: files / 1024 };
}

/** In kilobytes. */
interface Mapping {
  /** Which part of which file; null for memory without one, and for what processes share without one. */
  file: string | null;
  rss: number;
  pss: number;
  anonymous: number;
}

const HEAD = /^[0-9a-f]+-[0-9a-f]+ \S+ (\S+) \S+ (\d+) *(.*)$/;
const WITHOUT_FILE = /^\/(dev\/(zero|shm)|SYSV|memfd:)/;

function mappingsOf(pid: number): Mapping[] {
  const mappings: Mapping[] = [];
  for (const line of read(`/proc/${pid}/smaps`).split('\n')) {
    const [, offset, inode, path = ''] = HEAD.exec(line) ?? [];
    if (inode !== undefined) {
      const file = inode === '0' || WITHOUT_FILE.test(path) ? null : `${path} ${offset}`;
      mappings.push({ file, rss: 0, pss: 0, anonymous: 0 });
      continue;
    }
    const [, name, kilobytes] = /^(Rss|Pss|Anonymous): +(\d+) kB$/.exec(line) ?? [];
    const mapping = mappings.at(-1);
    if (!mapping || kilobytes === undefined) continue;
    if (name === 'Rss') mapping.rss = Number(kilobytes);
    else if (name === 'Pss') mapping.pss = Number(kilobytes);
    else mapping.anonymous = Number(kilobytes);
  }
  return mappings;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return '';
    throw error;
  }
}
