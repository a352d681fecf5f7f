import { eq, sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { StoredToken, TokenStore } from '../ats/token-store.ts';
import type { Clock } from '../clock.ts';
import { limitSilence } from './limit-silence.ts';
import { readTogether } from './read-together.ts';
import * as schema from './schema.ts';
import { atsTokens } from './schema.ts';
import type { Sealer } from './seal.ts';
import { SEALED_FOR } from './seal-contexts.ts';
import { withSession } from './with-session.ts';

type Connected = NodePgDatabase<typeof schema>;

const oneTokenSchema = z.object({
  accessToken: z.string(),
  expiresAt: z.string(),
  renewAt: z.string().optional(),
  credential: z.string(),
});
/** Rows of earlier versions hold one token alone. */
const storedTokenSchema = oneTokenSchema.extend({
  refreshToken: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  consentedAt: z.string().optional(),
  refreshedAt: z.string().optional(),
  more: z.array(oneTokenSchema).optional(),
});

export interface AtsTokenStoreOptions {
  pool: Pool;
  /** Of the connections that are held for as long as a token is being fetched; by default the same. */
  locks?: Pool;
  sealer: Sealer;
  clock: Clock;
  /** Of silence in the session of a mint lock, after which the lock is given to others. */
  frozenAfterMs?: number;
}

/**
 * Keeps the tokens of ATSs in the database, sealed, one row for each connection. The mint lock is an advisory lock of a database
 * session: no transaction stays open while the ATS is asked, and a process that dies lets go of it, as does, after minutes, one that is
 * frozen: what it still got when it wakes is not written any more, because its session has ended. It holds one connection of `locks`
 * for as long; a pooler between us and PostgreSQL must not change sessions between two statements. Reading is of `pool`: every call of
 * an ATS begins with it, also of those that hold a lock, and would wait for each other's places.
 */
export function createAtsTokenStore(options: AtsTokenStoreOptions): TokenStore {
  const { pool, locks = pool, sealer, clock, frozenAfterMs = FROZEN_AFTER_MS } = options;
  const opened = new Map<string, { sealed: string; token: StoredToken | null }>();
  /** Every call of an ATS begins with a token, and mostly it is the same one: what is sealed as before is not opened anew. */
  const openOnce = (sealed: string | undefined, connectionId: string): StoredToken | null => {
    const known = opened.get(connectionId);
    if (sealed === undefined) opened.delete(connectionId);
    else if (known?.sealed !== sealed) opened.set(connectionId, { sealed, token: open(sealer, sealed, connectionId) });
    return opened.get(connectionId)?.token ?? null;
  };
  const read = async (db: Connected, connectionId: string): Promise<StoredToken | null> => {
    const [row] = await db.select().from(atsTokens).where(eq(atsTokens.connectionId, connectionId));
    return openOnce(row?.sealed, connectionId);
  };
  const write = async (db: Connected, connectionId: string, token: StoredToken): Promise<void> => {
    const values = { sealed: sealer.seal(JSON.stringify(token), SEALED_FOR.atsToken(connectionId)), updatedAt: clock.now() };
    await db
      .insert(atsTokens)
      .values({ connectionId, ...values })
      .onConflictDoUpdate({ target: atsTokens.connectionId, set: values });
  };

  const clear = async (db: Connected, connectionId: string): Promise<void> => {
    await db.delete(atsTokens).where(eq(atsTokens.connectionId, connectionId));
  };

  const outside = drizzle(pool, { schema });
  const sealedToken = outside
    .select({ sealed: atsTokens.sealed })
    .from(atsTokens)
    .where(eq(atsTokens.connectionId, sql.placeholder('id')))
    .prepare('ats_token');
  return {
    // Every call of an ATS asks.
    read: readTogether(async (id: string) => {
      const [row] = await sealedToken.execute({ id });
      return openOnce(row?.sealed, id);
    }),
    withMintLock: (connectionId, mint, { alsoFrozen = false } = {}) =>
      withSessionLock(locks, { name: SEALED_FOR.atsToken(connectionId), silenceMs: alsoFrozen ? 0 : frozenAfterMs }, (db) =>
        mint({
          read: () => read(db, connectionId),
          write: (token) => write(db, connectionId, token),
          clear: () => clear(db, connectionId),
        }),
      ),
  };
}

/** A token that does not open (another master key) is as good as none: the next one is minted, or consent is asked for again. */
function open(sealer: Sealer, sealed: string, connectionId: string): StoredToken | null {
  try {
    return storedTokenSchema.parse(JSON.parse(sealer.open(sealed, SEALED_FOR.atsToken(connectionId))));
  } catch {
    return null;
  }
}

/** Whoever is before us asks the ATS, which may take three tries of 20 s; other statements are given far less. */
const WAIT_FOR_TOKEN_MS = 60_000;

/**
 * Nobody who mints is silent for as long towards the database: a call that is made under the lock waits 45 s for its allowance and 20 s for
 * its answer. So no sign of life is needed in between.
 */
const FROZEN_AFTER_MS = 2 * 60_000;

async function withSessionLock<T>(
  pool: Pool,
  { name, silenceMs }: { name: string; silenceMs: number },
  work: (db: Connected) => Promise<T>,
): Promise<T> {
  return withSession(pool, async (client) => {
    await limitSilence(client, silenceMs);
    await client.query(`set statement_timeout = ${WAIT_FOR_TOKEN_MS}`);
    const patient = { text: 'select pg_advisory_lock(hashtextextended($1, 0))', query_timeout: WAIT_FOR_TOKEN_MS };
    await client.query(patient, [name]);
    const value = await work(drizzle(client, { schema }));
    await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
    await client.query('reset statement_timeout');
    return value;
  });
}
