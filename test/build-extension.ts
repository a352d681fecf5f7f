import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/**
 * `npm run build`: the extension for Chrome and for Firefox, and what it weighs. Every byte that is injected into an ATS page
 * counts against the limit, since every candidate page pays for it. Exits non-zero when it is exceeded.
 */
const LIMIT_BYTES = 2500;
const TARGETS = [
  { browser: 'chrome', folder: '.output/chrome-mv3' },
  { browser: 'firefox', folder: '.output/firefox-mv3' },
];

let isTooHeavy = false;
for (const { browser, folder } of TARGETS) {
  build(browser);
  const injected = gzipBytes(folder, injectedFiles(folder));
  isTooHeavy ||= injected > LIMIT_BYTES;
  const panel = gzipBytes(folder, scriptsOf(folder, 'panel.html'));
  say(`${browser}: injected into an ATS page ${injected} bytes gzip (limit ${LIMIT_BYTES}), panel ${kilobytes(panel)} kB gzip`);
}
if (isTooHeavy) {
  say('The content script is too heavy: see entrypoints/ats-page.content/ and what it imports.');
  process.exitCode = 1;
}

function build(browser: string): void {
  const { status } = spawnSync('wxt', ['build', '-b', browser, '--mv3'], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** Content scripts of the manifest with everything they load, style sheets included. */
function injectedFiles(folder: string): string[] {
  const manifest: { content_scripts?: { js?: string[]; css?: string[] }[] } = JSON.parse(read(folder, 'manifest.json'));
  const scripts = (manifest.content_scripts ?? []).flatMap(({ js = [], css = [] }) => [...js, ...css]);
  return withImports(folder, scripts);
}

function scriptsOf(folder: string, page: string): string[] {
  const named = [...read(folder, page).matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => match[1] ?? '');
  return withImports(folder, named);
}

/** The given files and, through their imports, every chunk they pull in. Dynamic imports count: they end up in the page too. */
function withImports(folder: string, files: string[]): string[] {
  const all = new Set(files);
  for (const file of all) {
    for (const [, path = ''] of read(folder, file).matchAll(/["'`](?:\.{0,2}\/)*((?:chunks|assets)\/[\w.-]+\.js)["'`]/g))
      all.add(path);
    for (const [, path = ''] of read(folder, file).matchAll(/["'`]\.\/([\w.-]+\.js)["'`]/g)) all.add(`chunks/${path}`);
  }
  return [...all];
}

function gzipBytes(folder: string, files: string[]): number {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(`${folder}/${file}`), { level: 9 }).length, 0);
}

function read(folder: string, file: string): string {
  return readFileSync(`${folder}/${file}`, 'utf8');
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
