// @ts-check
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLE_FILE, BUNDLE_FOLDER, findBundle, fingerprintOf, STAMP_FILE } from './find-bundle.js';

const MAKER = 'server/bundle/make-bundle.js';
/** They settle which file is meant by a name, so that other files may be the sources though each of those that were is as it was. */
const SETTLING = ['package-lock.json', 'package.json', 'tsconfig.json'];
/** Packages that are no modules ask for the built-in ones by `require`. */
const BANNER = [
  "import { createRequire as requireFrom } from 'node:module';",
  'const require = requireFrom(import.meta.url);',
  // As seen from where the bundle is, so that the folder may be moved, with all that is in it.
  "const addressOfSource = (path) => new URL('../../' + path, import.meta.url).href;",
].join('\n');
const OWN_ADDRESS = /\bimport\.meta\b/g;
/** How coarse the times of files are. */
const TICK_MS = 10;

/**
 * Makes one file of the program `entry` and of all that it loads, where `findBundle` finds it. A module by itself costs memory: for its source
 * with all its comments, for what V8 knows of it and for what it took to load it; of the server there are a thousand. Comments and indents go,
 * names stay, and a line has some 200 characters, so that a stack still tells where it was; the map beside it is read when Node is told to
 * (`NODE_OPTIONS=--enable-source-maps`).
 *
 * Whole or not at all, also when several make it at once. Throws when it cannot be made. https://esbuild.github.io/api/
 * @param {{ root: string, entry: string }} program `entry` is relative to `root`.
 */
export async function makeBundle({ root, entry }) {
  const folder = join(root, BUNDLE_FOLDER);
  mkdirSync(folder, { recursive: true });
  // First: where nothing may be written, nothing needs to be made.
  const drafts = mkdtempSync(join(folder, 'draft-'));
  try {
    const begunMs = Date.now();
    const { build } = await import('esbuild');
    const { outputFiles, metafile } = await build({
      ...{ absWorkingDir: root, entryPoints: [entry], outfile: join(folder, BUNDLE_FILE), write: false, metafile: true },
      ...{ bundle: true, platform: 'node', format: 'esm', target: `node${process.versions.node}` },
      // What Node itself would take: https://nodejs.org/api/packages.html#conditional-exports
      ...{ mainFields: ['main'], conditions: ['module-sync'] },
      ...{ minifyWhitespace: true, minifySyntax: true, lineLimit: 200, legalComments: 'none', sourcemap: 'linked' },
      ...{ banner: { js: BANNER }, external: ['pg-native'], logLevel: 'silent', plugins: [addressesOfSources] },
    });
    const sources = Object.keys(metafile.inputs).filter((path) => !path.startsWith('('));
    if (sources.some((path) => hasChangedSince(join(root, path), begunMs))) throw new Error('a source changed meanwhile');
    for (const { path, text } of outputFiles) {
      if (path.endsWith('.js')) refuseForeignAddresses(text);
      writeFileSync(join(drafts, basename(path)), text);
      renameSync(join(drafts, basename(path)), path);
    }
    const files = [
      ...SETTLING.filter((file) => existsSync(join(root, file))),
      ...sources,
      MAKER,
      `${BUNDLE_FOLDER}/${BUNDLE_FILE}`,
    ];
    writeFileSync(join(drafts, STAMP_FILE), JSON.stringify({ files, fingerprint: fingerprintOf(root, files) }));
    renameSync(join(drafts, STAMP_FILE), join(folder, STAMP_FILE));
  } finally {
    rmSync(drafts, { recursive: true, force: true });
  }
}

/** Our modules that find files by their own address find them from the bundle as well. */
const addressesOfSources = {
  name: 'addresses-of-sources',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    const { absWorkingDir: root = '' } = build.initialOptions;
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.url')) return null;
      const source = relative(root, path).split(sep).map(encodeURIComponent).join('/');
      return { loader: 'ts', contents: text.replaceAll('import.meta.url', `addressOfSource(${JSON.stringify(source)})`) };
    });
  },
};

/** @param {string} bundle */
function refuseForeignAddresses(bundle) {
  if (bundle.match(OWN_ADDRESS)?.length === BANNER.match(OWN_ADDRESS)?.length) return;
  throw new Error('a module asks for its own address, which a bundle cannot give it');
}

/**
 * @param {string} path
 * @param {number} sinceMs
 */
function hasChangedSince(path, sinceMs) {
  const { mtimeMs, ctimeMs } = statSync(path);
  return Math.max(mtimeMs, ctimeMs) > sinceMs - TICK_MS;
}

if (realpathSync(process.argv[1] ?? '.') === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  try {
    if (findBundle(root) === null) await makeBundle({ root, entry: 'server/main.ts' });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}
