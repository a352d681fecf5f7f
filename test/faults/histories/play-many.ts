import type { CheckRun } from '../../checks/check-report.ts';
import { judgeHistory } from '../model.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { type CrowdOffice, openCrowdOffice } from '../tools/crowd-office.ts';
import { type Crowd, crowdsOf, tellReplay } from './crowds.ts';
import { describe, type History, inventHistory, PASSES, shorter, TURNS } from './history.ts';
import { play } from './play.ts';

export interface Wanted {
  /** Of the run of the check, by which all can be played again. */
  runSeed: number;
  size: CheckRun['size'];
  /** Of the first crowd; the others count on from it. */
  seed: number;
  /** Histories, as many as fit into the time. */
  histories: number;
  budgetMs: number;
  /** Side by side in one office. */
  crowd: number;
  /** Crowds of one office: a store and a world that have seen many are slow, and not what this is about. */
  crowdsPerOffice: number;
  /** The crowd that is played first, where it is not the very first: one that opens an office. */
  first?: number;
  /** Shorter histories that are tried to see where a difference comes from; and of how many. */
  shorterMax: number;
  shown: number;
}

/** What came of them. Can be sent from one process to another. */
export interface Tally {
  played: number;
  different: number;
  deaths: number;
  calls: number;
  invited: number;
  effects: number;
  lines: string[];
}

/** Plays random histories in one office after the other, each held against the model. */
export async function playMany(wanted: Wanted): Promise<Tally> {
  const tally: Tally = { played: 0, different: 0, deaths: 0, calls: 0, invited: 0, effects: 0, lines: [] };
  const until = performance.now() + wanted.budgetMs;
  let office: CrowdOffice | null = null;
  try {
    for (const crowd of crowdsOf(wanted)) {
      if (performance.now() >= until) break;
      if (!office || crowd.opensOffice) {
        await office?.close();
        office = await openCrowdOffice(crowd.company);
      }
      await oneCrowd(office, { wanted, crowd, tally });
    }
  } finally {
    await office?.close();
  }
  return tally;
}

async function oneCrowd(
  office: CrowdOffice,
  { wanted, crowd, tally }: { wanted: Wanted; crowd: Crowd; tally: Tally },
): Promise<void> {
  const random = createSeededRandom(crowd.seed);
  const histories = Array.from({ length: crowd.size }, () => inventHistory(random, office.seats.length));
  const passes = Array.from({ length: TURNS }, () => random.pick(PASSES));
  const result = await play(office, { histories, passes, random });
  for (const [index, told] of result.told.entries()) {
    const wrong = judgeHistory(told);
    const history = histories[index];
    tally.invited += told.went.length;
    tally.effects += told.effects.length;
    if (wrong.length === 0 || !history) continue;
    tally.different += 1;
    if (tally.different > wanted.shown) continue;
    tally.lines.push(...wrong.slice(0, 4), ...(await explain(office, { history, passes, wanted, crowd })));
  }
  tally.different += result.errors.length;
  const errors = result.errors.slice(0, 3).map((error) => `an error: ${error}`);
  if (errors.length > 0) tally.lines.push(...errors, ...tellReplay(wanted, crowd));
  tally.played += histories.length;
  tally.deaths += result.deaths;
  tally.calls += result.calls;
}

/** The shortest history that still shows what is wrong. */
async function explain(
  office: CrowdOffice,
  { history, passes, wanted, crowd }: { history: History; passes: readonly number[]; wanted: Wanted; crowd: Crowd },
): Promise<string[]> {
  const { seed } = crowd;
  const { shorterMax } = wanted;
  const stillWrong = async (candidate: History) => {
    const { told } = await play(office, { histories: [candidate], passes, random: createSeededRandom(seed) });
    return told.flatMap(judgeHistory).length > 0;
  };
  let shortest = history;
  const isAlone = await stillWrong(history);
  let tries = 0;
  for (let found = isAlone; found; ) {
    found = false;
    for (const candidate of shorter(shortest)) {
      tries += 1;
      if (tries > shorterMax) break;
      if (!(await stillWrong(candidate))) continue;
      shortest = candidate;
      found = true;
      break;
    }
  }
  const where = `${isAlone ? 'cut short' : 'only among the others of its crowd'}: ${office.seats[history.seat]?.kind}`;
  return [where, ...tellReplay(wanted, crowd), ...describe(shortest, passes).map((line) => `  ${line}`)];
}
