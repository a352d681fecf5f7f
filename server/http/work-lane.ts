import { setTimeout as pause } from 'node:timers/promises';
import { type LaneParts, runLane } from '../jobs/lane.ts';

/** Longer than this nobody waits for a button; the stream tells what came of it. */
const PATIENCE_MS = 4000;
const LOOK_AGAIN_MS = 25;

/**
 * Works off an application's lane before a request is answered, or waits while somebody else does, but not for ever: what is not done
 * by then goes on behind the answer, and the lane's job finds it in any case. Never rejects, because what was asked for is stored.
 */
export async function workLane(parts: LaneParts, key: string): Promise<void> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  const outOfPatience = new Promise<void>((resolve) => patience.signal.addEventListener('abort', () => resolve()));
  try {
    await Promise.race([untilDone(parts, key, patience.signal), outOfPatience]);
  } finally {
    clearTimeout(timer);
  }
}

async function untilDone(parts: LaneParts, key: string, signal: AbortSignal): Promise<void> {
  try {
    while (!signal.aborted && (await runLane(parts, key)) === 'busy') await pause(LOOK_AGAIN_MS);
  } catch (error) {
    parts.services.log.error({ err: error, application: key }, 'a lane failed within a request; its job tries again');
  }
}
