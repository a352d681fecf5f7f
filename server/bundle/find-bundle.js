// @ts-check
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What stands beside a bundle.
 * @typedef {object} Stamp
 * @property {string[]} files Everything it was made of, its maker, and itself; relative to the root of the repository.
 * @property {string} fingerprint Of those files, in that order.
 */

/** Beside the other things that are built; no temporary folder, where others could lay code for us to run. */
export const BUNDLE_FOLDER = '.output/server';
export const BUNDLE_FILE = 'server.js';
export const STAMP_FILE = 'stamp.json';

const CHUNK = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * The path of the bundle made by make-bundle.js; null when there is none, or one of the files it was made of, or it itself, is no longer as it
 * was, byte for byte. Times would not do: copies, archives and layers of containers change them. Plain JavaScript, and read through one buffer,
 * because it is there to make the start light.
 * @param {string} root
 * @returns {string | null}
 */
export function findBundle(root) {
  const stamp = readStamp(join(root, BUNDLE_FOLDER, STAMP_FILE));
  return stamp && fingerprintOf(root, stamp.files) === stamp.fingerprint ? join(root, BUNDLE_FOLDER, BUNDLE_FILE) : null;
}

/**
 * Null when one of them cannot be read.
 * @param {string} root
 * @param {readonly string[]} files
 * @returns {string | null}
 */
export function fingerprintOf(root, files) {
  const hash = createHash('sha256').update(process.version);
  try {
    for (const file of files) {
      hash.update(`\n${file} ${addContent(hash, join(root, file))}\n`);
    }
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
  return hash.digest('hex');
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} path
 * @returns {number} How many bytes it has.
 */
function addContent(hash, path) {
  const file = openSync(path, 'r');
  try {
    let size = 0;
    for (;;) {
      const read = readSync(file, CHUNK);
      if (read === 0) return size;
      hash.update(CHUNK.subarray(0, read));
      size += read;
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Null when there is none, or it is not one: one is made again.
 * @param {string} path
 * @returns {Stamp | null}
 */
function readStamp(path) {
  try {
    const read = JSON.parse(readFileSync(path, 'utf8'));
    const areNames = Array.isArray(read?.files) && read.files.every((/** @type {unknown} */ file) => typeof file === 'string');
    return areNames && typeof read.fingerprint === 'string' ? read : null;
  } catch (error) {
    if (isSystemError(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** @param {unknown} error */
function isSystemError(error) {
  return error instanceof Error && 'syscall' in error;
}
