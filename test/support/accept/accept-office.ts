import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { greenhouseSettingsSchema, leverSettingsSchema } from '../../../lib/contract/settings.ts';
import { sealWebhookSecret } from '../../../server/storage/connection-secrets.ts';
import { readPostmasterFile, whoIs } from '../../../server/storage/embedded/postmaster-file.ts';
import { stopPostmaster } from '../../../server/storage/embedded/stop-postmaster.ts';
import { openDatabase } from '../../../server/storage/open-database.ts';
import { connections, webhookEndpoints } from '../../../server/storage/schema.ts';
import { createSealer } from '../../../server/storage/seal.ts';
import { freePort } from '../free-port.ts';
import { type RunningServer, startServer } from '../start-server.ts';
import type { NamedDatabase } from '../throwaway-postgres.ts';
import { waitUntil } from '../wait-until.ts';
import type { HookAddress } from './signed-deliveries.ts';

/**
 * The real server, started as a company starts it, on its own embedded database, with an address for Greenhouse and one for Lever. Both
 * connections are switched off: what comes in is verified, stored and acknowledged, and stays for whoever counts it.
 */
export interface AcceptOffice {
  server: RunningServer;
  port: number;
  dataDir: string;
  /** Under which its secrets are sealed. */
  masterKey: Buffer;
  addresses: HookAddress[];
  /** PostgreSQL's first process, also one that is only just starting; waits until there is one, and rejects when none comes. */
  postmasterPid(): Promise<{ pid: number }>;
  /** The embedded database as it runs now; throws while it does not. */
  postmaster(): Promise<{ pid: number; data: string; database: NamedDatabase }>;
  ask<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** One connection for many questions. */
  session(): Promise<{ ask: AcceptOffice['ask']; end(): Promise<void> }>;
  /** A new process on the same data, at the same address. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface AcceptOfficeOptions {
  name: string;
  environment?: Record<string, string>;
  dataDir?: string | undefined;
}

const UP_AGAIN_MS = 30_000;

export async function startAcceptOffice({ name, environment = {}, dataDir }: AcceptOfficeOptions): Promise<AcceptOffice> {
  const folder = dataDir ?? join(tmpdir(), `tagalong-test-${process.pid}-${randomBytes(6).toString('hex')}`);
  const masterKey = randomBytes(32);
  const port = await freePort();
  const start = (hasAdmin: boolean) =>
    startServer({
      environment: {
        LOG_LEVEL: 'warn',
        ...environment,
        PORT: String(port),
        DATA_DIR: folder,
        MASTER_KEY: masterKey.toString('hex'),
      },
      logFile: `.output/logs/${name}.log`,
      hasAdmin,
    });
  let server = await start(false);
  const data = join(folder, 'postgres', 'data');
  const postmaster = async () => {
    const found = await readPostmasterFile(data);
    if (!found?.ready) throw new Error('the embedded database does not run');
    return {
      pid: found.pid,
      data,
      database: { host: found.socketDir, port: found.port, user: 'tagalong', database: 'tagalong' },
    };
  };
  /** Waits while PostgreSQL comes up again after a kill. */
  const connect = async () => {
    let client: Client | null = null;
    let why: unknown;
    const isUp = async () => {
      try {
        client = new Client((await postmaster()).database);
        await client.connect();
        return true;
      } catch (error) {
        why = error;
        return false;
      }
    };
    await waitUntil(isUp, { withinMs: UP_AGAIN_MS, everyMs: 20, describe: () => String(why) });
    if (client === null) throw why;
    return client as Client;
  };
  const addresses = await plantAddresses((await postmaster()).database, masterKey);
  return {
    get server() {
      return server;
    },
    port,
    dataDir: folder,
    masterKey,
    addresses,
    postmaster,
    async postmasterPid() {
      let pid = 0;
      const isThere = async () => {
        const found = await readPostmasterFile(data);
        pid = found?.pid ?? 0;
        return found !== null && (await whoIs(pid, data)) === 'postmaster';
      };
      await waitUntil(isThere, { withinMs: UP_AGAIN_MS, everyMs: 5, describe: () => 'nobody started PostgreSQL again' });
      return { pid };
    },
    async ask(sql, values = []) {
      const client = await connect();
      try {
        return (await client.query(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
    async session() {
      const client = await connect();
      return { ask: async (sql, values = []) => (await client.query(sql, values)).rows, end: () => client.end() };
    },
    async restart() {
      server = await start(true);
    },
    async close() {
      await server.stop();
      // Left by a server that was killed.
      const left = await readPostmasterFile(data);
      if (left) await stopPostmaster(left.pid, data);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What an admin enters: two connections, each with one webhook and its secret. */
async function plantAddresses(database: NamedDatabase, masterKey: Buffer): Promise<HookAddress[]> {
  const store = await openDatabase({ address: database, log: pino({ level: 'silent' }), poolSize: 1 });
  const sealer = createSealer(masterKey);
  try {
    return await Promise.all(
      (['greenhouse', 'lever'] as const).map(async (kind) => {
        const [connectionId, endpointId] = [crypto.randomUUID(), crypto.randomUUID()];
        const [token, secret] = [randomBytes(32).toString('base64url'), randomBytes(24).toString('hex')];
        const now = new Date();
        await store.db.insert(connections).values({
          ...{ id: connectionId, kind, side: 'ats', name: kind, enabled: false, secrets: {} },
          settings: kind === 'lever' ? leverSettingsSchema.parse({ kind }) : greenhouseSettingsSchema.parse({ kind }),
          ...{ automaticSince: now, createdAt: now, updatedAt: now },
        });
        const event = kind === 'lever' ? 'candidateStageChange' : 'candidate_stage_change';
        const sealed = { id: crypto.randomUUID(), addedAt: now.toISOString(), ...sealWebhookSecret(sealer, endpointId, secret) };
        await store.db.insert(webhookEndpoints).values({ id: endpointId, connectionId, event, token, secrets: [sealed] });
        return { kind, path: `/hooks/${token}`, secret };
      }),
    );
  } finally {
    await store.close();
  }
}
