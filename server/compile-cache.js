import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Loaded before the server (see start.js): what Node makes of our sources is kept beside the packages, so that a later
 * start is faster, and lighter by the 20 MB of the compiler that reads TypeScript. Plain JavaScript, or it would need that compiler itself.
 * Where that folder may not be written, nothing is kept. It is no temporary folder, where others could lay code for us to run.
 * https://nodejs.org/api/module.html#module-compile-cache
 */
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/tagalong-server', import.meta.url)));
// By itself it is written at an orderly end only.
setTimeout(flushCompileCache, 10_000).unref();
