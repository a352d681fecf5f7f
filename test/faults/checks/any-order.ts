import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { castPlayers, type Player } from '../histories/cast.ts';
import { rest } from '../histories/play.ts';
import { readTold } from '../histories/read-told.ts';
import { leastOf, tellLeast } from '../least-of.ts';
import { judgeHistory } from '../model.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { COMPANIES, type CrowdOffice, openCrowdOffice } from '../tools/crowd-office.ts';
import type { AtsAct } from '../tools/crowd-people.ts';
import { createMailBag } from '../tools/mail-bag.ts';
import { createShift } from '../tools/shift.ts';
import { createTimeGoesOn } from '../tools/time-goes-on.ts';

const BUDGET_MS = { small: 2_000, full: 74_000 };
const CROWD = { small: 20, full: 120 };

type Happening = AtsAct | 'start' | 'result';
const move = (to: 'screen' | 'assessment' | 'onsite'): AtsAct => ({ kind: 'move', to });

/** What happens to one application; its hints are told in every order there is. `invited`: the invitation is out before. */
const STORIES: { name: string; invited: boolean; happens: Happening[] }[] = [
  {
    name: 'A-B-A-C-A and archived',
    invited: false,
    happens: [move('assessment'), move('screen'), move('assessment'), move('onsite'), move('assessment'), { kind: 'end' }],
  },
  { name: 'A-B-A stays', invited: false, happens: [move('assessment'), move('screen'), move('assessment')] },
  {
    name: 'result before start, moved and archived',
    invited: true,
    happens: ['start', 'result', move('onsite'), move('assessment'), { kind: 'end' }],
  },
  { name: 'deleted first', invited: true, happens: [move('screen'), move('assessment'), 'start', { kind: 'delete' }] },
];

interface Case {
  /** Of the order, among those of all stories. */
  number: number;
  story: (typeof STORIES)[number];
  /** Places of the hints. */
  order: number[];
  side: 'greenhouse' | 'lever';
  seat: number;
  /** Everything has happened before the first hint comes; otherwise a hint comes as soon as it may. */
  late: boolean;
}

/** R5: the hints of one application in any order, two workers at once. */
export const anyOrder: Check = {
  id: 'R5',
  what: 'hints in any order',
  budgetMs: BUDGET_MS,
  async run(given) {
    const rows: CheckRow[] = [];
    for (const [index, company] of COMPANIES.entries())
      rows.push(await inCompany(company, { ...given, seed: given.seed + index, half: index }));
    return rows;
  },
};

async function inCompany(
  company: (typeof COMPANIES)[number],
  { seed, size, say, half }: CheckRun & { half: number },
): Promise<CheckRow> {
  const random = createSeededRandom(seed);
  const office = await openCrowdOffice(company);
  office.world.greenhouse.change({ reentry: random.pick(['overwrite', 'new-row']) });
  const problems: string[] = [];
  const until = performance.now() + BUDGET_MS[size] / COMPANIES.length;
  let [played, hints, entries] = [0, 0, 0];
  const orders = new Set<number>();
  let ofHalf = 0;
  try {
    const all = mixed(casesOf(office), { random, half });
    ofHalf = new Set(all.map(({ number }) => number).filter((number) => isOfHalf(number, half))).size;
    do {
      const cases = all.splice(0, CROWD[size]);
      const result = await playCases(office, { cases, random });
      played += cases.length;
      for (const { number } of cases) orders.add(number);
      hints += result.hints;
      entries += result.entries;
      problems.push(...result.problems);
    } while (all.length > 0 && performance.now() < until);
  } finally {
    await office.close();
  }
  for (const problem of problems.slice(0, 6)) say(problem);
  const own = [...orders].filter((number) => isOfHalf(number, half)).length;
  const least = leastOf(ofHalf, size);
  return {
    id: 'R5',
    what: `${company.name}, every vendor: ${STORIES.map(({ name }) => name).join('; ')}; all orders, two workers at once`,
    asked: `${ofHalf} orders, which is every second one; the other company has the others`,
    reached: `${own} of them and ${orders.size - own} of the others, in ${played} applications, ${hints} hints, ${entries} stage entries decided`,
    figure: `wrong final states or entries decided otherwise than once: ${problems.length}`,
    target: `0${tellLeast(least, 'of these orders')}`,
    wrong: problems.length,
    met: problems.length === 0 && own >= least && hints > played && entries > played,
  };
}

/** Each order at both ATSs, with all hints late or not. */
function casesOf(office: CrowdOffice): Case[] {
  let seat = 0;
  return STORIES.flatMap((story) => ordersOf(story.happens.map((_, index) => index)).map((order) => ({ story, order }))).flatMap(
    (one, number) =>
      (['greenhouse', 'lever'] as const).flatMap((side) =>
        [true, false].map((late): Case => {
          seat = (seat + 1) % office.seats.length;
          return { ...one, number, side, seat, late };
        }),
      ),
  );
}

const isOfHalf = (number: number, half: number) => number % COMPANIES.length === half;

/** Each order of this half once, then whatever there is time for. */
function mixed(cases: readonly Case[], { random, half }: { random: SeededRandom; half: number }): Case[] {
  const all = random.some(cases, cases.length);
  const seen = new Set<number>();
  const first = all.filter(({ number }) => isOfHalf(number, half) && !seen.has(number) && seen.add(number));
  return [...first, ...all.filter((one) => !first.includes(one))];
}

function ordersOf(places: readonly number[]): number[][] {
  if (places.length === 0) return [[]];
  return places.flatMap((first) => ordersOf(places.filter((one) => one !== first)).map((others) => [first, ...others]));
}

async function playCases(office: CrowdOffice, { cases, random }: { cases: readonly Case[]; random: SeededRandom }) {
  const { clock } = office;
  const histories = cases.map(({ seat, side }) => ({ seat, sides: [side], turns: [] }));
  const cast = await castPlayers(office, { histories, random });
  const caseOf = new Map(cast.players.map((player, index) => [player, cases[index]]));
  const bag = createMailBag(office, { ownerOf: cast.ownerOf });
  const shift = createShift(office, { random, workers: 2, mortality: () => 0 });
  const step = createTimeGoesOn(office, { cast, bag, shift });
  await step(1);
  for (const [player, one] of caseOf) if (one?.story.invited) player.applications[0]?.act(move('assessment'));
  for (const seconds of [1, 12, 31]) await step(seconds);
  // What each happening was told by: its webhooks, in the order of the happenings.
  const told = new Map<Player, { happened: number; hints: ReturnType<typeof bag.empty>[]; next: number }>();
  for (const player of cast.players) told.set(player, { happened: 0, hints: [], next: 0 });
  const happen = async (isDue: (one: Case) => boolean) => {
    for (const [player, one] of caseOf) {
      const state = told.get(player);
      if (!one || !state || !isDue(one)) continue;
      const happening = one.story.happens[state.happened];
      if (happening === undefined) continue;
      act(office, player, happening);
      state.happened += 1;
      state.hints.push([]);
    }
    clock.pass(2);
    cast.standAll();
    await bag.gather();
    for (const request of bag.empty()) {
      const player = cast.ownerOf(request.body.toString());
      const state = player && told.get(player);
      // Of somebody nobody knows, or of what we did ourselves: at once.
      if (!state || state.hints.length === 0) await bag.handIn(request);
      else state.hints.at(-1)?.push(request);
    }
  };
  const steps = Math.max(...STORIES.map(({ happens }) => happens.length));
  for (let index = 0; index < steps; index += 1) await happen(({ late }) => late);
  let hints = 0;
  for (let index = 0; index < steps; index += 1) {
    await happen(({ late }) => !late);
    for (const [player, one] of caseOf) {
      const state = told.get(player);
      // In the order wanted, as far as it has happened: who waits for a later one is passed by.
      for (const place of one?.order.slice(0, index + 1) ?? []) {
        const waiting = state?.hints[place]?.splice(0) ?? [];
        for (const request of waiting) await bag.handIn(request);
        hints += waiting.length;
      }
    }
    await shift.work();
  }
  await rest(office, { shift, bag, keys: [...cast.byKey.keys()], standAll: cast.standAll });
  cast.standAll();
  const all = await readTold(office, cast.players);
  const problems = all.flatMap((one, index) =>
    judgeHistory(one).map((problem) => {
      const { story, order, side, late, seat } = cases[index] ?? {};
      return `${side}, ${office.seats[seat ?? 0]?.kind}, ${story?.name}, ${order?.join('')}${late ? ' afterwards' : ''}: ${problem}`;
    }),
  );
  problems.push(...shift.errors);
  const entries = all.reduce((sum, { applications }) => sum + (applications[0]?.decided.length ?? 0), 0);
  return { problems, hints, entries };
}

function act(office: CrowdOffice, player: Player, happening: Happening): void {
  const seat = office.seats[player.history.seat];
  if (happening === 'start') seat?.start(player.email);
  else if (happening === 'result') seat?.submit(player.email, true);
  else player.applications[0]?.act(happening);
}
