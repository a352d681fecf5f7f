import { z } from 'zod';
import { CHANGES_CHANNEL, type Change } from './announce.ts';

const changeSchema = z.object({ key: z.string(), version: z.number(), erased: z.literal(true).optional() });

/** Tells listeners in this process what any process has committed. */
export interface Changes {
  subscribe(listener: Listener): () => void;
}

export interface Listener {
  onChange(change: Change): void;
  /** For a while nothing was heard; anything may have changed. */
  onGap(): void;
}

/** The side on which the standing session of this process (storage/standing-session.ts) speaks. */
export interface ChangesFeed extends Changes {
  heard(payload: string | undefined): void;
  missed(): void;
  /** How many listen. */
  count(): number;
}

/** What is announced while the session is broken is heard by nobody, so whoever shows something asks again after a gap. */
export function createChanges(): ChangesFeed {
  const listeners = new Set<Listener>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    heard(payload) {
      const change = readChange(payload);
      if (change) for (const { onChange } of listeners) onChange(change);
    },
    missed() {
      for (const { onGap } of [...listeners]) onGap();
    },
    count: () => listeners.size,
  };
}

/** Whoever may connect may also notify: what is not ours is not heard, and must not end the process. */
function readChange(payload: string | undefined): Change | null {
  try {
    return changeSchema.safeParse(JSON.parse(payload ?? 'null')).data ?? null;
  } catch {
    return null;
  }
}

export const LISTEN_TO_CHANGES = `listen ${CHANGES_CHANNEL}`;
