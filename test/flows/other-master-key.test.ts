import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { pairAnswerSchema } from '../../lib/contract/pairing.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { connectionViewSchema, greenhouseSettingsSchema, overviewSchema } from '../../lib/contract/settings.ts';
import { sealConnectionSecrets, sealWebhookSecret } from '../../server/storage/connection-secrets.ts';
import { connections, webhookEndpoints } from '../../server/storage/schema.ts';
import { createSealer } from '../../server/storage/seal.ts';
import { signLikeGreenhouse } from '../support/accept/signed-deliveries.ts';
import { createAdminApi } from '../support/admin-api.ts';
import { type RunningServer, startServer } from '../support/start-server.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const LOG = `.output/logs/other-master-key-${process.pid}.log`;
const key = randomBytes(32);
const sealer = createSealer(key);
const [id, endpointId, token] = [randomUUID(), randomUUID(), randomBytes(32).toString('base64url')];
let database: TestDatabase;
let folder: string;
let running: RunningServer | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagalong-test-'));
  database = await createTestDatabase();
  const now = new Date();
  await database.db.insert(connections).values({
    ...{ id, kind: 'greenhouse', side: 'ats', name: 'Our Greenhouse', enabled: true },
    settings: greenhouseSettingsSchema.parse({ kind: 'greenhouse' }),
    secrets: sealConnectionSecrets(sealer, id, { clientId: 'client-of-ours', clientSecret: 'secret-of-ours' }),
    ...{ automaticSince: now, createdAt: now, updatedAt: now },
  });
  const secret = { id: randomUUID(), addedAt: now.toISOString(), ...sealWebhookSecret(sealer, endpointId, 'signs-our-webhooks') };
  await database.db
    .insert(webhookEndpoints)
    .values({ id: endpointId, connectionId: id, event: 'candidate_stage_change', token, secrets: [secret] });
});
afterAll(async () => {
  await running?.stop();
  await database.drop();
  await rm(folder, { recursive: true });
});

async function start(masterKey: Buffer, hasAdmin: boolean): Promise<RunningServer> {
  await running?.stop();
  const { host, port, user } = database.address;
  running = await startServer({
    environment: {
      ...{ PORT: '0', DATA_DIR: folder, MASTER_KEY: masterKey.toString('hex'), LOG_LEVEL: 'warn' },
      DATABASE_URL: `postgresql:///${database.address.database}?host=${encodeURIComponent(host)}&port=${port}&user=${user}`,
    },
    logFile: LOG,
    hasAdmin,
  });
  return running;
}

const SENTENCE = 'What is sealed for Our Greenhouse does not open with this master key.';
const deliver = async ({ address }: RunningServer) => {
  const { headers, body } = signLikeGreenhouse({ kind: 'greenhouse', path: '', secret: 'signs-our-webhooks' }, 'event-1');
  return fetch(`${address}/hooks/${token}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: new Uint8Array(body),
  });
};

test('a server under another master key says so at the start, to admins and to the connection, and loses no webhook', async () => {
  const other = await start(randomBytes(32), false);
  expect(other.said.filter((line) => line.startsWith(SENTENCE))).toHaveLength(1);
  expect(await readFile(LOG, 'utf8')).toContain(SENTENCE);
  const stranger = createAdminApi({ baseUrl: other.address, token: null });
  const admin = await stranger.call(pairAnswerSchema, 'POST', PATHS.pair, {
    ...{ code: other.pairingCode, name: 'Ada', device: 'Chrome on Linux' },
  });
  const look = async (server: RunningServer) => {
    const api = createAdminApi({ baseUrl: server.address, token: admin.token });
    const { warnings } = await api.call(overviewSchema, 'GET', PATHS.overview);
    const { connections: views } = await api.call(
      z.object({ connections: z.array(connectionViewSchema) }),
      'GET',
      PATHS.connections,
    );
    return { warnings: warnings.filter((text) => text.startsWith(SENTENCE)), troubles: views[0]?.troubles ?? [] };
  };
  const locked = await look(other);
  expect(locked.warnings).toHaveLength(1);
  expect(locked.troubles).toContainEqual(expect.stringContaining('cannot be read with this server’s master key'));
  const refused = await deliver(other);
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);

  const right = await start(key, true);
  expect(right.said.filter((line) => line.startsWith('What is sealed'))).toEqual([]);
  const open = await look(right);
  expect(open.warnings).toEqual([]);
  expect(open.troubles.join(' ')).not.toContain('master key');
  expect((await deliver(right)).status).toBe(200);
});
