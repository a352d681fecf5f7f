import { readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import pino from 'pino';
import type { TestProject } from 'vitest/node';
import { isTaken } from '../../server/storage/embedded/postmaster-file.ts';
import { startEmbeddedPostgres } from '../../server/storage/embedded-postgres.ts';
import type { TestServer } from './test-database.ts';
import { startThrowawayPostgres } from './throwaway-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

const log = pino({ level: 'silent' });

/** Starts one throw-away PostgreSQL for the whole run and prepares the migrated template that test databases are copied from. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const postgres = await startThrowawayPostgres();
  project.provide('testServer', postgres.address);
  return () => postgres.stop();
}

/** A test that forgot to close its connections must not keep the server alive. */
async function terminateClients(server: TestServer): Promise<void> {
  const client = new Client({ ...server, database: 'postgres' });
  await client.connect();
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
  );
  await client.end();
}

/** A run that was killed leaves its server and its folder; the next run of the same user ends them. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const runner = Number(name.match(/^tagalong-test-(\d+)-/)?.[1]);
    if (runner && !isTaken(runner) && (await claim(join(tmpdir(), name)))) await removeLeftover(join(tmpdir(), name));
  }
}

async function removeLeftover(dataDir: string): Promise<void> {
  const server = await startEmbeddedPostgres({ dataDir, log, durable: false });
  await terminateClients({ host: server.socketDir, port: server.port, user: server.user });
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}

/** Several runs may find the same leftover at once: the first to write this file removes it. */
async function claim(dataDir: string): Promise<boolean> {
  return writeFile(join(dataDir, 'removing'), '', { flag: 'wx' }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (['EEXIST', 'EACCES', 'ENOENT'].includes(error.code ?? '')) return false;
      throw error;
    },
  );
}
