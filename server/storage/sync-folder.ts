import { open } from 'node:fs/promises';

/**
 * Brings the names in a folder to the disk: a file that was made or renamed there may else be gone after a loss of power, however well its
 * contents were written. https://man7.org/linux/man-pages/man2/fsync.2.html
 */
export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folder to write it out.
  if (process.platform === 'win32') return;
  const folder = await open(path);
  try {
    await folder.sync();
  } catch (error) {
    if (!isUnableTo(error)) throw error;
  } finally {
    await folder.close();
  }
}

/** Some file systems of a network know this for files alone. */
function isUnableTo(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'ENOTSUP');
}
