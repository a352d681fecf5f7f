import { and, eq, gt, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import type { Server } from '../../../server/build.ts';
import { finishErasures } from '../../../server/erasure/finish-erasures.ts';
import { forgetJobs } from '../../../server/jobs/forget-jobs.ts';
import { runLane } from '../../../server/jobs/lane.ts';
import { relayDeliveries } from '../../../server/jobs/relay.ts';
import { runEffect } from '../../../server/jobs/run-effect.ts';
import { claimDueSweeps, sweep } from '../../../server/jobs/sweep.ts';
import { wakeDue, wakePolls } from '../../../server/jobs/timers.ts';
import { watchDeleted } from '../../../server/jobs/watch-deleted.ts';
import type { WorkQueue } from '../../../server/jobs/work-queue.ts';
import { applications, connections, effects, inputs } from '../../../server/storage/schema.ts';
import { eachAtOnce } from './each-at-once.ts';

/** Does the background's work when it is told to, until nothing is due at this moment of the clock. */
export interface Crank {
  turn(what?: { sweeps?: boolean; polls?: boolean; deleted?: boolean }): Promise<void>;
  /** When something of ours is due next, sweeps included on demand. Null when nothing waits for a time. */
  nextDueAt(what?: { sweeps?: boolean }): Promise<Date | null>;
}

const AT_ONCE = 6;
/** Far more rounds than any story here takes. */
const ROUNDS_MAX = 500;

export function createCrank({ parts: given, services }: Pick<Server, 'parts' | 'services'>): Crank {
  const { db, clock } = services;
  const woken = new Set<string>();
  // What is asked for stands in the tables too; only who was woken in spite of trouble does not.
  const queue: WorkQueue = { sendLane: async (_tx, key) => void woken.add(key), sendEffect: async () => undefined };
  const parts = { ...given, queue };

  const dueLanes = async () => {
    const calm = isNull(applications.readTrouble);
    const hinted = await db
      .select({ key: applications.key })
      .from(applications)
      .where(and(gt(applications.hinted, applications.handled), calm));
    const told = await db
      .selectDistinct({ key: inputs.applicationKey })
      .from(inputs)
      .innerJoin(applications, eq(applications.key, inputs.applicationKey))
      .where(and(isNull(inputs.handledAt), calm));
    const keys = new Set([...hinted, ...told].map(({ key }) => key).concat(...woken));
    woken.clear();
    return keys;
  };
  const dueEffects = () =>
    db
      .select({ id: effects.id })
      .from(effects)
      .where(
        and(inArray(effects.state, ['queued', 'calling']), or(isNull(effects.runAfter), lte(effects.runAfter, clock.now()))),
      );

  return {
    async turn({ sweeps = false, polls = false, deleted = false } = {}) {
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        if (sweeps) for (const id of await claimDueSweeps(parts)) await sweep(parts, id);
        if (deleted) await watchDeleted(parts);
        let did = await relayDeliveries(parts);
        did += await wakeDue(parts);
        if (polls) did += await wakePolls(parts);
        const lanes = await dueLanes();
        await eachAtOnce(lanes, AT_ONCE, (key) => runLane(parts, key));
        const due = await dueEffects();
        await eachAtOnce(due, AT_ONCE, ({ id }) => runEffect(parts, id));
        did += await finishErasures({ ...parts, forgetJobs });
        if (did + lanes.size + due.length === 0) return;
      }
      throw new Error('work follows work without end');
    },
    async nextDueAt({ sweeps = false } = {}) {
      const [row] = await db
        .select({
          lanes: sql<Date | string | null>`(select min(${applications.dueAt}) from ${applications})`,
          effects: sql<
            Date | string | null
          >`(select min(${effects.runAfter}) from ${effects} where ${inArray(effects.state, ['queued', 'calling'])})`,
          sweeps: sql<
            Date | string | null
          >`(select min(${connections.sweepDueAt}) from ${connections} where ${connections.side} = 'ats')`,
        })
        .from(sql`(select 1) as one`);
      const times = [row?.lanes, row?.effects, sweeps ? row?.sweeps : null].filter((time) => time !== null && time !== undefined);
      return times.length === 0 ? null : new Date(Math.min(...times.map((time) => new Date(time).getTime())));
    },
  };
}
