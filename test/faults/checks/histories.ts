import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { describe, type History, inventHistory, PASSES, shorter, TURNS } from '../histories/history.ts';
import { play } from '../histories/play.ts';
import { judgeHistory } from '../model.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { COMPANIES, type CrowdOffice, openCrowdOffice } from '../tools/crowd-office.ts';

const ASKED = 10_000;
const CROWD = { small: 40, full: 100 };
/** Histories of each size, and how long they may take in all: what fits is played, and what did not fit is said. */
const SIZES = { small: { histories: 160, budgetMs: 8_000 }, full: { histories: ASKED, budgetMs: 120_000 } };
/** Of shorter histories that are tried to see where a difference comes from. */
const SHORTER_MAX = { small: 6, full: 40 };
const SHOWN = { small: 1, full: 3 };

/** R18: random histories on the real store, relay, lanes, effects and adapters, held against the model. */
export const histories: Check = {
  id: 'R18',
  what: 'random histories against the model',
  run: async (given) => [await playAll(given)],
};

async function playAll({ seed, size, say }: CheckRun): Promise<CheckRow> {
  const { histories: wanted, budgetMs } = SIZES[size];
  const startedAt = performance.now();
  let [played, deaths, calls, different, invited, sends] = [0, 0, 0, 0, 0, 0];
  let crowd = 0;
  let office: CrowdOffice | null = null;
  let perOffice = 0;
  try {
    while (played < wanted && performance.now() - startedAt < budgetMs) {
      // A store and a world that have seen many are slow, and not what this is about.
      if (!office || perOffice >= 4) {
        await office?.close();
        office = await openCrowdOffice(companyOf(Math.floor(crowd / 4)));
        perOffice = 0;
      }
      if (size === 'small' && crowd === 1) {
        await office.close();
        office = await openCrowdOffice(companyOf(1));
      }
      const random = createSeededRandom(seed + crowd);
      const seats = office.seats.length;
      const invented = Array.from({ length: Math.min(CROWD[size], wanted - played) }, () => inventHistory(random, seats));
      const passes = Array.from({ length: TURNS }, () => random.pick(PASSES));
      const result = await play(office, { histories: invented, passes, random });
      for (const [index, told] of result.told.entries()) {
        const wrong = judgeHistory(told);
        const history = invented[index];
        invited += told.went.length;
        sends += told.effects.length;
        if (wrong.length === 0 || !history) continue;
        different += 1;
        if (different <= SHOWN[size])
          await show({ office, history, passes, seed: seed + crowd, wrong, say, most: SHORTER_MAX[size] });
      }
      different += result.errors.length;
      for (const error of result.errors.slice(0, 3)) say(`an error: ${error}`);
      played += invented.length;
      deaths += result.deaths;
      calls += result.calls;
      crowd += 1;
      perOffice += 1;
    }
  } finally {
    await office?.close();
  }
  say(`${played} histories: ${sends} effects, ${invited} invitations went out, ${deaths} crashes, ${calls} calls outside`);
  return {
    id: 'R18',
    what: 'random histories of clicks, webhooks, polls, crashes, undo and time, real store and adapters, against test/faults/model.ts',
    asked: `${ASKED} histories`,
    reached: `${played} histories, ${deaths} crashes, ${sends} effects`,
    figure: `${different} differences`,
    target: '0',
    met: different === 0 && played >= CROWD[size] && invited > played / 10 && deaths > played / 10,
  };
}

function companyOf(number: number): (typeof COMPANIES)[number] {
  const company = COMPANIES[number % COMPANIES.length];
  if (!company) throw new Error('no company to play with');
  return company;
}

interface Difference {
  office: CrowdOffice;
  history: History;
  passes: readonly number[];
  seed: number;
  wrong: readonly string[];
  say(line: string): void;
  /** Shorter ones that are tried. */
  most: number;
}

/** Prints what is wrong, and the shortest history that still shows it. */
async function show({ office, history, passes, seed, wrong, say, most }: Difference): Promise<void> {
  for (const one of wrong.slice(0, 4)) say(one);
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
      if (tries > most) break;
      if (!(await stillWrong(candidate))) continue;
      shortest = candidate;
      found = true;
      break;
    }
  }
  say(`seed ${seed}${isAlone ? ', cut short' : ', only among the others of its crowd'}: ${office.seats[history.seat]?.kind}`);
  for (const line of describe(shortest, passes)) say(`  ${line}`);
}
