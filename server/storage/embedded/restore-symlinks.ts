import { readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * npm packages cannot hold symlinks, so PostgreSQL's shared libraries get theirs from a list by the package's install script.
 * This makes them where install scripts were skipped (`--ignore-scripts`). Throws EACCES or EROFS where it may not write.
 */
export async function restoreSymlinks(folder: string): Promise<void> {
  const links = linksSchema.parse(JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8')));
  await Promise.all(
    links.map(({ source, target }) => symlink(relative(dirname(target), source), join(folder, target)).catch(ignoreExisting)),
  );
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
