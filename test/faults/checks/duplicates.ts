import { eq, gt, inArray, max } from 'drizzle-orm';
import { runLane } from '../../../server/jobs/lane.ts';
import { runEffect } from '../../../server/jobs/run-effect.ts';
import { connections, deliveries, effects, webhookEndpoints } from '../../../server/storage/schema.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { castPlayers } from '../histories/cast.ts';
import { rest } from '../histories/play.ts';
import { readTold } from '../histories/read-told.ts';
import { leastOf, tellLeast } from '../least-of.ts';
import { judgeHistory } from '../model.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { COMPANIES, type CrowdOffice, openCrowdOffice } from '../tools/crowd-office.ts';
import type { AtsAct } from '../tools/crowd-people.ts';
import { eachAtOnce } from '../tools/each-at-once.ts';
import { createMailBag } from '../tools/mail-bag.ts';
import { sendAgain } from '../tools/send-again.ts';
import { createShift, doingAbout } from '../tools/shift.ts';
import { type ReceivedRequest, STRAIGHT } from '../tools/still-office.ts';

const ASKED = 20_000;
const BUDGET_MS = { small: 2_000, full: 74_000 };
const CROWD = { small: 10, full: 60 };
const CONNECTIONS = 16;
/** Each step of the end brings what the one before put off; then nothing is left, unless what we do makes new ones for ever. */
const STEPS_MOST = 50;
const MINUTE_MS = 60_000;

const move = (to: 'screen' | 'assessment' | 'onsite'): AtsAct => ({ kind: 'move', to });
/** Much to tell of, and one invitation, two notes and one move that follow from it. */
const ACTS: readonly (AtsAct | 'start' | 'result')[] = [
  ...[move('onsite'), move('screen'), move('onsite'), move('screen'), move('assessment'), 'start' as const, 'result' as const],
];

/** R4: every webhook one to seven times, at once and later, mixed with the others, over 16 connections; and jobs that come again. */
export const duplicates: Check = {
  id: 'R4',
  what: 'duplicate deliveries',
  budgetMs: BUDGET_MS,
  async run(given) {
    const rows: CheckRow[] = [];
    for (const [index, company] of COMPANIES.entries())
      rows.push(await inCompany(company, { ...given, seed: given.seed + index }));
    return rows;
  },
};

async function inCompany(company: (typeof COMPANIES)[number], { seed, size, say }: CheckRun): Promise<CheckRow> {
  const random = createSeededRandom(seed);
  const office = await openCrowdOffice(company, { setUp: { rules: { advanceOnPass: true } } });
  const sum: Sum = {
    arrived: 0,
    sent: 0,
    refused: 0,
    stored: 0,
    invitations: 0,
    notes: 0,
    moves: 0,
    problems: [],
    bySeat: new Map(),
  };
  const wanted = ASKED / COMPANIES.length;
  const until = performance.now() + BUDGET_MS[size] / COMPANIES.length;
  try {
    do await oneCrowd(office, { random, people: CROWD[size], sum });
    while (sum.arrived < wanted && performance.now() < until);
  } finally {
    await office.close();
  }
  for (const problem of sum.problems.slice(0, 6)) say(problem);
  const least = leastOf(wanted, size);
  say(`${company.name}: invitations ${JSON.stringify(Object.fromEntries(sum.bySeat))}`);
  return {
    id: 'R4',
    what: `${company.name}, every vendor: each webhook 1 to 7 times, mixed, over ${CONNECTIONS} connections`,
    asked: `N=${wanted}`,
    reached: `N=${sum.arrived} of ${sum.sent} webhooks, ${sum.stored} stored; ${sum.invitations} invitations, ${sum.notes} notes, ${sum.moves} moves`,
    figure: `D=${sum.problems.length}, not answered 200: ${sum.refused}`,
    target: `D=0${tellLeast(least, 'arrived')}`,
    wrong: sum.problems.length + sum.refused,
    met:
      sum.problems.length + sum.refused === 0 &&
      sum.arrived >= least &&
      sum.arrived > 2 * sum.sent &&
      sum.invitations > 0 &&
      sum.moves > 0,
  };
}

interface Sum {
  arrived: number;
  sent: number;
  refused: number;
  /** Each once, however often it arrived. */
  stored: number;
  invitations: number;
  notes: number;
  moves: number;
  problems: string[];
  bySeat: Map<string, number>;
}

type Request = Omit<ReceivedRequest, 'status'>;

async function oneCrowd(
  office: CrowdOffice,
  { random, people, sum }: { random: SeededRandom; people: number; sum: Sum },
): Promise<void> {
  const { clock } = office;
  const histories = Array.from({ length: people }, (_, number) => ({
    seat: number % office.seats.length,
    sides: [random.pick(['greenhouse', 'lever'] as const)],
    turns: [],
  }));
  const cast = await castPlayers(office, { histories, random });
  const bag = createMailBag(office, { ownerOf: cast.ownerOf });
  const shift = createShift(office, { random, workers: 2, mortality: () => 0 });
  const keys = [...cast.byKey.keys()];
  const { db } = office.server.services;
  // That everybody applied is told, too, and is nobody's here.
  await bag.gather();
  bag.empty();
  const tellsNoId = await findThoseWithoutIds(office);
  const toldOnce = new Set<string>();
  const [before] = await db.select({ id: max(deliveries.id) }).from(deliveries);
  const sentBefore = sum.sent;
  let later: Request[] = [];
  const step = async (seconds: number) => {
    clock.pass(seconds);
    // Reading takes time, too: all of the step is within one minute.
    if (clock.now().getTime() % MINUTE_MS > MINUTE_MS - 5_000) clock.pass(5);
    cast.standAll();
    await bag.gather();
    const fresh = bag.empty();
    sum.sent += fresh.length;
    const copies = fresh.flatMap((request) => Array.from({ length: random.int(0, 6) }, () => request));
    const again = random.some(copies, copies.length);
    const now = random.some([...fresh, ...later, ...again.splice(0, again.length / 2)], Number.POSITIVE_INFINITY);
    later = again;
    sum.arrived += now.length;
    const minute = Math.floor(clock.now().getTime() / MINUTE_MS);
    for (const { path, body } of now) toldOnce.add(`${path} ${body.toString()}${tellsNoId.has(path) ? ` ${minute}` : ''}`);
    // They arrive while the work goes on.
    const [refused] = await Promise.all([post(office, now), shift.work()]);
    sum.refused += refused;
    await shift.work();
    await jobsAgain(office, { random, keys });
  };
  await step(1);
  for (const act of ACTS) {
    for (const player of cast.players) {
      const seat = office.seats[player.history.seat];
      if (act === 'start') seat?.start(player.email);
      else if (act === 'result') seat?.submit(player.email, true);
      else player.applications[0]?.act(act);
    }
    // Long enough for a second look and for the next question to a vendor that does not tell.
    for (const seconds of [31, 31]) await step(seconds);
  }
  for (let steps = 0; later.length > 0; steps += 1) {
    if (steps === STEPS_MOST) throw new Error(`after ${steps} steps webhooks still come: ${later.length} wait`);
    await step(62);
  }
  const stored = await db.$count(deliveries, gt(deliveries.id, before?.id ?? 0));
  sum.stored += stored;
  if (stored !== toldOnce.size)
    sum.problems.push(`${stored} webhooks are stored instead of ${toldOnce.size}, of ${sum.sent - sentBefore} that were sent`);
  await rest(office, { shift, bag, keys, standAll: cast.standAll });
  cast.standAll();
  sum.problems.push(...shift.errors);
  const told = await readTold(office, cast.players);
  for (const [index, one] of told.entries()) {
    const player = cast.players[index];
    const kind = office.seats[player?.history.seat ?? 0]?.kind ?? '';
    const where = `${kind}, ${player?.history.sides[0]}`;
    const notes = one.applications[0]?.notes.length ?? 0;
    const moves = one.effects.filter(
      (effect) => effect.kind === 'move-to-stage' && Object.keys(effect.carriedOut).length > 0,
    ).length;
    const counts = { invitations: one.went.length, notes, moves };
    const expected = { invitations: 1, notes: 2, moves: 1 };
    for (const name of ['invitations', 'notes', 'moves'] as const) {
      sum[name] += counts[name];
      // Not every vendor's word moves somebody on by itself.
      const isRight = name === 'moves' ? counts[name] <= expected[name] : counts[name] === expected[name];
      if (!isRight) sum.problems.push(`${where}: ${counts[name]} ${name} instead of ${expected[name]}`);
    }
    sum.bySeat.set(where, (sum.bySeat.get(where) ?? 0) + one.went.length);
    sum.problems.push(...judgeHistory(one).map((problem) => `${where}: ${problem}`));
  }
}

/** Coderbyte's and HackerRank's webhooks have no id: the same words in another minute may be news, and are stored once more. */
async function findThoseWithoutIds(office: CrowdOffice): Promise<ReadonlySet<string>> {
  const rows = await office.server.services.db
    .select({ token: webhookEndpoints.token })
    .from(webhookEndpoints)
    .innerJoin(connections, eq(connections.id, webhookEndpoints.connectionId))
    .where(inArray(connections.kind, ['coderbyte', 'hackerrank']));
  return new Set(rows.map(({ token }) => `/hooks/${token}`));
}

/** Over sockets, as senders do, and by the way that they go in earnest; how many were not answered 200. */
async function post(office: CrowdOffice, requests: readonly Request[]): Promise<number> {
  const waiting = [...requests];
  let refused = 0;
  const connection = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const kept = Object.fromEntries(Object.entries(one.headers).filter(([name]) => !OF_THE_CONNECTION.includes(name)));
      const headers = { ...kept, [STRAIGHT]: 'yes' };
      const { path, body } = one;
      const answer = await sendAgain(async () => {
        const got = await fetch(`${office.address}${path}`, { method: 'POST', headers, body: Uint8Array.from(body) });
        await got.arrayBuffer();
        return got;
      });
      if (answer.status !== 200) refused += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return refused;
}

/** A queue delivers a job at least once: lanes and effects that were through long ago are run once more. */
async function jobsAgain(office: CrowdOffice, { random, keys }: { random: SeededRandom; keys: string[] }): Promise<void> {
  const { parts, server } = office;
  const ended = await server.services.db
    .select({ id: effects.id, kind: effects.kind, applicationKey: effects.applicationKey })
    .from(effects)
    .where(inArray(effects.applicationKey, keys));
  await eachAtOnce(random.some(ended, AGAIN), CONNECTIONS, ({ id, kind, applicationKey }) =>
    doingAbout({ applicationKey, effectId: id, kind }, () => runEffect(parts, id)),
  );
  await eachAtOnce(random.some(keys, AGAIN), CONNECTIONS, (applicationKey) =>
    doingAbout({ applicationKey, effectId: null, kind: null }, () => runLane(parts, applicationKey)),
  );
}

const AGAIN = 8;
const OF_THE_CONNECTION = ['host', 'connection', 'content-length', 'transfer-encoding'];
