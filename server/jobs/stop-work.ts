import { waitAtMost } from '../wait-at-most.ts';
import type { Queue } from './queue.ts';
import type { Workers } from './workers.ts';

export interface WorkToStop {
  queue: Pick<Queue, 'stop'>;
  /** Null in a process that only serves. */
  workers: Pick<Workers, 'stop' | 'rest'> | null;
  withinMs: number;
}

/**
 * From the call on nothing is begun, neither at once nor from the queue: a chore that waits for somebody's answer does not keep the queue taking
 * jobs. Resolves when what is under way has ended, or after `withinMs` (what is left then is found by others).
 */
export async function stopWork({ queue, workers, withinMs }: WorkToStop): Promise<void> {
  const ends = workers ? [workers.stop(), workers.rest()] : [];
  await Promise.all([queue.stop({ timeoutMs: withinMs }), waitAtMost(withinMs, Promise.all(ends))]);
}
