import { randomBytes, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { greenhouseSettingsSchema } from '../../../lib/contract/settings.ts';
import { ATS_WEBHOOKS } from '../../../server/ats/registry.ts';
import { readConfig } from '../../../server/config.ts';
import { SILENT_METER } from '../../../server/metrics/meter.ts';
import { systemRandom } from '../../../server/random.ts';
import type { Services } from '../../../server/services.ts';
import { openWebhookSecrets, sealWebhookSecret } from '../../../server/storage/connection-secrets.ts';
import { createPool } from '../../../server/storage/create-pool.ts';
import { connections, deliveries, webhookEndpoints } from '../../../server/storage/schema.ts';
import { createSealer } from '../../../server/storage/seal.ts';
import { createDeliveryStore } from '../../../server/storage/store-deliveries.ts';
import { type Accept, createAccept } from '../../../server/webhooks/accept.ts';
import { createKnownAddresses } from '../../../server/webhooks/known-addresses.ts';
import { signLikeGreenhouse } from '../../support/accept/signed-deliveries.ts';
import { SOON } from '../../support/soon.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const sealer = createSealer(randomBytes(32));
let database: TestDatabase;
let services: Services;
let logged: string[];
let now: Date;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

let endpointId: string;
let connectionId: string;
let token: string;
let accept: Accept;
let wakeRelay: () => void;
let counted: string[];

beforeEach(async () => {
  logged = [];
  counted = [];
  now = new Date('2026-11-22T12:00:00Z');
  // A new one for each: what a test before has asked for may still come.
  wakeRelay = vi.fn();
  services = {
    ...{ config: readConfig({}), random: systemRandom, db: database.db, sealer, clock: { now: () => now } },
    log: pino({}, { write: (line: string) => logged.push(line) }),
    meter: { ...SILENT_METER, webhook: (kind, outcome) => counted.push(`${kind} ${outcome}`) },
  };
  [endpointId, connectionId, token] = [randomUUID(), randomUUID(), randomBytes(32).toString('base64url')];
  const settings = greenhouseSettingsSchema.parse({ kind: 'greenhouse' });
  await database.db.insert(connections).values({
    ...{ id: connectionId, kind: 'greenhouse', side: 'ats', name: 'Greenhouse', enabled: true, settings, secrets: {} },
    ...{ automaticSince: now, createdAt: now, updatedAt: now },
  });
  await database.db
    .insert(webhookEndpoints)
    .values({ id: endpointId, connectionId, event: 'candidate_stage_change', token, secrets: [secretOf('first secret')] });
  accept = desk();
});

const secretOf = (secret: string) => ({
  id: randomUUID(),
  addedAt: now.toISOString(),
  ...sealWebhookSecret(sealer, endpointId, secret),
});

function desk(given: { pool?: Pool; deadlineMs?: number } = {}): Accept {
  return createAccept({
    ...{ services, pool: database.pool, wakeRelay, ...given },
    receiverOf: () => ATS_WEBHOOKS.greenhouse,
    openSecrets: (endpoint, connection) => openWebhookSecrets(sealer, endpoint, connection),
  });
}

const deliver = async (key: string, secret = 'first secret', by = accept) => {
  const { headers, body } = signLikeGreenhouse({ kind: 'greenhouse', path: `/hooks/${token}`, secret }, key);
  return (await by(token, { headers, body })).outcome;
};
const rows = () => database.db.select().from(deliveries).where(eq(deliveries.endpointId, endpointId));
const endpoint = async () => (await database.db.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, endpointId)))[0];
const setSecrets = (secrets: (ReturnType<typeof secretOf> & { replacedAt?: string; acceptedUntil?: string })[]) =>
  database.db.update(webhookEndpoints).set({ secrets }).where(eq(webhookEndpoints.id, endpointId));

describe('a signing secret under another master key', () => {
  const locked = () => ({ ...secretOf(''), ...sealWebhookSecret(createSealer(randomBytes(32)), endpointId, 'first secret') });

  it('turns nobody away: what it may have signed is to come again, and it is not counted as refused', async () => {
    await setSecrets([locked()]);
    expect(await deliver('key')).toBe('busy');
    expect(await rows()).toEqual([]);
    expect((await endpoint())?.refusals).toBe(0);
    expect(logged.join('')).toContain('a signing secret does not open with this master key');
  });

  it('keeps nobody out who signs with one that opens, also one that was entered since', async () => {
    await setSecrets([locked()]);
    expect(await deliver('key', 'second secret')).toBe('busy');
    await setSecrets([locked(), secretOf('second secret')]);
    expect(await deliver('key', 'second secret')).toBe('stored');
    expect(await deliver('another', 'first secret')).toBe('busy');
  });
});

describe('a secret that was replaced', () => {
  const count = async () => (await endpoint())?.secrets.length;
  const replaced = () => ({ ...secretOf('first secret'), replacedAt: now.toISOString() });

  it('counts until the new one is seen in use, and is forgotten then', async () => {
    await setSecrets([replaced(), secretOf('second secret')]);
    expect(await deliver('a', 'first secret')).toBe('stored');
    expect(await count()).toBe(2);
    expect(await deliver('b', 'second secret')).toBe('stored');
    expect(await count()).toBe(1);
    expect(await deliver('c', 'first secret')).toBe('refused');
  });

  it('counts as long as is said of it where that is said', async () => {
    const acceptedUntil = new Date(now.getTime() + 60_000).toISOString();
    await setSecrets([{ ...replaced(), acceptedUntil }, secretOf('second secret')]);
    expect(await deliver('a', 'second secret')).toBe('stored');
    expect(await deliver('b', 'first secret')).toBe('stored');
    expect(await count()).toBe(2);
    now = new Date(now.getTime() + 60_000);
    expect(await deliver('c', 'first secret')).toBe('refused');
  });
});

describe('many at once', () => {
  it('are stored each once, with the bytes that were sent, and repeats within one commit are counted', async () => {
    const keys = Array.from({ length: 60 }, (_, number) => `key-${number % 20}`);
    const outcomes = await Promise.all(keys.map((key) => deliver(key)));
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(20);
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(40);
    const found = await rows();
    expect(found).toHaveLength(20);
    expect(found.map(({ repeats }) => repeats)).toEqual(Array(20).fill(2));
    const { body } = signLikeGreenhouse({ kind: 'greenhouse', path: '', secret: '' }, '');
    expect(found.every((row) => row.body?.equals(body))).toBe(true);
    expect(found[0]).toMatchObject({ connectionId, event: 'candidate_stage_change', receivedAt: now, relayedAt: null });
    expect(found[0]?.hints.length).toBeGreaterThan(0);
    expect(counted.filter((one) => one === 'greenhouse stored')).toHaveLength(20);
    expect(counted.filter((one) => one === 'greenhouse duplicate')).toHaveLength(40);
    expect(await deliver('key-3')).toBe('duplicate');
    expect((await rows()).find(({ deliveryKey }) => deliveryKey === 'key-3')?.repeats).toBe(3);
    expect((await endpoint())?.lastSeenAt).toEqual(now);
    expect(wakeRelay).toHaveBeenCalled();
  });

  it('while the address changes: what was verified by what it was is told from what was verified by what it is', async () => {
    const known = await createKnownAddresses({ db: database.db, openSecrets: () => ({ secrets: [], isLocked: false }) }).read(
      token,
    );
    const given = ['as it was', known?.mark ?? '', 'as it was'].map((mark, place) => ({
      ...{ endpointId, connectionId, mark, key: `key-${place}`, event: 'event', receivedAt: now },
      ...{ hints: '[]', body: Buffer.from('{}') },
    }));
    const { outcomes } = await createDeliveryStore(database.pool).store(given, { seen: [], now });
    expect(outcomes).toEqual(['changed', 'stored', 'changed']);
    expect((await rows()).map(({ deliveryKey }) => deliveryKey)).toEqual(['key-1']);
  });

  it('a repeat among new ones is counted, and holds none of them back', async () => {
    expect(await deliver('came before')).toBe('stored');
    const outcomes = await Promise.all(['a', 'came before', 'b'].map((key) => deliver(key)));
    expect(outcomes).toEqual(['stored', 'duplicate', 'stored']);
    expect((await rows()).map(({ deliveryKey, repeats }) => [deliveryKey, repeats]).toSorted()).toEqual([
      ['a', 0],
      ['b', 0],
      ['came before', 1],
    ]);
  });

  it('are all taken to be new until one is not, and again a minute later', async () => {
    const asked: unknown[] = [];
    const pool = createPool({ address: database.address, log: pino({ level: 'silent' }), max: 1 });
    let opened = 0;
    pool.on('connect', (client) => {
      opened += 1;
      const ask: (...given: unknown[]) => unknown = client.query.bind(client);
      const query = (given: { name?: string }, ...rest: unknown[]) => {
        if (given.name) asked.push(given.name);
        return ask(given, ...rest);
      };
      Object.assign(client, { query });
    });
    let steady = 0;
    const store = createDeliveryStore(pool, () => steady);
    const known = await createKnownAddresses({ db: database.db, openSecrets: () => ({ secrets: [], isLocked: false }) }).read(
      token,
    );
    const put = async (key: string, seen: string[] = []) => {
      const delivery = { endpointId, connectionId, mark: known?.mark ?? '', key, event: 'event', receivedAt: now };
      const { outcomes } = await store.store([{ ...delivery, hints: '[]', body: Buffer.from('{}') }], { seen, now });
      return [outcomes, asked.splice(0)];
    };
    expect(await put('x')).toEqual([['stored'], ['store-new-deliveries']]);
    expect(await put('x')).toEqual([['duplicate'], ['store-new-deliveries', 'store-deliveries']]);
    steady = 59_999;
    expect(await put('y', [endpointId])).toEqual([['stored'], ['store-deliveries-and-note']]);
    expect(await put('y')).toEqual([['duplicate'], ['store-deliveries']]);
    steady = 60_000;
    expect(await put('z', [endpointId])).toEqual([['stored'], ['store-new-deliveries-and-note']]);
    // None of it cost the session.
    expect(opened).toBe(1);
    await pool.end();
  });

  it('a repeat has no more time than a new one: what was asked first has used it', async () => {
    const pool = createPool({ address: database.address, log: pino({ level: 'silent' }), max: 1 });
    let steady = 0;
    const patience: unknown[] = [];
    pool.on('connect', (client) => {
      const ask: (...given: unknown[]) => unknown = client.query.bind(client);
      const query = (given: { query_timeout?: number }, ...rest: unknown[]) => {
        if (given.query_timeout !== undefined) patience.push(given.query_timeout);
        steady += 3_000;
        return ask(given, ...rest);
      };
      Object.assign(client, { query });
    });
    const addresses = createKnownAddresses({ db: database.db, openSecrets: () => ({ secrets: [], isLocked: false }) });
    const mark = (await addresses.read(token))?.mark ?? '';
    const delivery = { endpointId, connectionId, mark, key: 'x', event: 'event', receivedAt: now };
    const put = () =>
      createDeliveryStore(pool, () => steady).store([{ ...delivery, hints: '[]', body: Buffer.from('{}') }], { seen: [], now });
    expect((await put()).outcomes).toEqual(['stored']);
    expect((await put()).outcomes).toEqual(['duplicate']);
    expect(patience).toEqual([4_500, 4_500, 1_500]);
    await pool.end();
  });

  it('a key longer than an index can hold is stored once too', async () => {
    const key = randomBytes(6000).toString('hex');
    expect(await deliver(key)).toBe('stored');
    expect(await deliver(key)).toBe('duplicate');
  });
});

describe('the relay', () => {
  it('is not called for a connection that is switched off, and is as soon as it is on', async () => {
    await database.db.update(connections).set({ enabled: false }).where(eq(connections.id, connectionId));
    expect(await deliver('while off')).toBe('stored');
    expect(wakeRelay).not.toHaveBeenCalled();
    await database.db.update(connections).set({ enabled: true }).where(eq(connections.id, connectionId));
    expect(await deliver('while on')).toBe('stored');
    expect(wakeRelay).toHaveBeenCalledTimes(1);
  });
});

describe('what is remembered of an address', () => {
  it('lets nobody in with a secret that another process has taken away', async () => {
    expect(await deliver('before')).toBe('stored');
    await setSecrets([secretOf('second secret')]);
    expect(await deliver('after')).toBe('refused');
    expect(counted).toContain('greenhouse refused');
    expect((await rows()).map(({ deliveryKey }) => deliveryKey)).toEqual(['before']);
  });

  it('turns nobody away whose secret another process has just added', async () => {
    expect(await deliver('before')).toBe('stored');
    await setSecrets([secretOf('first secret'), secretOf('second secret')]);
    expect(await deliver('after', 'second secret')).toBe('stored');
  });

  it('goes on with a secret that stays while another is taken away', async () => {
    const stays = secretOf('first secret');
    await setSecrets([secretOf('old'), stays]);
    expect(await deliver('before')).toBe('stored');
    await setSecrets([stays]);
    expect(await deliver('after')).toBe('stored');
  });

  it('ends with the connection', async () => {
    expect(await deliver('before')).toBe('stored');
    await database.db.update(connections).set({ deletedAt: now }).where(eq(connections.id, connectionId));
    expect(await deliver('after')).toBe('unknown');
    expect(await rows()).toHaveLength(1);
  });
});

describe('a store in trouble', () => {
  it('that does not answer in time: busy; what was stored all the same is then a repeat', async () => {
    // The first and the last have to be in time, also where the machine stands still for a moment.
    const patient = desk({ deadlineMs: 1_500 });
    expect(await deliver('warm', 'first secret', patient)).toBe('stored');
    const holder = await database.pool.connect();
    await holder.query('begin');
    await holder.query('lock table tagalong.deliveries in access exclusive mode');
    expect(await deliver('late', 'first secret', patient)).toBe('busy');
    await holder.query('commit');
    holder.release();
    await vi.waitFor(async () => expect(await rows()).toHaveLength(2), SOON);
    expect(await deliver('late', 'first secret', patient)).toBe('duplicate');
    expect(logged.join('')).toContain('answered with 503');
    expect(counted).toEqual(['greenhouse stored', 'greenhouse busy', 'greenhouse duplicate']);
  });

  it('that takes no writes: busy, and taken when it does again', async () => {
    const pool = createPool({ address: database.address, log: pino({ level: 'silent' }), max: 1 });
    await pool.query('set default_transaction_read_only = on');
    const closed = desk({ pool });
    expect(await deliver('one', 'first secret', closed)).toBe('busy');
    await pool.query('set default_transaction_read_only = off');
    expect(await deliver('one', 'first secret', closed)).toBe('stored');
    await pool.end();
  });

  it('whose connection breaks: busy', async () => {
    const pool = createPool({ address: database.address, log: pino({ level: 'silent' }), max: 1 });
    await pool.end();
    expect(await deliver('one', 'first secret', desk({ pool }))).toBe('busy');
    expect(await rows()).toHaveLength(0);
  });
});
