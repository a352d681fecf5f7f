import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { chromium, firefox } from '@playwright/test';

/** Where a browser is, or the sentence that says how to get one. */
export interface Browsers {
  chromium: string;
  /** Null where only Chromium is asked for. */
  firefox: string | null;
}

const CHROMIUM_PLACES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const FIREFOX_PLACES = [
  process.env.FIREFOX_PATH,
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
];

/** Debian's packages; the font because a bare machine has none and every letter would be a box. */
const DEBIAN_PACKAGES = ['chromium', 'firefox-esr', 'fonts-dejavu-core', 'openssl'];
const APT_TRIES = 4;
/** A mirror that says nothing more must not hold up everything. */
const APT_LIMIT_MS = 5 * 60_000;

/**
 * The browsers for demo and tests. What is missing is installed: by apt as root on Debian (with retries, because mirrors stumble), else
 * by Playwright. Throws one sentence saying what to do where neither works.
 */
export function findBrowsers(need: { firefox: boolean }): Browsers {
  const found = look();
  if (isEnough(found, need)) return complete(found, need);
  if (process.getuid?.() === 0 && isDebian()) installByApt();
  else installByPlaywright(need);
  const after = look();
  if (isEnough(after, need)) return complete(after, need);
  const wanted = need.firefox ? 'Chromium (or Chrome) and Firefox' : 'Chromium or Chrome';
  throw new Error(
    `No ${wanted} was found and none could be installed. Install ${wanted} with your system's package manager, or name them in CHROMIUM_PATH and FIREFOX_PATH, and run this again.`,
  );
}

function look(): { chromium: string | undefined; firefox: string | undefined } {
  const bundled = (path: () => string) => {
    try {
      return path();
    } catch {
      // Playwright has no build for this platform.
      return undefined;
    }
  };
  return {
    chromium: firstExecutable([...CHROMIUM_PLACES, bundled(() => chromium.executablePath())]),
    firefox: firstExecutable([...FIREFOX_PLACES, bundled(() => firefox.executablePath())]),
  };
}

function firstExecutable(places: readonly (string | undefined)[]): string | undefined {
  return places.find((place) => {
    if (!place) return false;
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function isEnough(found: ReturnType<typeof look>, need: { firefox: boolean }): boolean {
  return found.chromium !== undefined && (!need.firefox || found.firefox !== undefined);
}

function complete(found: ReturnType<typeof look>, need: { firefox: boolean }): Browsers {
  return { chromium: found.chromium ?? '', firefox: need.firefox ? (found.firefox ?? null) : null };
}

function isDebian(): boolean {
  return (
    existsSync('/etc/debian_version') ||
    (existsSync('/etc/os-release') && /ID(_LIKE)?=.*debian/.test(readFileSync('/etc/os-release', 'utf8')))
  );
}

function installByApt(): void {
  process.stdout.write('Installing browsers with apt (once, about half a minute) ...\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const retries = ['-o', 'Acquire::Retries=5'];
  for (let attempt = 1; attempt <= APT_TRIES; attempt += 1) {
    const how: SpawnSyncOptions = { env, stdio: ['ignore', 'ignore', 'inherit'], timeout: APT_LIMIT_MS };
    const update = spawnSync('apt-get', ['update', '-qq', ...retries], how);
    const install = spawnSync(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', ...retries, ...DEBIAN_PACKAGES],
      how,
    );
    if (update.status === 0 && install.status === 0) return;
    process.stdout.write(`apt did not succeed (${attempt} of ${APT_TRIES})\n`);
  }
}

function installByPlaywright(need: { firefox: boolean }): void {
  process.stdout.write('Installing browsers with Playwright (once) ...\n');
  const names = need.firefox ? ['chromium', 'firefox'] : ['chromium'];
  spawnSync('npx', ['playwright', 'install', ...names], {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
}
