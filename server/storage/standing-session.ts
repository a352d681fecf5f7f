import { Client } from 'pg';
import type { Logger } from 'pino';
import { connectionSettings } from './create-pool.ts';
import type { DatabaseAddress } from './database-address.ts';

/** One session of the database that is kept for as long as the process lives; for what belongs to a session: locks, listening. */
export interface StandingSession {
  /** Connects; throws when that fails. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface StandingSessionOptions {
  address: DatabaseAddress;
  log: Logger;
  /** Makes of a new session what it is for. */
  prepare(session: Client): Promise<void>;
  /** A session stands again after one was lost; what the old one would have heard is unknown. */
  onAgain(): void;
  beatMs?: number;
  silenceMs?: number;
}

const AGAIN_MS = 500;
const BEAT_MS = 2000;
const SILENCE_MS = 4000;

/**
 * Makes a new session whenever the old one breaks, and asks it something every two seconds: a way that is cut without a word shows in no
 * other way.
 */
export function createStandingSession(options: StandingSessionOptions): StandingSession {
  const { address, log, prepare, onAgain, beatMs = BEAT_MS, silenceMs = SILENCE_MS } = options;
  const settings = { ...connectionSettings(address), connectionTimeoutMillis: silenceMs, query_timeout: silenceMs };
  let session: Client | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const later = (ms: number, run: () => Promise<void>) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => void run(), ms);
  };
  const lose = (lost: Client, error: Error) => {
    if (session !== lost) return;
    session = null;
    log.warn({ err: error }, 'the standing connection to the database broke; making a new one');
    lost.end().catch(() => undefined);
    later(0, again);
  };
  const open = async () => {
    const next = new Client(settings);
    next.on('error', (error) => lose(next, error));
    next.on('end', () => lose(next, new Error('ended')));
    try {
      await next.connect();
      await prepare(next);
    } catch (error) {
      next.end().catch(() => undefined);
      throw error;
    }
    if (stopped) return void (await next.end());
    session = next;
    later(beatMs, () => beat(next));
  };
  const again = async (): Promise<void> => {
    try {
      await open();
      if (session) onAgain();
    } catch (error) {
      log.debug({ err: error }, 'no standing connection to the database yet');
      later(AGAIN_MS, again);
    }
  };
  const beat = async (standing: Client): Promise<void> => {
    try {
      await standing.query('select');
      if (session === standing) later(beatMs, () => beat(standing));
    } catch (error) {
      lose(standing, error instanceof Error ? error : new Error(String(error)));
    }
  };

  return {
    start: open,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      const last = session;
      session = null;
      await last?.end();
    },
  };
}
