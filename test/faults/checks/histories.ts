import { availableParallelism } from 'node:os';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { playApart } from '../histories/play-apart.ts';
import { playMany, type Tally, type Wanted } from '../histories/play-many.ts';
import { playOnCore } from '../histories/play-on-core.ts';
import { MOST_MS, timeToPlay } from '../histories/time-to-play.ts';
import { leastOf, tellLeast } from '../least-of.ts';

const ASKED = 10_000;
/** `budgetMs`: what fits is played, and what did not fit is said. At size full it is the most: see timeToPlay. */
const WHOLE: Record<CheckRun['size'], Omit<Wanted, 'seed' | 'runSeed' | 'size'>> = {
  small: { histories: 80, budgetMs: 6_000, crowd: 40, crowdsPerOffice: 1, shorterMax: 6, shown: 1 },
  full: { histories: ASKED, budgetMs: MOST_MS, crowd: 200, crowdsPerOffice: 3, shorterMax: 40, shown: 3 },
};
const ON_CORE = { small: { histories: ASKED, budgetMs: 5_000 }, full: { histories: 5 * ASKED, budgetMs: 20_000 } };
/** Far more than any process plays crowds, so that no two play the same. */
const SEEDS_APART = 1_000_000;

/** R18: random histories, held against the model: on the real store, relay, lanes, effects and adapters, and on the decisions alone. */
export const histories: Check = {
  id: 'R18',
  alone: 'full',
  what: 'random histories against the model',
  budgetMs: {
    small: ON_CORE.small.budgetMs + WHOLE.small.budgetMs,
    full: ON_CORE.full.budgetMs + WHOLE.full.budgetMs,
  },
  async run(given) {
    const from = performance.now();
    const core = onCore(given);
    const leftMs = given.leftMs && given.leftMs - (performance.now() - from);
    return [core, await whole({ ...given, leftMs })];
  },
};

async function whole({ seed, size, leftMs, say }: CheckRun): Promise<CheckRow> {
  const wanted = { ...WHOLE[size], ...(size === 'full' && { budgetMs: timeToPlay(leftMs) }) };
  const players = size === 'small' ? 1 : Math.max(1, Math.min(4, availableParallelism()));
  const each = Array.from({ length: players }, (_, number) => ({
    ...{ ...wanted, size, runSeed: seed },
    seed: seed + number * SEEDS_APART,
    histories: Math.ceil(wanted.histories / players),
  }));
  const [first] = each;
  const tallies = players === 1 && first ? [await playMany(first)] : await playApart(each);
  for (const line of tallies.flatMap(({ lines }) => lines)) say(line);
  const all = (name: Exclude<keyof Tally, 'lines'>) => tallies.reduce((sum, tally) => sum + tally[name], 0);
  const played = all('played');
  // In less time, so much less.
  const least = size === 'full' ? leastOf((ASKED * wanted.budgetMs) / MOST_MS, size) : wanted.crowd;
  return {
    id: 'R18',
    what: 'random histories of clicks, webhooks, polls, crashes, undo and time, real store and adapters, against test/faults/model.ts',
    asked: `${ASKED} histories`,
    reached: `${played} histories, ${all('deaths')} crashes, ${all('effects')} effects, ${all('calls')} calls outside, ${players} processes, ${Math.round(wanted.budgetMs / 1000)} s`,
    figure: `${all('different')} differences`,
    target: `0${tellLeast(least, 'histories')}`,
    wrong: all('different'),
    met: all('different') === 0 && played >= least && all('invited') > played / 10 && all('deaths') > played / 10,
  };
}

function onCore({ seed, size, say }: CheckRun): CheckRow {
  const { played, events, different, invited, effects, lines } = playOnCore({ seed, ...ON_CORE[size] });
  for (const line of lines) say(line);
  return {
    id: 'R18',
    what: 'random histories on the decisions alone (observe, decide, time), against test/faults/model.ts',
    asked: `${ASKED} histories`,
    reached: `${played} histories, ${events} events, ${effects} effects, ${invited} invitations`,
    figure: `${different} differences`,
    target: '0',
    wrong: different,
    met: different === 0 && played >= (size === 'full' ? ASKED : ASKED / 10) && invited > played / 5,
  };
}
