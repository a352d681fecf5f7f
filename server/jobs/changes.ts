import type { Client } from 'pg';
import type { Logger } from 'pino';
import { z } from 'zod';
import { CHANGES_CHANNEL, type Change } from './announce.ts';

const changeSchema = z.object({ key: z.string(), version: z.number() });

/** Tells listeners in this process what any process has committed. */
export interface Changes {
  subscribe(listener: (change: Change) => void): () => void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Whoever may connect may also notify: what is not ours is not heard, and must not end the process. */
function readChange(payload: string | undefined): Change | null {
  try {
    return changeSchema.safeParse(JSON.parse(payload ?? 'null')).data ?? null;
  } catch {
    return null;
  }
}

const RECONNECT_MS = 1000;

/**
 * Listens on a connection of its own and makes a new one when it breaks. What is announced in between is missed, so every
 * reader also asks by itself now and then.
 */
export function createChanges({ connect, log }: { connect: () => Client; log: Logger }): Changes {
  const listeners = new Set<(change: Change) => void>();
  let client: Client | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const again = () => {
    if (stopped || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      open().catch(again);
    }, RECONNECT_MS);
  };
  const open = async () => {
    const next = connect();
    next.on('error', (error) => {
      log.warn({ err: error }, 'the line on which changes are announced broke; reconnecting');
      client = null;
      again();
    });
    next.on('end', again);
    next.on('notification', ({ payload }) => {
      const change = readChange(payload);
      if (change) for (const listener of listeners) listener(change);
    });
    await next.connect();
    await next.query(`listen ${CHANGES_CHANNEL}`);
    client = next;
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: open,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
