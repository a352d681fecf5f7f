import { defineConfig } from '@playwright/test';

/** Browser tests with the built extension. One at a time: they share two cores with a server, a database and the simulators. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.e2e.ts',
  outputDir: '../../.output/e2e',
  workers: 1,
  fullyParallel: false,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json']],
  // Once more, in a new browser with a new server: what passes then is named as flaky and does not fail the run, nor is it hidden.
  retries: 1,
  use: { actionTimeout: 10_000, navigationTimeout: 20_000 },
});
