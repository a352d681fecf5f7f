import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from 'pino';
import type { Transaction } from '../services.ts';
import { afterCommit } from '../storage/after-commit.ts';
import { type CrewSize, createCrewSize } from './crew-size.ts';
import type { WorkQueue } from './work-queue.ts';

export interface AtOnceParts {
  /** Takes what there is no room for, and what is for later. */
  queue: WorkQueue;
  log: Logger;
  runLane(applicationKey: string): Promise<unknown>;
  runEffect(effectId: string): Promise<unknown>;
  /** An allowance of calls ran short a little while ago. */
  isShort(): boolean;
  /** Milliseconds that only ever grow. */
  steadyMs?: () => number;
}

export interface AtOnce {
  /** Sends as the queue does, but what can be done by this process at once goes without a job. */
  queue: WorkQueue;
  /** Begins nothing more. */
  close(): void;
  /** Resolves when nothing is under way any more. */
  rest(): Promise<void>;
}

/**
 * So many lanes, and as many effects, side by side. 120 need two thirds of the processor that 30 need for each, but where an ATS sets a limit
 * they would spend it on first calls. What waits besides is done within a second or two.
 */
const SIDE_BY_SIDE = { least: 30, most: 120 };
const WAITING_AT_MOST = 300;

/**
 * Goes on at once, in the process that committed it, with what a transaction asks for. No job is made of it: what is to be done stands in the
 * tables, its own lock (the lane's lease, the effect's lock) keeps it from being done twice, and what a process leaves behind is found there
 * by the housekeeping of all (`findAbandoned`), which sends the job. When more waits here than is done in a moment, the queue takes it, and
 * with it the other processes.
 */
export function createAtOnce(parts: AtOnceParts): AtOnce {
  const { queue, log, runLane, runEffect, isShort, steadyMs = () => performance.now() } = parts;
  const failed = (about: object) => (error: unknown) =>
    log.warn({ err: error, ...about }, 'what was to be done at once failed and is left to the queue');
  const newSize = () => createCrewSize({ ...SIDE_BY_SIDE, isShort, steadyMs });
  const lanes = createCrew(newSize(), (key) => runLane(key).catch(failed({ application: key })));
  const effects = createCrew(newSize(), (id) => runEffect(id).catch(failed({ effect: id })));
  const send = (crew: Crew, tx: Transaction, name: string, urgent = false) =>
    crew.hasRoom() && afterCommit(tx, () => crew.take(name, urgent));
  return {
    queue: {
      async sendLane(tx, applicationKey) {
        if (!send(lanes, tx, applicationKey)) await queue.sendLane(tx, applicationKey);
      },
      async sendEffect(tx, effectId, startAfter, urgent) {
        if (startAfter || !send(effects, tx, effectId, urgent)) await queue.sendEffect(tx, effectId, startAfter, urgent);
      },
      ...(queue.hasJob && { hasJob: queue.hasJob }),
    },
    close() {
      lanes.close();
      effects.close();
    },
    async rest() {
      while (lanes.isBusy() || effects.isBusy()) await Promise.all([lanes.next(), effects.next()]);
    },
  };
}

interface Crew {
  hasRoom(): boolean;
  take(name: string, urgent: boolean): void;
  close(): void;
  isBusy(): boolean;
  /** Resolves when those now under way have ended. */
  next(): Promise<void>;
}

/** Does what it is given, so many at a time, the urgent first; what waits already is not taken twice. `run` never rejects. */
function createCrew(size: CrewSize, run: (name: string) => Promise<unknown>): Crew {
  const waiting = new Set<string>();
  const urgent = new Set<string>();
  const running = new Set<Promise<unknown>>();
  let isClosed = false;
  // Whoever commits has a priority and a guard of his own, which are not those of what follows.
  const onItsOwn = AsyncLocalStorage.snapshot();

  const start = () => {
    while (!isClosed && running.size < size.now()) {
      const [name] = urgent.size > 0 ? urgent : waiting;
      if (name === undefined) return;
      urgent.delete(name);
      waiting.delete(name);
      const one = onItsOwn(run, name).finally(() => {
        running.delete(one);
        size.endedBefore(waiting.size + urgent.size > 0);
        start();
      });
      running.add(one);
    }
  };
  return {
    hasRoom: () => !isClosed && waiting.size + urgent.size < WAITING_AT_MOST,
    take(name, isUrgent) {
      if (isUrgent) urgent.add(name);
      else waiting.add(name);
      start();
    },
    close() {
      isClosed = true;
      waiting.clear();
      urgent.clear();
    },
    isBusy: () => running.size > 0,
    async next() {
      await Promise.all(running);
    },
  };
}
