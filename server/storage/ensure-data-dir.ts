import { mkdir, realpath } from 'node:fs/promises';
import { tellUnusable } from './unusable-folder.ts';

/**
 * Makes DATA_DIR if it is not there and returns its true path. A new one is closed to others; for root it can be passed through
 * (not read), because the embedded database lives inside it and runs as an unprivileged user. An existing folder keeps its mode.
 */
export async function ensureDataDir(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 }).catch(tellUnusable(dataDir));
  return realpath(dataDir).catch(tellUnusable(dataDir));
}
