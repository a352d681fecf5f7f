import { judgeHistory } from '../model.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { COMPANIES, type CrowdOffice, openCrowdOffice } from '../tools/crowd-office.ts';
import { describe, type History, inventHistory, PASSES, shorter, TURNS } from './history.ts';
import { play } from './play.ts';

export interface Wanted {
  seed: number;
  /** Histories, as many as fit into the time. */
  histories: number;
  budgetMs: number;
  /** Side by side in one office. */
  crowd: number;
  /** Crowds of one office: a store and a world that have seen many are slow, and not what this is about. */
  crowdsPerOffice: number;
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
  const { seed, histories, budgetMs, crowd, crowdsPerOffice } = wanted;
  const tally: Tally = { played: 0, different: 0, deaths: 0, calls: 0, invited: 0, effects: 0, lines: [] };
  const until = performance.now() + budgetMs;
  let office: CrowdOffice | null = null;
  try {
    for (let number = 0; tally.played < histories && performance.now() < until; number += 1) {
      if (!office || number % crowdsPerOffice === 0) {
        await office?.close();
        office = await openCrowdOffice(companyOf(Math.floor(number / crowdsPerOffice)));
      }
      await oneCrowd(office, { ...wanted, seed: seed + number, crowd: Math.min(crowd, histories - tally.played) }, tally);
    }
  } finally {
    await office?.close();
  }
  return tally;
}

async function oneCrowd(office: CrowdOffice, wanted: Wanted, tally: Tally): Promise<void> {
  const random = createSeededRandom(wanted.seed);
  const histories = Array.from({ length: wanted.crowd }, () => inventHistory(random, office.seats.length));
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
    tally.lines.push(...wrong.slice(0, 4), ...(await explain(office, { history, passes, wanted })));
  }
  tally.different += result.errors.length;
  tally.lines.push(...result.errors.slice(0, 3).map((error) => `an error: ${error}`));
  tally.played += histories.length;
  tally.deaths += result.deaths;
  tally.calls += result.calls;
}

function companyOf(number: number): (typeof COMPANIES)[number] {
  const company = COMPANIES[number % COMPANIES.length];
  if (!company) throw new Error('no company to play with');
  return company;
}

/** The shortest history that still shows what is wrong. */
async function explain(
  office: CrowdOffice,
  { history, passes, wanted }: { history: History; passes: readonly number[]; wanted: Wanted },
): Promise<string[]> {
  const { seed, shorterMax } = wanted;
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
  const where = `seed ${seed}${isAlone ? ', cut short' : ', only among the others of its crowd'}: ${office.seats[history.seat]?.kind}`;
  return [where, ...describe(shortest, passes).map((line) => `  ${line}`)];
}
