import { sql } from 'drizzle-orm';
import { type Clock, fromDrizzle, type JobResult, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { loggableError } from '../loggable-error.ts';
import type { Database, Transaction } from '../services.ts';
import { connectionSettings } from '../storage/create-pool.ts';
import type { DatabaseAddress } from '../storage/database-address.ts';
import { QUEUE_SETTINGS, WORK_SETTINGS, type WorkSettings } from './queue-settings.ts';
import type { WorkQueue } from './work-queue.ts';

/** What each queue carries: names only. What is to be done stands in the tables, and is read when the job runs. */
interface JobData {
  /** Look at this application. */
  lane: { applicationKey: string };
  /** Run this effect. */
  effect: { effectId: string };
  /** Look at this connection for what its webhooks missed. */
  sweep: { connectionId: string };
  /** One of the recurring chores, by name. */
  housekeeping: { task: string };
}

export type QueueName = keyof JobData;
const QUEUE_NAMES: readonly QueueName[] = ['lane', 'effect', 'sweep', 'housekeeping'];

interface RunningJob<Name extends QueueName> {
  id: string;
  data: JobData[Name];
  /** 1 at the first run, one more after each failure or lost process. */
  attempt: number;
  /** Aborted when the job has run too long or the process stops. */
  signal: AbortSignal;
}

/**
 * The promises: a job exists if and only if the transaction that sent it committed; it runs at least once, also after kill -9 (within half
 * a minute) and after a restart of PostgreSQL; of those that name the same thing (application, effect, ...) one waits at most.
 * A handler that throws is called again later, more and more seldom; when its attempts are used up, the job goes to `<name>-dead` and the log.
 */
export interface Queue extends WorkQueue {
  /** Makes queues and tables where needed and opens its connections. Before any other call. Safe in several processes at once. */
  start(): Promise<void>;
  /** Takes no more jobs, waits `timeoutMs` (1000 at least) for the running ones; others then run those again. */
  stop(options: { timeoutMs: number }): Promise<void>;
  /**
   * Sends a job inside `tx`. If one for the same thing waits already, that one stays and the earlier of both times counts; then
   * no worker takes it before `tx` ends, so that it sees what `tx` wrote.
   */
  send<Name extends QueueName>(
    tx: Transaction | Database,
    name: Name,
    data: JobData[Name],
    options?: { startAfter?: Date; urgent?: boolean },
  ): Promise<void>;
  /** Sends a job by itself every time the cron expression (UTC, minutes at the finest) comes due, once for all processes. */
  repeat<Name extends QueueName>(name: Name, data: JobData[Name], cron: string): Promise<void>;
  /** Runs jobs in this process until `stop`. Throw to have it repeated; throw `GiveUp` to have it not. */
  work<Name extends QueueName>(
    name: Name,
    options: Partial<WorkSettings>,
    handler: (job: RunningJob<Name>) => Promise<void>,
  ): Promise<void>;
}

export interface QueueOptions {
  address: DatabaseAddress;
  log: Logger;
  /** False in a process that only sends: then it neither listens nor looks after the queues. */
  works?: boolean;
  /** pg-boss's own, for its timers; tests give its `TestClock`. */
  clock?: Clock;
  /** Called for a job that was given up; again should it throw. */
  onDead?: (job: { queue: QueueName; about: string }) => Promise<void>;
}

/** Thrown by a handler: the job goes to the dead letters at once. */
export class GiveUp extends Error {
  override readonly name = 'GiveUp';
}

const SCHEMA = 'pgboss';
/** A due time is met this exactly (a job without one starts at once, by NOTIFY), and a lost NOTIFY costs no more. */
const POLL_SECONDS = 1;

/** Makes the queue on the same database as the store, with connections of its own: at most 4, and one that listens. */
export function createQueue({ address, log, clock, works = true, onDead }: QueueOptions): Queue {
  const settings = connectionSettings(address);
  const boss = new PgBoss({
    ...settings,
    // For its own statements: that a job was taken, has ended, is to be tried again. Should the database fall and forget the last of that, jobs
    // run once more, which each may. What sends a job goes with the sender's transaction, which waits for the disk.
    options: `${settings.options} -c synchronous_commit=off`,
    ...(clock ? { clock } : {}),
    schema: SCHEMA,
    max: works ? 4 : 2,
    useListenNotify: works,
    supervise: works,
    schedule: works,
    // A line that is cut without a word costs as long as both together; until then the poll finds what was not heard.
    notifyHeartbeatIntervalMs: 5000,
    notifyHeartbeatTimeoutMs: 4000,
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
  });
  // Without a listener, a restart of the database would end the process. pg-boss tries again by itself.
  boss.on('error', (error) => log.warn({ err: error }, 'the job queue had trouble and tries again'));
  boss.on('warning', ({ message, data }) => log.warn({ data }, message));
  const send: Queue['send'] = (tx, name, data, options = {}) =>
    sendOnce(boss, tx, { name, data, startAfter: options.startAfter, urgent: options.urgent === true });
  return {
    async start() {
      await boss.start();
      for (const name of QUEUE_NAMES) await ensureQueue(boss, name);
    },
    stop: ({ timeoutMs }) => boss.stop({ graceful: true, timeout: timeoutMs }),
    send,
    sendLane: (tx, applicationKey) => send(tx, 'lane', { applicationKey }),
    sendEffect: (tx, effectId, startAfter, urgent) => send(tx, 'effect', { effectId }, { startAfter, urgent }),
    hasJob: (name, key) => sql`exists (select from ${sql.identifier(SCHEMA)}.job waiting
      where waiting.name = ${name} and coalesce(waiting.singleton_key, '') = ${key}::text
        and waiting.state = 'created' and waiting.policy = 'short' and waiting.start_after <= now())`,
    repeat: (name, data, cron) => boss.schedule(name, cron, data, { key: keyOf(data), singletonKey: keyOf(data), tz: 'UTC' }),
    async work(name, options, handler) {
      await workOff(boss, log, { name, ...WORK_SETTINGS[name], ...options, handler });
      await reportDead(boss, { log, onDead }, name);
    },
  };
}

const deadLetterOf = (name: QueueName) => `${name}-dead`;

/** What a job is about; the queue holds one waiting job for each. */
function keyOf(data: JobData[QueueName]): string {
  return Object.values(data).join(' ');
}

/** Settings are written again at each start, so that those of a newer version count; the policy alone is fixed for ever. */
async function ensureQueue(boss: PgBoss, name: QueueName): Promise<void> {
  const { policy, ...settings } = QUEUE_SETTINGS[name];
  const deadLetter = deadLetterOf(name);
  await boss.createQueue(deadLetter, {
    retentionSeconds: settings.retentionSeconds,
    deleteAfterSeconds: settings.retentionSeconds,
  });
  await boss.createQueue(name, { ...settings, policy, deadLetter });
  await boss.updateQueue(name, { ...settings, deadLetter });
}

interface Message {
  name: QueueName;
  data: JobData[QueueName];
  startAfter: Date | undefined;
  urgent: boolean;
}

/** Goes round when the waiting job was taken by a worker between the two statements: then there is room for a new one. */
async function sendOnce(boss: PgBoss, tx: Transaction | Database, message: Message): Promise<void> {
  const { name, data, startAfter, urgent } = message;
  const db = fromDrizzle(tx, sql);
  for (;;) {
    const id = await boss.send(name, data, {
      db,
      singletonKey: keyOf(data),
      priority: urgent ? 1 : 0,
      ...(startAfter ? { startAfter } : {}),
    });
    if (id !== null || (await bringForward(boss, tx, message))) return;
  }
}

/**
 * Gives the waiting job the earlier time. Locks its row even if that changes nothing: workers skip locked rows, so none takes it
 * before this transaction ends and then misses what it wrote. False when none waits any more.
 */
async function bringForward(boss: PgBoss, tx: Transaction | Database, { name, data, startAfter }: Message): Promise<boolean> {
  const { rows } = await tx.execute<{ id: string; start_after: Date }>(
    sql`select id, start_after from ${sql.identifier(SCHEMA)}.job
        where name = ${name} and singleton_key = ${keyOf(data)} and state = 'created' for update`,
  );
  const waiting = rows[0];
  if (!waiting) return false;
  if (!startAfter || startAfter < new Date(waiting.start_after)) {
    await boss.update(name, undefined, { db: fromDrizzle(tx, sql), id: waiting.id, startAfter: startAfter ?? 0 });
  }
  return true;
}

interface Work<Name extends QueueName> extends WorkSettings {
  name: Name;
  handler: (job: RunningJob<Name>) => Promise<void>;
}

async function workOff<Name extends QueueName>(boss: PgBoss, log: Logger, work: Work<Name>): Promise<void> {
  const { name, concurrency, batchSize, handler } = work;
  await boss.work<JobData[Name]>(
    name,
    {
      localConcurrency: concurrency,
      batchSize,
      burstWhenBatchFull: true,
      pollingIntervalSeconds: POLL_SECONDS,
      notifyPollingIntervalSeconds: POLL_SECONDS,
      perJobResults: true as const,
    },
    (jobs) =>
      Promise.all(
        jobs.map(({ id, data, retryCount, signal }) => runOne(log, name, { id, data, attempt: retryCount + 1, signal }, handler)),
      ),
  );
}

/** Never throws: a failure belongs to its own job, not to the batch. */
async function runOne<Name extends QueueName>(
  log: Logger,
  queue: Name,
  job: RunningJob<Name>,
  handler: (job: RunningJob<Name>) => Promise<void>,
): Promise<JobResult> {
  try {
    await handler(job);
    return { id: job.id, status: 'completed' };
  } catch (error) {
    log.error({ err: error, queue, job: job.id, data: job.data, attempt: job.attempt }, 'a job failed');
    // Kept with the job: as in the log, without the values of a query that failed.
    const output = { message: error instanceof Error ? loggableError(error).message.slice(0, 500) : 'unknown' };
    return { id: job.id, status: error instanceof GiveUp ? 'deadletter' : 'failed', output };
  }
}

/** Nothing is given up silently. The dead letter itself stays for 30 days. */
async function reportDead(boss: PgBoss, { log, onDead }: Pick<QueueOptions, 'log' | 'onDead'>, name: QueueName): Promise<void> {
  await boss.work<JobData[QueueName]>(deadLetterOf(name), { pollingIntervalSeconds: 2 }, async (jobs) => {
    for (const { id, data } of jobs) {
      log.error({ queue: name, job: id, data }, 'a job was given up after its last attempt');
      await onDead?.({ queue: name, about: keyOf(data) });
    }
  });
}
