import { randomBytes, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import pino from 'pino';
import type { DatabaseAddress } from '../../server/storage/database-address.ts';
import { startEmbeddedPostgres } from '../../server/storage/embedded-postgres.ts';
import { migrate } from '../../server/storage/migrate.ts';
import { openDatabase } from '../../server/storage/open-database.ts';

export type NamedDatabase = Extract<DatabaseAddress, { host: string }>;

/** A PostgreSQL for one run, thrown away after it, with a migrated template that its databases are copied from. */
export interface ThrowawayPostgres {
  address: Omit<NamedDatabase, 'database'>;
  /** A fresh, migrated database of its own, in about 30 ms. */
  createDatabase(): Promise<NamedDatabase>;
  /** Cuts whoever is still connected, and removes everything. */
  stop(): Promise<void>;
}

const log = pino({ level: 'silent' });

export async function startThrowawayPostgres(): Promise<ThrowawayPostgres> {
  // Not made here: a folder made by mkdtemp as root would shut out PostgreSQL's unprivileged user. The name is one that
  // global-setup.ts clears away when this process was killed.
  const dataDir = join(tmpdir(), `tagalong-test-${process.pid}-${randomBytes(6).toString('hex')}`);
  const server = await startEmbeddedPostgres({ dataDir, log, durable: false });
  const address = { host: server.socketDir, port: server.port, user: server.user };
  const command = async (sql: string) => {
    const client = new Client({ ...address, database: 'postgres' });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await command('create database template_tagalong');
  const template = await openDatabase({ address: { ...address, database: 'template_tagalong' }, log });
  await migrate(template.pool, { log });
  await template.close();
  return {
    address,
    async createDatabase() {
      const database = `check_${randomUUID().replaceAll('-', '')}`;
      await command(`create database ${database} template template_tagalong`);
      return { ...address, database };
    },
    async stop() {
      await command(
        `select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
      );
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
