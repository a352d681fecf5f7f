import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { greenhouseSettingsSchema } from '../../../lib/contract/settings.ts';
import type { TokenSlot } from '../../../server/ats/token-store.ts';
import { createAtsTokenStore } from '../../../server/storage/ats-tokens.ts';
import { openDatabase } from '../../../server/storage/open-database.ts';
import { atsTokens, connections } from '../../../server/storage/schema.ts';
import { createSealer } from '../../../server/storage/seal.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const now = new Date('2026-11-21T12:00:00Z');
const clock = { now: () => now };
const sealer = createSealer(randomBytes(32));
const token = { accessToken: 'jwt-of-greenhouse', expiresAt: '2026-11-21T13:00:00.000Z', credential: 'hash' };

let database: TestDatabase;
let connectionId: string;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

beforeEach(async () => {
  connectionId = randomUUID();
  await database.db.insert(connections).values({
    id: connectionId,
    kind: 'greenhouse',
    side: 'ats',
    name: 'Greenhouse',
    enabled: true,
    settings: greenhouseSettingsSchema.parse({ kind: 'greenhouse' }),
    secrets: {},
    automaticSince: now,
    createdAt: now,
    updatedAt: now,
  });
});

const storeWith = (pool = database.pool, key = sealer) => createAtsTokenStore({ pool, sealer: key, clock });

describe('the stored access token', () => {
  it('is there for everybody who asks, until a newer one takes its place or it is forgotten', async () => {
    const store = storeWith();
    expect(await store.read(connectionId)).toBeNull();
    await store.withMintLock(connectionId, (slot) => slot.write(token));
    expect(await store.read(connectionId)).toEqual(token);
    await store.withMintLock(connectionId, (slot) => slot.write({ ...token, accessToken: 'next' }));
    expect(await store.read(connectionId)).toEqual({ ...token, accessToken: 'next' });
    expect(await store.read(randomUUID())).toBeNull();
    await store.withMintLock(connectionId, (slot) => slot.write({ ...token, refreshToken: 'for-the-next' }));
    expect(await store.read(connectionId)).toEqual({ ...token, refreshToken: 'for-the-next' });
    await store.withMintLock(connectionId, (slot) => slot.clear());
    expect(await store.read(connectionId)).toBeNull();
  });

  it('stands beside those of other users, all of them sealed', async () => {
    const more = [{ ...token, accessToken: 'jwt-of-ben', credential: 'hash-of-ben' }];
    await storeWith().withMintLock(connectionId, (slot) => slot.write({ ...token, more }));
    expect(await storeWith().read(connectionId)).toEqual({ ...token, more });
    expect(JSON.stringify(await database.db.select().from(atsTokens))).not.toContain('jwt-of-ben');
  });

  it('is read as it was written before there were several', async () => {
    const sealed = sealer.seal(JSON.stringify(token), `ats-token:${connectionId}`);
    await database.db.insert(atsTokens).values({ connectionId, sealed, updatedAt: now });
    expect(await storeWith().read(connectionId)).toEqual(token);
  });

  it('cannot be read in the database, and counts as none under another master key', async () => {
    await storeWith().withMintLock(connectionId, (slot) => slot.write(token));
    expect(JSON.stringify(await database.db.select().from(atsTokens))).not.toContain(token.accessToken);
    expect(await storeWith(database.pool, createSealer(randomBytes(32))).read(connectionId)).toBeNull();
  });
});

describe('the mint lock', () => {
  it('lets one process mint at a time, and the next one see what came of it', async () => {
    const other = await openDatabase({ address: database.address, log: pino({ level: 'silent' }) });
    const order: string[] = [];
    const mint = (name: string, pool = database.pool) =>
      storeWith(pool).withMintLock(connectionId, async (slot) => {
        order.push(`${name} in`);
        const before = await slot.read();
        if (!before) await slot.write({ ...token, accessToken: name });
        order.push(`${name} out`);
        return before?.accessToken ?? null;
      });
    const seen = await Promise.all([mint('a'), mint('b', other.pool), mint('c'), mint('d', other.pool)]);
    await other.close();
    expect(seen.filter((before) => before === null)).toHaveLength(1);
    expect(new Set(seen.filter((before) => before !== null)).size).toBe(1);
    expect(order.map((step) => step.slice(2))).toEqual(['in', 'out', 'in', 'out', 'in', 'out', 'in', 'out']);
  });

  it('is given back when minting fails', async () => {
    const store = storeWith();
    const failing = store.withMintLock(connectionId, () => Promise.reject(new Error('no answer')));
    await expect(failing).rejects.toThrow('no answer');
    expect(await store.withMintLock(connectionId, async () => 'mine')).toBe('mine');
  });

  /** Asks its session nothing more until the test wakes it. */
  const freeze = async (connection: string, late: (slot: TokenSlot) => Promise<void>) => {
    const [began, wakes] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const store = createAtsTokenStore({ pool: database.pool, sealer, clock, frozenAfterMs: 100 });
    const minting = store.withMintLock(connection, async (slot) => {
      began.resolve();
      await wakes.promise;
      await late(slot);
    });
    await Promise.race([began.promise, minting]);
    return { minting, wake: wakes.resolve };
  };

  it('of a frozen process is given to others, and what it gets when it wakes is not written any more', async () => {
    const { minting, wake } = await freeze(connectionId, (slot) => slot.write({ ...token, accessToken: 'late' }));
    // Waits until the database has ended the session of the frozen one.
    await storeWith().withMintLock(connectionId, (slot) => slot.write(token));
    wake();
    await expect(minting).rejects.toThrow();
    expect(await storeWith().read(connectionId)).toEqual(token);
  });

  it('stays with a frozen process where what it got is the only copy', async () => {
    const store = createAtsTokenStore({ pool: database.pool, sealer, clock, frozenAfterMs: 100 });
    const keeping = async (slot: TokenSlot) => {
      const another = randomUUID();
      const { minting, wake } = await freeze(another, async () => undefined);
      // One that began later is given up by now.
      await storeWith().withMintLock(another, async () => undefined);
      wake();
      await expect(minting).rejects.toThrow();
      await slot.write({ ...token, refreshToken: 'only-copy' });
    };
    await store.withMintLock(connectionId, keeping, { alsoFrozen: true });
    expect((await store.read(connectionId))?.refreshToken).toBe('only-copy');
  });

  it('keeps no transaction open while the ATS is asked', async () => {
    await storeWith().withMintLock(connectionId, async () => {
      const open = await database.db.execute(
        sql`select 1 from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`,
      );
      expect(open.rows).toEqual([]);
    });
  });
});
