import type { Check } from '../../checks/check-report.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { comeToRest } from '../come-to-rest.ts';
import { createCrowd } from '../crowd.ts';
import { judge } from '../judge.ts';
import { chooseKillMoment, strikeAt } from '../kill-moment.ts';
import { leastOf, tellLeast } from '../least-of.ts';
import { repeatSome, retryFailed, takeTests } from '../people-at-work.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { startFleet } from '../tools/fleet.ts';
import { findLeftBehind, stillLeft, type UnderWay } from '../tools/work-under-way.ts';

const WHAT = 'two web and two worker processes on one PostgreSQL; a worker is killed with -9 in the middle of its work';
const KILLS = { small: 2, full: 10 };
const GIVE_UP_MS = 40_000;
/** Each kill of a process in the middle of a call takes until that call may have ended. Twice that where they do not come to their number. */
const BUDGET_MS = 75_000;
const TARGET_MS = 15_000;
/** Lanes call nobody outside to write, so there is nothing to wait for. */
const LANES_MS = 5_000;

/** One killed of several: how long until others have gone on with everything it had begun, and whether that was all and once. */
export const takeover: Check = {
  id: 'SO',
  alone: true,
  what: WHAT,
  budgetMs: { small: BUDGET_MS, full: BUDGET_MS },
  async run({ seed, size, say }) {
    const kills = KILLS[size];
    const least = leastOf(kills, size);
    // Not each finds a worker in the middle of something.
    const waves = kills * (size === 'small' ? 5 : 2);
    const from = performance.now();
    const random = createSeededRandom(seed);
    await using stack = new AsyncDisposableStack();
    const fleet = await startFleet({ name: 'takeover', roles: ['web', 'web', 'worker', 'worker'] });
    stack.defer(() => fleet.close());
    const { world, reader } = fleet;
    const crowd = createCrowd(world, random, { waves, singles: waves * 3, twins: kills });
    const took = { lanes: [] as number[], effects: [] as number[] };
    const underWay: Promise<unknown>[] = [];
    let killed = 0;
    let wave = 0;
    let isStuck = false;

    const isTime = () => performance.now() - from < (killed < least ? 2 * BUDGET_MS : BUDGET_MS);
    for (; wave < waves && killed < kills && (killed === 0 || isTime()); wave += 1) {
      const victim = fleet.members[2 + (wave % 2)];
      if (!victim) throw new Error('no worker');
      const struck = strikeAt(world.journal, chooseKillMoment(random), () => victim.signal('SIGKILL'));
      crowd.act(wave);
      takeTests(world, random, 4);
      underWay.push(repeatSome(world, random, 2));
      await struck;
      await victim.end('SIGKILL');
      const left = await findLeftBehind(fleet);
      if (left.lanes.length + left.effects.length > 0) killed += 1;
      const [lanes, effects] = await Promise.all([timeUntilNone('lanes', left), timeUntilNone('effects', left)]);
      if (left.lanes.length > 0) took.lanes.push(lanes);
      if (left.effects.length > 0) took.effects.push(effects);
      say(
        `left behind: ${left.lanes.length} lanes, ${left.effects.length} effects; gone on with after ${lanes} and ${effects} ms`,
      );
      // Nobody goes on with it: what else would be waited for?
      isStuck = Math.max(lanes, effects) >= GIVE_UP_MS;
      if (isStuck) break;
      await victim.restart();
      underWay.push(retryFailed(world));
    }
    // Who has done nothing yet was never told of, and would count as lost. One after another: no two steps in one millisecond.
    for (; wave < waves; wave += 1) {
      crowd.act(wave);
      await world.settle();
    }
    await Promise.all(underWay);
    if (!isStuck) await comeToRest(world, reader);
    const { wrong, invitations } = await judge(fleet, reader, crowd.seekers);
    for (const sentence of Object.values(wrong).flat().slice(0, 10)) say(sentence);
    const all = [...took.lanes, ...took.effects];
    const sizes = {
      asked: `${KILLS.full} kills in mid-work`,
      reached: `${killed} kills in mid-work`,
    };
    const counts = `L=${wrong.lost.length + wrong.silent.length}, D=${wrong.duplicated.length}`;
    return [
      {
        ...{ id: 'SO', what: WHAT, ...sizes },
        figure: `worst ${seconds(Math.max(...all))}, median ${seconds(median(all))}, ${counts}, ${invitations} invitations`,
        target: `work goes on elsewhere within ${TARGET_MS / 1000} s, L=0, D=0${tellLeast(least, 'kills')}`,
        wrong: Object.values(wrong).flat().length,
        met: killed >= least && Math.max(...all) <= TARGET_MS && Object.values(wrong).flat().length === 0 && invitations > 0,
      },
      {
        ...{ id: 'SO', what: 'the lanes among them, which no call to the outside holds up', ...sizes },
        figure: took.lanes.length > 0 ? `median ${seconds(median(took.lanes))} of ${took.lanes.length}` : 'none was left behind',
        target: `median <= ${LANES_MS / 1000} s`,
        wrong: 0,
        met: took.lanes.length === 0 || median(took.lanes) <= LANES_MS,
      },
    ];

    async function timeUntilNone(which: keyof UnderWay, left: UnderWay): Promise<number> {
      let rest = left;
      const isNone = async () => {
        rest = await stillLeft(fleet, rest);
        return rest[which].length === 0;
      };
      const within = { withinMs: GIVE_UP_MS, everyMs: 50, describe: () => JSON.stringify(rest) };
      return Math.round(await waitUntil(isNone, within).catch(() => GIVE_UP_MS));
    }
  },
};

/** Of an even count the lower middle one: with two values the larger would be the worst, which another target is about. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
