import { eq } from 'drizzle-orm';
import { sweep } from '../../../server/jobs/sweep.ts';
import { connections } from '../../../server/storage/schema.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { castPlayers, type Player } from '../histories/cast.ts';
import { rest } from '../histories/play.ts';
import { readTold } from '../histories/read-told.ts';
import { judgeHistory } from '../model.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { COMPANIES, type CrowdOffice, openCrowdOffice } from '../tools/crowd-office.ts';
import { createMailBag } from '../tools/mail-bag.ts';
import { createShift } from '../tools/shift.ts';
import { createTimeGoesOn } from '../tools/time-goes-on.ts';

const BUDGET_MS = { small: 8_000, full: 60_000 };
const CROWD = { small: 20, full: 30 };
const OUTAGE_SECONDS = [60, 1800, 6 * 3600];

interface Tally {
  people: number;
  sweeps: number;
  found: number;
  webhooks: number;
  duplicates: string[];
  lost: string[];
}

/** R19: the sweep finds just the people whose webhooks arrive at that moment. */
export const backfill: Check = {
  id: 'R19',
  what: 'backfill beside live webhooks',
  budgetMs: BUDGET_MS,
  async run(given) {
    const rows: CheckRow[] = [];
    for (const [index, company] of COMPANIES.slice(0, given.size === 'small' ? 1 : 2).entries())
      rows.push(await inCompany(company, { ...given, seed: given.seed + index }));
    return rows;
  },
};

async function inCompany(company: (typeof COMPANIES)[number], { seed, size, say }: CheckRun): Promise<CheckRow> {
  const random = createSeededRandom(seed);
  const tally: Tally = { people: 0, sweeps: 0, found: 0, webhooks: 0, duplicates: [], lost: [] };
  const office = await openCrowdOffice(company, { setUp: { rules: { advanceOnPass: true } } });
  const until = performance.now() + (size === 'small' ? BUDGET_MS.small : BUDGET_MS.full / COMPANIES.length);
  let crowds = 0;
  try {
    do {
      // The first look after switching on has no cursor; later ones find a gap.
      await oneCrowd(office, { random, tally, people: CROWD[size], isFirst: crowds % 2 === 0 });
      crowds += 1;
    } while (performance.now() < until);
  } finally {
    await office.close();
  }
  for (const problem of [...tally.duplicates, ...tally.lost].slice(0, 6)) say(problem);
  return {
    id: 'R19',
    what: `${company.name}, every vendor: first sweeps and sweeps after an outage, two of each connection at once, while the webhooks of the same people arrive and two workers work`,
    asked: 'the same candidates',
    reached: `${tally.people} people in ${crowds} crowds, ${tally.sweeps} sweeps found ${tally.found}, ${tally.webhooks} webhooks meanwhile`,
    figure: `D=${tally.duplicates.length} invitations, notes, moves, entries; L=${tally.lost.length}`,
    target: 'D=0, L=0',
    wrong: tally.duplicates.length + tally.lost.length,
    met: tally.duplicates.length + tally.lost.length === 0 && tally.found >= tally.people && tally.webhooks >= tally.people,
  };
}

async function oneCrowd(
  office: CrowdOffice,
  given: { random: SeededRandom; tally: Tally; people: number; isFirst: boolean },
): Promise<void> {
  const { random, tally, people, isFirst } = given;
  const { clock, company, parts, server } = office;
  const histories = Array.from({ length: people }, () => ({
    seat: random.int(0, office.seats.length - 1),
    sides: [random.pick(['greenhouse', 'lever'] as const)],
    turns: [],
  }));
  const cast = await castPlayers(office, { histories, random });
  const bag = createMailBag(office, { ownerOf: cast.ownerOf });
  const shift = createShift(office, { random, workers: 2, mortality: () => 0 });
  const ids = [company.connections.greenhouse.id, company.connections.lever.id];
  const seatOf = ({ history }: Player) => office.seats[history.seat];
  const settle = createTimeGoesOn(office, { cast, bag, shift });
  /** What waits in the bag arrives, some of it again and again, while both connections are swept twice and the lanes are worked off. */
  const allAtOnce = async () => {
    cast.standAll();
    await bag.gather();
    let isOver = false;
    const sweeps = [...ids, ...ids].map(async (id) => {
      tally.found += await sweep(parts, id);
      tally.sweeps += 1;
    });
    const arriving = bag.empty();
    const again = random.some(arriving, Math.ceil(arriving.length / 3));
    tally.webhooks += arriving.length + again.length;
    const webhooks = Promise.all(random.some([...arriving, ...again], Number.POSITIVE_INFINITY).map((one) => bag.handIn(one)));
    const work = (async () => {
      while (!isOver) await shift.work();
    })();
    const ended = await Promise.allSettled([...sweeps, webhooks]);
    isOver = true;
    await work;
    const broken = ended.flatMap((one) => (one.status === 'rejected' ? [`broke: ${describe(one.reason)}`] : []));
    tally.lost.push(...broken);
    await shift.work();
  };
  const forget = () =>
    isFirst ? server.services.db.update(connections).set({ sweepCursor: null }).where(eq(connections.side, 'ats')) : null;

  await settle(1);
  for (const player of cast.players) player.applications[0]?.act({ kind: 'move', to: 'assessment' });
  clock.pass(isFirst ? 1 : random.pick(OUTAGE_SECONDS));
  await forget();
  await allAtOnce();
  for (const player of cast.players) seatOf(player)?.start(player.email);
  clock.pass(62);
  await allAtOnce();
  for (const player of random.some(cast.players, people / 4)) player.applications[0]?.act({ kind: 'end' });
  clock.pass(random.pick(OUTAGE_SECONDS));
  // Not held for hours: vendors sign the time, and sign anew when they try again.
  for (const player of cast.players) seatOf(player)?.submit(player.email, random.chance(0.7));
  clock.pass(30);
  await forget();
  await allAtOnce();
  await rest(office, { shift, bag, keys: [...cast.byKey.keys()], standAll: cast.standAll });
  cast.standAll();
  const told = await readTold(office, cast.players);
  tally.people += people;
  for (const [index, one] of told.entries()) {
    const player = cast.players[index];
    if (!player) continue;
    const where = `${seatOf(player)?.kind}, ${player.history.sides[0]}`;
    for (const problem of judgeHistory(one))
      (/once|twice|no note|one open/.test(problem) ? tally.duplicates : tally.lost).push(`${where}: ${problem}`);
    if (player.went.length === 0) tally.lost.push(`${where}: stood in the assessment stage and was not invited`);
  }
  tally.lost.push(...shift.errors.map((error) => `an error of our own: ${error}`));
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.message.slice(0, 300)} ${String(error.cause ?? '')}` : String(error);
}
