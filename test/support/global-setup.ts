import { tmpdir } from 'node:os';
import type { TestProject } from 'vitest/node';
import { clearLeftovers } from './clear-leftovers.ts';
import type { TestServer } from './test-database.ts';
import { startThrowawayPostgres } from './throwaway-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/** Starts one throw-away PostgreSQL for the whole run and prepares the migrated template that test databases are copied from. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  for (const trouble of await clearLeftovers(tmpdir())) process.stderr.write(`${trouble}\n`);
  const postgres = await startThrowawayPostgres();
  project.provide('testServer', postgres.address);
  return () => postgres.stop();
}
