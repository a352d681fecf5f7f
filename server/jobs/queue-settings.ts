import type { Queue as BossQueue } from 'pg-boss';
import type { QueueName } from './queue.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** The minimum pg-boss allows: so long a dead process keeps its jobs, plus the next supervision. */
const HEARTBEAT_SECONDS = 10;

const common = {
  // One job waits per singletonKey at most; the running one is another. See `keyOf` in queue.ts.
  policy: 'short',
  notify: true,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  // pg-boss spreads each delay between half of it and all of it, so that what failed together does not come back together.
  retryBackoff: true,
  retentionSeconds: 30 * DAY,
} as const;

/** How each queue keeps, repeats and gives up its jobs. */
export const QUEUE_SETTINGS: Record<QueueName, Omit<BossQueue, 'name' | 'deadLetter'>> = {
  // About six hours of a broken store or of our own fault. A call that failed is no failed job: the lane notes it in `dueAt`.
  lane: { ...common, retryLimit: 20, retryDelay: 1, retryDelayMax: 1800, expireInSeconds: 300, deleteAfterSeconds: HOUR },
  effect: { ...common, retryLimit: 20, retryDelay: 2, retryDelayMax: 1800, expireInSeconds: 300, deleteAfterSeconds: DAY },
  sweep: { ...common, retryLimit: 3, retryDelay: 30, retryDelayMax: 600, expireInSeconds: 1800, deleteAfterSeconds: DAY },
  housekeeping: { ...common, retryLimit: 3, retryDelay: 30, retryDelayMax: 600, expireInSeconds: 600, deleteAfterSeconds: DAY },
};

export interface WorkSettings {
  /** Workers of this process; each fetches for itself. */
  concurrency: number;
  /** Jobs a worker takes at once and runs side by side; the slowest holds up its next fetch. */
  batchSize: number;
}

/** Lanes and effects are many and short with slow ones among them: several workers, so that one slow vendor leaves others free. */
export const WORK_SETTINGS: Record<QueueName, WorkSettings> = {
  lane: { concurrency: 4, batchSize: 5 },
  effect: { concurrency: 4, batchSize: 2 },
  sweep: { concurrency: 2, batchSize: 1 },
  housekeeping: { concurrency: 1, batchSize: 1 },
};
