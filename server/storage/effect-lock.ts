import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Pool } from 'pg';
import { gather, oneFor } from './gather.ts';
import { limitSilence } from './limit-silence.ts';

/** Whether the session still stands that holds the lock, and the lock with it: asked of the database, after the asking. Never rejects. */
export type StillHeld = () => Promise<boolean>;

/**
 * A process that has not asked its session anything for so long stands still, and what it held is given to others. Longer than others keep a
 * connection on which nothing more comes, or half a request, a minute mostly: what it had just begun to write has ended there by then, and
 * does not go on when it wakes. It begins nothing: each write asks before it is made whether the lock is still held (guardOf in
 * run-effect.ts), and leaves within seconds of the answer or not at all (exchange.ts).
 */
const FROZEN_AFTER_MS = 5 * 60_000;

export interface LockTimes {
  /** Of silence, after which the database gives the locks to others. */
  frozenAfterMs: number;
  /** Between two signs of life. */
  beatMs: number;
}

const LOCK_TIMES: LockTimes = { frozenAfterMs: FROZEN_AFTER_MS, beatMs: FROZEN_AFTER_MS / 3 };

/**
 * Does `work` under the lock of one effect, which the database lets go of with the session that holds it; `busy` when somebody else has it,
 * in whichever process. All effects of a pool share one session, and what they ask of it at the same moment goes to it at once: when it
 * breaks, or the process is frozen for minutes, each of them loses its lock, hears so from `stillHeld`, and the promise rejects.
 * `times`: of a session that is opened for it.
 */
export async function withEffectLock<T>(
  pool: Pool,
  effectId: string,
  work: (stillHeld: StillHeld) => Promise<T>,
  times: LockTimes = LOCK_TIMES,
): Promise<T | 'busy'> {
  return await sessionsOf(pool).use(times, async (session) => {
    if (!(await session.take(effectId))) return 'busy';
    let isOver = false;
    // What the work left behind holds nothing any more, though the session goes on for the others.
    const stillHeld = async () => !isOver && (await session.stands()) && !isOver;
    let result: T;
    try {
      result = await work(stillHeld).finally(() => {
        isOver = true;
      });
    } catch (error) {
      // What failed first is what is told.
      await session.letGo(effectId).catch(() => undefined);
      throw error;
    }
    await session.letGo(effectId);
    return result;
  });
}

/** True for the effects whose lock some session holds. The database keeps a 64-bit key in two halves. */
export function isRunning(effectId: AnyPgColumn): SQL {
  return sql`exists (select from pg_locks held join pg_database here on here.oid = held.database and here.datname = current_database()
    where held.locktype = 'advisory' and held.objsubid = 1 and held.granted
      and (held.classid::bigint << 32 | held.objid::bigint) = hashtextextended(${effectId}::text, 0))`;
}

interface LockSession {
  /** False when somebody has it. Throws when the session breaks; then it is surely not held. */
  take(effectId: string): Promise<boolean>;
  letGo(effectId: string): Promise<void>;
  stands: StillHeld;
  /** Gives it back to the pool. No lock may be held. */
  end(): void;
}

const sessionsOf = oneFor((pool: Pool) => {
  let shared: { opened: Promise<LockSession>; users: number } | null = null;
  const open = (times: LockTimes) => {
    const forget = () => {
      if (shared === made) shared = null;
    };
    const made = { opened: openSession(pool, times, forget), users: 0 };
    return made;
  };
  return {
    /** With the session of those who have one already, else with a new one; the last one to leave gives it back. */
    async use<T>(times: LockTimes, work: (session: LockSession) => Promise<T>): Promise<T> {
      shared ??= open(times);
      const mine = shared;
      mine.users += 1;
      try {
        return await work(await mine.opened);
      } finally {
        mine.users -= 1;
        if (mine.users === 0) {
          if (shared === mine) shared = null;
          void mine.opened.then((session) => session.end()).catch(() => undefined);
        }
      }
    },
  };
});

interface Asked {
  what: 'take' | 'let go' | 'stand';
  id: string;
}

/** Row by row in the order of asking. Planned once for each session. */
const TURN = {
  name: 'effect-locks',
  text: `select case what when 'take' then pg_try_advisory_lock(hashtextextended(id, 0)) when 'let go' then pg_advisory_unlock(hashtextextended(id, 0))
    else true end as done from unnest($1::text[], $2::text[]) as asked(what, id)`,
};

/** `onEnd`: nobody may be given it any more. */
async function openSession(pool: Pool, { frozenAfterMs, beatMs }: LockTimes, onEnd: () => void): Promise<LockSession> {
  const client = await pool.connect().catch((error: unknown) => {
    onEnd();
    throw error;
  });
  // A session is given its own lock as often as it asks for it, so that it must not ask twice.
  const held = new Set<string>();
  let over: Error | null = null;
  let beat: NodeJS.Timeout | undefined;
  const end = (error?: Error) => {
    if (over) return;
    clearInterval(beat);
    over = error ?? new Error('the session of the locks was given back');
    client.off('error', end);
    onEnd();
    client.release(error);
  };
  client.on('error', end);
  await limitSilence(client, frozenAfterMs).catch((error: Error) => {
    end(error);
    throw error;
  });

  const ask = gather(
    async (asked: readonly Asked[]): Promise<(boolean | Error)[]> => {
      try {
        if (over) throw over;
        const { rows } = await client.query<{ done: boolean }>({
          ...TURN,
          values: [asked.map(({ what }) => what), asked.map(({ id }) => id)],
        });
        return asked.map((_, place) => rows[place]?.done === true);
      } catch (error) {
        // What of it was done is not known, and is over with the session. Nobody asks again: a lock would count twice.
        const why = error instanceof Error ? error : new Error(String(error));
        end(why);
        return asked.map(() => why);
      }
    },
    { atOnce: 1 },
  );
  const orThrow = (answer: boolean | Error): boolean => {
    if (answer instanceof Error) throw answer;
    return answer;
  };
  // Whether it has ended by then is told to all who hold something by `ask` itself.
  if (!over) beat = setInterval(() => void ask({ what: 'stand', id: '' }), beatMs).unref();
  return {
    async take(id) {
      if (held.has(id)) return false;
      held.add(id);
      const isTaken = orThrow(await ask({ what: 'take', id }));
      if (!isTaken) held.delete(id);
      return isTaken;
    },
    async letGo(id) {
      orThrow(await ask({ what: 'let go', id }));
      held.delete(id);
    },
    async stands() {
      return (await ask({ what: 'stand', id: '' })) === true;
    },
    end: () => end(),
  };
}
