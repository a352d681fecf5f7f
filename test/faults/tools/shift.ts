import { AsyncLocalStorage } from 'node:async_hooks';
import { and, eq, gt, inArray, isNull, lt, lte, or } from 'drizzle-orm';
import { finishErasures } from '../../../server/erasure/finish-erasures.ts';
import { forgetJobs } from '../../../server/jobs/forget-jobs.ts';
import { runLane } from '../../../server/jobs/lane.ts';
import { relayDeliveries } from '../../../server/jobs/relay.ts';
import { runEffect } from '../../../server/jobs/run-effect.ts';
import { wakeDue, wakePolls } from '../../../server/jobs/timers.ts';
import { applications, effects, inputs } from '../../../server/storage/schema.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { CrowdOffice } from './crowd-office.ts';
import { eachAtOnce } from './each-at-once.ts';
import { liveFor } from './mortal.ts';

/** Does the background's work for a crowd, some of it in lives that end in the middle. */
export interface Shift {
  /** Until nothing more can be done at this moment of the clock. What the dead hold on to is left. */
  work(): Promise<void>;
  /** How many died so far. */
  deaths(): number;
  /** Errors that were no death; whoever met one tried again, as a job does. None is right. */
  errors: readonly string[];
}

export interface ShiftOptions {
  random: SeededRandom;
  /** How likely a chore that is not about one application is to die. */
  mortality(): number;
  /** After how many points the next piece of work on this application dies; null: it lives. */
  fateOf?(about: UnderWay): number | null;
  /** How many try each lane and each effect at the same time. */
  workers: number;
  /** Vendors are asked, too. */
  polls?: boolean;
}

const AT_ONCE = 8;
const ROUNDS_MAX = 60;
/** A lane has some fifty points, an effect some thirty. */
const POINTS_MAX = 45;

export interface UnderWay {
  applicationKey: string;
  /** Null in a lane. */
  effectId: string | null;
  kind: string | null;
}
const doing = new AsyncLocalStorage<UnderWay>();

/** What is being done by whoever asks. */
export function underWay(): UnderWay | null {
  return doing.getStore() ?? null;
}

export function createShift(
  office: CrowdOffice,
  { random, mortality, fateOf = () => null, workers, polls = true }: ShiftOptions,
): Shift {
  const { parts, woken, server } = office;
  // Who only looks does not die.
  const { db, clock } = server.services;
  let deaths = 0;
  const errors: string[] = [];

  const live = async <T>(points: number | null, work: () => Promise<T>): Promise<T | null> => {
    try {
      const ended = await liveFor(points ?? Number.POSITIVE_INFINITY, work);
      if (ended.kind === 'lived') return ended.value;
    } catch (error) {
      errors.push(String(error instanceof Error ? (error.cause ?? error) : error));
      return null;
    }
    deaths += 1;
    return null;
  };
  const chore = (work: () => Promise<number>) => live(random.chance(mortality()) ? random.int(0, POINTS_MAX) : null, work);
  const several = (about: UnderWay, work: () => Promise<unknown>) =>
    doing.run(about, () => Promise.all(Array.from({ length: workers }, () => live(fateOf(about), work))));

  const dueLanes = async () => {
    const now = clock.now();
    const free = or(isNull(applications.leaseToken), isNull(applications.leaseUntil), lt(applications.leaseUntil, now));
    const calm = isNull(applications.readTrouble);
    const hinted = await db
      .select({ key: applications.key })
      .from(applications)
      .where(and(gt(applications.hinted, applications.handled), calm, free));
    const told = await db
      .selectDistinct({ key: inputs.applicationKey })
      .from(inputs)
      .innerJoin(applications, eq(applications.key, inputs.applicationKey))
      .where(and(isNull(inputs.handledAt), calm, free));
    const keys = new Set([...hinted, ...told].map(({ key }) => key).concat(...woken));
    woken.clear();
    return keys;
  };
  const dueEffects = () =>
    db
      .select({ id: effects.id, kind: effects.kind, applicationKey: effects.applicationKey })
      .from(effects)
      .where(
        and(inArray(effects.state, ['queued', 'calling']), or(isNull(effects.runAfter), lte(effects.runAfter, clock.now()))),
      );

  return {
    deaths: () => deaths,
    errors,
    async work() {
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        const before = deaths;
        const relayed = await Promise.all(Array.from({ length: workers }, () => chore(() => relayDeliveries(parts))));
        let did = relayed.reduce<number>((sum, one) => sum + (one ?? 1), 0);
        did += (await chore(() => wakeDue(parts))) ?? 1;
        if (polls) did += (await chore(() => wakePolls(parts))) ?? 1;
        const lanes = await dueLanes();
        await eachAtOnce(lanes, AT_ONCE, (applicationKey) =>
          several({ applicationKey, effectId: null, kind: null }, () => runLane(parts, applicationKey)),
        );
        const due = await dueEffects();
        await eachAtOnce(due, AT_ONCE, ({ id, kind, applicationKey }) =>
          several({ applicationKey, effectId: id, kind }, () => runEffect(parts, id)),
        );
        did += (await chore(() => finishErasures({ ...parts, forgetJobs }))) ?? 1;
        if (did + lanes.size + due.length + deaths - before === 0) return;
      }
      errors.push('work follows work without end');
    },
  };
}
