import { AsyncLocalStorage } from 'node:async_hooks';
import { sql } from 'drizzle-orm';
import { finishErasures } from '../../../server/erasure/finish-erasures.ts';
import { forgetJobs } from '../../../server/jobs/forget-jobs.ts';
import { runLane } from '../../../server/jobs/lane.ts';
import { relayDeliveries } from '../../../server/jobs/relay.ts';
import { runEffect } from '../../../server/jobs/run-effect.ts';
import { wakeDue, wakePolls } from '../../../server/jobs/timers.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { CrowdOffice } from './crowd-office.ts';
import { eachAtOnce } from './each-at-once.ts';
import { liveFor } from './mortal.ts';

/** Does the background's work for a crowd, some of it in lives that end in the middle. */
export interface Shift {
  /** Until nothing more can be done at this moment of the clock. What the dead hold on to is left. Vendors are asked too, unless it is said. */
  work(what?: { polls?: boolean }): Promise<void>;
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
  /** How many try each lane and each effect at the same time; asked anew for each. */
  workers: number | (() => number);
  /**
   * How many effects are carried out side by side. What several ask of the database together is asked by one of them: whose death in the middle
   * of that leaves the others' begun and not done.
   */
  effectsAtOnce?: number;
}

/** What can be done at this moment of the clock. */
interface Due {
  lanes: string[];
  effects: { id: string; kind: string; applicationKey: string }[];
  deliveries: boolean;
  times: boolean;
  polls: boolean;
  erasures: boolean;
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

/** Runs `work` as something done about this application. */
export function doingAbout<T>(about: UnderWay, work: () => T): T {
  return doing.run(about, work);
}

/** What is being done by whoever asks. */
export function underWay(): UnderWay | null {
  return doing.getStore() ?? null;
}

/** Whoever carries an effect out stands for a process, whose end is the end of its session alone: effects of one process share theirs. */
function inOwnProcess(parts: CrowdOffice['parts']): CrowdOffice['parts'] {
  const { pool } = parts;
  return { ...parts, pool: Object.assign(Object.create(pool) as typeof pool, { connect: pool.connect.bind(pool) }) };
}

export function createShift(
  office: CrowdOffice,
  { random, mortality, fateOf = () => null, workers, effectsAtOnce = AT_ONCE }: ShiftOptions,
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
  const atOnce = () => (typeof workers === 'number' ? workers : workers());
  const several = (about: UnderWay, work: () => Promise<unknown>) =>
    doing.run(about, () => Promise.all(Array.from({ length: atOnce() }, () => live(fateOf(about), work))));

  // One look for all, because whoever plays thousands of histories does little else than look.
  const look = async (): Promise<Due> => {
    const { rows } = await db.execute<{ due: Due }>(sql`
      with free as (
        select key, hinted > handled as hinted from tagalong.applications
        where read_trouble is null and (lease_token is null or lease_until is null or lease_until < ${at()}::timestamptz)
      )
      select json_build_object(
        'lanes', (select coalesce(json_agg(key), '[]') from free
          where hinted or exists (select from tagalong.inputs where application_key = free.key and handled_at is null)),
        'effects', (select coalesce(json_agg(json_build_object('id', id, 'kind', kind, 'applicationKey', application_key)), '[]')
          from tagalong.effects where state in ('queued', 'calling') and (run_after is null or run_after <= ${at()}::timestamptz)),
        'deliveries', exists (select from tagalong.deliveries where relayed_at is null),
        'times', exists (select from tagalong.applications where due_at <= ${at()}::timestamptz),
        'polls', exists (select from tagalong.invitations where poll_due_at <= ${at()}::timestamptz),
        'erasures', exists (select from tagalong.erasures where finished_at is null)
      ) as due`);
    const [row] = rows;
    if (!row) throw new Error('a look that saw nothing');
    return row.due;
  };
  const at = () => clock.now().toISOString();

  return {
    deaths: () => deaths,
    errors,
    async work({ polls = true } = {}) {
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        const before = deaths;
        let did = 0;
        const first = await look();
        if (first.deliveries) {
          const relayed = await Promise.all(Array.from({ length: atOnce() }, () => chore(() => relayDeliveries(parts))));
          did = relayed.reduce<number>((sum, one) => sum + (one ?? 1), 0);
        }
        if (first.times) did += (await chore(() => wakeDue(parts))) ?? 1;
        if (polls && first.polls) did += (await chore(() => wakePolls(parts))) ?? 1;
        const told = did > 0 ? await look() : first;
        const lanes = new Set([...told.lanes, ...woken]);
        woken.clear();
        await eachAtOnce(lanes, AT_ONCE, (applicationKey) =>
          several({ applicationKey, effectId: null, kind: null }, () => runLane(parts, applicationKey)),
        );
        const after = lanes.size > 0 ? await look() : told;
        await eachAtOnce(after.effects, effectsAtOnce, ({ id, kind, applicationKey }) =>
          several({ applicationKey, effectId: id, kind }, () => runEffect(inOwnProcess(parts), id)),
        );
        if (after.erasures) did += (await chore(() => finishErasures({ ...parts, forgetJobs }))) ?? 1;
        if (did + lanes.size + after.effects.length + deaths - before === 0) return;
      }
      errors.push('work follows work without end');
    },
  };
}
