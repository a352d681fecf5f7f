import type { Check } from '../../checks/check-report.ts';
import { comeToRest } from '../come-to-rest.ts';
import { createCrowd } from '../crowd.ts';
import { judge } from '../judge.ts';
import { chooseKillMoment, strikeAt } from '../kill-moment.ts';
import { leastOf, tellLeast } from '../least-of.ts';
import { repeatSome, retryFailed, takeTests } from '../people-at-work.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { startFleet } from '../tools/fleet.ts';
import { findLeftBehind } from '../tools/work-under-way.ts';

const WHAT = 'SIGTERM in the middle of the work, to every process at once';
const TARGET_MS = 10_000;
/** So that there is always a call under way. */
const THINKS_MS = 150;
const ROLES = ['web', 'worker', 'worker', 'all'] as const;
const WAVES = { small: 2, full: 25 };
/** All of them start anew after each wave, which is what takes the time. */
const BUDGET_MS = { small: 8_000, full: 80_000 };

/** Processes that are told to end do so soon, with nothing lost, twice or uncertain. */
export const shutdown: Check = {
  id: 'R11',
  alone: 'full',
  what: WHAT,
  budgetMs: BUDGET_MS,
  async run({ seed, size, say }) {
    const waves = WAVES[size];
    // A journey has up to four steps: with fewer waves for them, people pass through a stage in one moment and nobody is invited.
    const steps = Math.max(waves, 5);
    const from = performance.now();
    const random = createSeededRandom(seed);
    await using stack = new AsyncDisposableStack();
    const fleet = await startFleet({ name: 'shutdown-check', roles: ROLES, world: { atsThinksMs: () => THINKS_MS } });
    stack.defer(() => fleet.close());
    const { world, reader, members } = fleet;
    const crowd = createCrowd(world, random, { waves: steps, singles: waves * 4, twins: Math.ceil(waves / 2) });
    const underWay: Promise<unknown>[] = [];
    const ends: { code: number | null; ms: number }[] = [];
    let cutOff = 0;

    let wave = 0;
    for (; wave < waves && (wave === 0 || performance.now() - from < BUDGET_MS[size]); wave += 1) {
      const told = strikeAt(
        world.journal,
        chooseKillMoment(random),
        () => {
          for (const member of members) member.signal('SIGTERM');
        },
        1000,
      );
      crowd.act(wave);
      takeTests(world, random, 4);
      underWay.push(repeatSome(world, random, 3));
      await told;
      ends.push(...(await Promise.all(members.map((member) => member.end('SIGTERM')))));
      // Nobody is there any more: what was begun has come to its end, or never will.
      const left = await findLeftBehind(fleet);
      cutOff += left.lanes.length + left.effects.length;
      for (const { token, hinted } of left.lanes)
        say(
          `left behind by stop ${wave + 1}: a lane ${token === null ? 'whose job was taken' : 'that was held'}, hint ${hinted}`,
        );
      for (const { attempts } of left.effects) say(`left behind by stop ${wave + 1}: an effect after ${attempts} attempts`);
      await Promise.all(members.map((member) => member.restart()));
      underWay.push(retryFailed(world));
    }
    // Who has done nothing yet was never told of, and would count as lost. One after another: no two steps in one millisecond.
    for (; wave < steps; wave += 1) {
      crowd.act(wave);
      await world.settle();
    }
    await Promise.all(underWay);
    await comeToRest(world, reader);
    const { wrong, everUnconfirmed, invitations } = await judge(fleet, reader, crowd.seekers);
    for (const sentence of Object.values(wrong).flat().slice(0, 10)) say(sentence);
    const slowest = Math.max(...ends.map(({ ms }) => ms));
    const unclean = ends.filter(({ code }) => code !== 0).length;
    const lost = wrong.lost.length + wrong.silent.length;
    const least = leastOf(waves * ROLES.length, size);
    return [
      {
        ...{ id: 'R11', what: WHAT },
        asked: `${WAVES.full * ROLES.length} times`,
        reached: `${ends.length} times`,
        figure: `slowest exit ${(slowest / 1000).toFixed(1)} s, ${unclean} unclean, L=${lost}, D=${wrong.duplicated.length}, ${everUnconfirmed} uncertain, ${cutOff} pieces of work cut off`,
        target: `exit < 10 s, L=0, D=0, none uncertain or cut off${tellLeast(least, 'times')}`,
        wrong: Object.values(wrong).flat().length + unclean + everUnconfirmed + cutOff,
        met:
          slowest < TARGET_MS &&
          unclean === 0 &&
          Object.values(wrong).flat().length === 0 &&
          everUnconfirmed === 0 &&
          cutOff === 0 &&
          ends.length >= least &&
          invitations > 0,
      },
    ];
  },
};
