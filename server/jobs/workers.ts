import { createLinkChore } from '../audit/link-chain.ts';
import { createErasureChore } from '../erasure/finish-erasures.ts';
import { withPriority } from '../outbound/call-priority.ts';
import type { RateGovernor } from '../outbound/rate-governor.ts';
import { refreshOldUsers } from '../people/refresh-users.ts';
import { createAtOnce } from './at-once.ts';
import { createBodyDropper } from './drop-old-bodies.ts';
import { type FeedParts, feedBacklog } from './feed-backlog.ts';
import { forgetJobs } from './forget-jobs.ts';
import { type LaneParts, runLane } from './lane.ts';
import { type Loop, type LoopState, startLoop } from './loop.ts';
import type { Queue } from './queue.ts';
import { type RelayParts, relayDeliveries, relayFresh } from './relay.ts';
import { type EffectParts, runEffect } from './run-effect.ts';
import { claimDueSweeps, sweep } from './sweep.ts';
import { syncOldCatalogues } from './sync-catalogue.ts';
import { findAbandoned, wakeDue, wakePolls } from './timers.ts';
import { watchDeleted } from './watch-deleted.ts';

export type WorkerParts = LaneParts & EffectParts & FeedParts & { queue: Queue; governor: Pick<RateGovernor, 'wasShortWithin'> };

const BUSY_PAUSE_MS = 2000;
/** For so long after an allowance ran short not more work than usual goes side by side: longer than the windows of an allowance. */
const SHORT_FOR_MS = 60_000;

export interface Workers {
  wakeRelay(): void;
  /** How the recurring chores fare. */
  chores(): LoopState[];
  /** Begins nothing more; resolves when no chore runs. */
  stop(): Promise<void>;
  /** After `stop`: resolves when all that was begun at once has ended. */
  rest(): Promise<void>;
}

/** Everything that works in the background of this process. Any number of processes may do so at once. */
export async function startWorkers(parts: WorkerParts): Promise<Workers> {
  const { services, queue, governor } = parts;
  const { log } = services;
  const lane = (key: string) => runLane(swift, key);
  const effect = async (id: string) => {
    if ((await runEffect(swift, id)) === 'busy') await sendLater(parts, id);
  };
  const atOnce = createAtOnce({
    ...{ queue, log, runLane: lane, runEffect: effect },
    isShort: () => governor.wasShortWithin(SHORT_FOR_MS),
  });
  const swift = { ...parts, queue: atOnce.queue };
  await queue.work('lane', {}, async ({ data }) => {
    await lane(data.applicationKey);
  });
  await queue.work('effect', {}, ({ data }) => effect(data.effectId));
  await queue.work('sweep', {}, async ({ data }) => {
    const found = await withPriority('sweep', () => sweep(parts, data.connectionId));
    log.debug({ connection: data.connectionId, found }, 'swept');
  });
  const relay = startLoop({ name: 'relay', everyMs: 1000, chore: createRelay(swift), log });
  const loops: Loop[] = [
    relay,
    startLoop({ name: 'timers', everyMs: 500, chore: () => wakeDue(parts), log }),
    startLoop({ name: 'backlog', everyMs: 300, chore: () => once(feedBacklog(parts)), log }),
    startLoop({ name: 'polls', everyMs: 5000, chore: () => wakePolls(parts), log }),
    startLoop({ name: 'sweeps', everyMs: 10_000, chore: () => sendDueSweeps(parts), log }),
    startLoop({ name: 'deleted', everyMs: 5000, chore: () => once(withPriority('sweep', () => watchDeleted(parts))), log }),
    startLoop({ name: 'abandoned', everyMs: 1000, chore: () => once(findAbandoned(parts)), log }),
    startLoop({ name: 'users', everyMs: 60_000, chore: () => withPriority('sweep', () => refreshOldUsers(parts)), log }),
    startLoop({ name: 'catalogues', everyMs: 60_000, chore: () => syncOldCatalogues(parts), log }),
    startLoop({ name: 'old bodies', everyMs: 3_600_000, chore: createBodyDropper(services), log }),
    startLoop({ name: 'erasures', everyMs: 1000, chore: createErasureChore({ ...parts, forgetJobs }), log }),
    startLoop({ name: 'audit', everyMs: 1000, chore: createLinkChore(services), log }),
  ];
  return {
    wakeRelay: () => relay.wake(),
    chores: () => loops.map((loop) => loop.state()),
    async stop() {
      atOnce.close();
      await Promise.all(loops.map((loop) => loop.stop()));
    },
    rest: () => atOnce.rest(),
  };
}

/** What has just come in goes on at once; what is left from before is looked for once in a while. */
const LEFT_EVERY_MS = 900;

function createRelay(parts: RelayParts): () => Promise<number> {
  let lookedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = performance.now();
    if (now - lookedAt < LEFT_EVERY_MS) return await relayFresh(parts);
    const done = await relayDeliveries(parts);
    lookedAt = now;
    return done;
  };
}

/** Another worker runs it, or its connection is just dying: look again soon. */
async function sendLater({ services, queue }: WorkerParts, effectId: string): Promise<void> {
  await services.db.transaction((tx) => queue.sendEffect(tx, effectId, new Date(services.clock.now().getTime() + BUSY_PAUSE_MS)));
}

async function sendDueSweeps(parts: WorkerParts): Promise<number> {
  const { services, queue } = parts;
  const due = await claimDueSweeps(parts);
  await services.db.transaction(async (tx) => {
    for (const connectionId of due) await queue.send(tx, 'sweep', { connectionId });
  });
  return 0;
}

/** A chore that has done all there is in one run. */
async function once(chore: Promise<unknown>): Promise<number> {
  await chore;
  return 0;
}
