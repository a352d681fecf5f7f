import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Mutation } from './mutation.ts';

/** Not copied: what is made by running, and the packages, which are shared. */
const LEFT_OUT = new Set(['node_modules', '.git', '.output', '.wxt', '.tagalong', 'test-results']);

export interface TreeCopy {
  readonly folder: string;
  /** Breaks one guard; throws when the place is not there exactly once. Returns what mends it again. */
  breakGuard(mutation: Mutation): () => void;
  remove(): void;
}

/** How often the place of a guard is there; it has to be once. */
export function placesOf(folder: string, { file, find }: Pick<Mutation, 'file' | 'find'>): number {
  const path = join(folder, file);
  return existsSync(path) ? readFileSync(path, 'utf8').split(find).length - 1 : 0;
}

/** A copy of the sources in which guards may be taken out without touching the tree itself. */
export function copyTree(): TreeCopy {
  const folder = mkdtempSync(join(tmpdir(), 'tagalong-mutation-'));
  for (const name of readdirSync('.')) if (!LEFT_OUT.has(name)) cpSync(name, join(folder, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    breakGuard({ name, file, find, replace }) {
      const path = join(folder, file);
      const places = placesOf(folder, { file, find });
      if (places !== 1) throw new Error(`"${name}": its place stands ${places} times in ${file}, not once`);
      const source = readFileSync(path, 'utf8');
      // A function, because a text would have its $ replaced.
      writeFileSync(
        path,
        source.replace(find, () => replace),
      );
      return () => writeFileSync(path, source);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
