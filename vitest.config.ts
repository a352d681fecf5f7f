import { defineConfig } from 'vitest/config';

/** What runs the server or the outside's stand-ins. */
const SERVER = ['server', 'flows', 'contracts', 'checks', 'faults', 'simulators'].map((folder) => `test/${folder}/**/*.test.ts`);

/** Unit, contract and flow tests. Browser tests live in test/e2e and are run by Playwright. */
export default defineConfig({
  test: {
    // Test machines have two cores, and PostgreSQL wants its share.
    maxWorkers: 2,
    // Where nobody is there to start it again. At a desk each red counts.
    retry: process.env.CI ? 1 : 0,
    // A red that was seen once has to tell all of it.
    chaiConfig: { truncateThreshold: 2000 },
    projects: [
      {
        test: {
          name: 'server',
          environment: 'node',
          include: SERVER,
          // They keep nothing in modules, and to load them anew for each file took half the time of all.
          isolate: false,
          // One PostgreSQL for all of them; see test/support/test-database.ts.
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          // Longer than a machine stands still. Nobody waits for it who gets it sooner.
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        test: {
          name: 'rest',
          environment: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', ...SERVER],
          testTimeout: 30_000,
          // WXT's content script context reads `import.meta.env`, which only Vite gives it.
          server: { deps: { inline: ['wxt'] } },
        },
      },
      {
        test: {
          name: 'dom',
          environment: 'happy-dom',
          include: ['test/**/*.test.tsx'],
          exclude: ['test/e2e/**'],
          testTimeout: 30_000,
        },
      },
    ],
  },
});
