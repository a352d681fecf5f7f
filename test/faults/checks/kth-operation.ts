import { randomUUID } from 'node:crypto';
import { desc, eq, sql } from 'drizzle-orm';
import type { Member } from '../../../lib/domain/member.ts';
import { ApiError } from '../../../server/http/api-error.ts';
import { undoHeld } from '../../../server/http/give-command.ts';
import { raiseHint } from '../../../server/jobs/delivery-hints.ts';
import { sweep } from '../../../server/jobs/sweep.ts';
import { inputs, invitations } from '../../../server/storage/schema.ts';
import type { Input } from '../../../server/workflow/input.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { castPlayers, type Player } from '../histories/cast.ts';
import { noteErased } from '../histories/play.ts';
import { readTold } from '../histories/read-told.ts';
import { judgeHistory } from '../model.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { COMPANIES, type CrowdOffice, openCrowdOffice } from '../tools/crowd-office.ts';
import { FaultyPool, isInjected, type StatementFault } from '../tools/faulty-pool.ts';
import { createMailBag } from '../tools/mail-bag.ts';
import { createShift, doingAbout, underWay } from '../tools/shift.ts';

const BUDGET_MS = { small: 9_000, full: 72_000 };
const CROWD = { small: 20, full: 30 };
const LEAST = { small: 30, full: 300 };
/** Of a crowd, those in whose job nothing fails. */
const SPARED = 0.1;
/** Of the others in each chapter, those whose operations are counted from their first write outside on: what came of it is being recorded. */
const AFTER_WRITE = 0.3;
const RECORDING = 7;

type How = 'instead' | 'answer lost';

/** The k-th operation about one person within one chapter of the job. */
interface Fault {
  k: number;
  how: How;
  afterWrite?: true;
}

interface Tally {
  statements: number;
  calls: number;
  chores: number;
  /** Chapters that were over before there was a k-th operation. */
  clean: number;
  spared: number;
  /** Distinct chapters, k and ways that failed. */
  seen: Set<string>;
  problems: string[];
}

/** By chapter: which faults are still to come, in no order; all of them again when they are used up. */
interface Plan {
  /** The most operations that a job without a fault had in it. */
  operations: Map<string, number>;
  left: Map<string, Fault[]>;
}

/** R3: the k-th operation of each chapter of the main job fails, for every k until there is no k-th any more. */
export const kthOperation: Check = {
  id: 'R3',
  what: 'a fault at the k-th operation',
  budgetMs: BUDGET_MS,
  async run(given) {
    const rows: CheckRow[] = [];
    // The second company differs by its ways to its ATSs alone.
    for (const [index, company] of COMPANIES.slice(0, given.size === 'small' ? 1 : 2).entries())
      rows.push(await inCompany(company, { ...given, seed: given.seed + index }));
    return rows;
  },
};

async function inCompany(company: (typeof COMPANIES)[number], { seed, size, say }: CheckRun): Promise<CheckRow> {
  const random = createSeededRandom(seed);
  const tally: Tally = { statements: 0, calls: 0, chores: 0, clean: 0, spared: 0, seen: new Set(), problems: [] };
  const faults: Faults = { ofStatement: () => null };
  const office = await openCrowdOffice(company, {
    setUp: { rules: { advanceOnPass: true } },
    makePool: (config) => new FaultyPool({ ...config, faultOf: (statement) => faults.ofStatement(statement) }),
  });
  const jobs = office.seats.flatMap((_, seat) => (['greenhouse', 'lever'] as const).map((side) => ({ seat, side })));
  const budgetMs = size === 'small' ? BUDGET_MS.small : BUDGET_MS.full / COMPANIES.length;
  const least = LEAST[size] / (size === 'full' ? COMPANIES.length : 1);
  const until = performance.now() + budgetMs;
  const plan: Plan = { operations: new Map(), left: new Map() };
  let crowds = 0;
  try {
    await oneCrowd(office, { ...{ faults, random, tally, plan }, jobs, isCounting: true });
    do {
      const some = Array.from({ length: CROWD[size] }, () => random.pick(jobs));
      await oneCrowd(office, { ...{ faults, random, tally, plan }, jobs: some, isCounting: false });
      crowds += 1;
    } while (performance.now() < (tally.statements + tally.calls < least ? until + budgetMs : until));
  } finally {
    await office.close();
  }
  const counts = [...plan.operations].map(([chapter, most]) => `${chapter} ${most}`);
  say(`${company.name}: operations of a person's chapters without a fault, at most: ${counts.join(', ')}`);
  for (const problem of tally.problems.slice(0, 6)) say(problem);
  const reached = tally.statements + tally.calls;
  const asked = [...plan.operations.values()].reduce((sum, most) => sum + 2 * most, 0);
  return {
    id: 'R3',
    what: `${company.name}, every vendor: send, result, note, move, undo, cancel, erasure; the k-th statement or call about a person in each of them fails, or only its answer is lost`,
    asked: `K>=${LEAST.full}, every k of every chapter both ways (${asked})`,
    reached: `K=${reached} (${tally.statements} statements, ${tally.calls} calls), ${tally.seen.size} different ones, in ${crowds} crowds of ${CROWD[size]}; ${tally.clean} chapters had no k-th any more; ${tally.chores} statements of chores besides; no file is written in this job`,
    figure: `violations ${tally.problems.length}, jobs in which nothing failed ${tally.spared} and whole`,
    // The other company has the other half.
    target: `0; K>=${least} here${size === 'full' ? `, ${LEAST.full} in both` : ''}`,
    wrong: tally.problems.length,
    met: tally.problems.length === 0 && reached >= least && tally.calls > 0 && tally.spared > 0,
  };
}

interface Faults {
  ofStatement(statement: string): StatementFault | null;
}

function takeFault({ operations, left }: Plan, chapter: string, random: SeededRandom): Fault {
  if (random.chance(AFTER_WRITE))
    return { k: random.int(1, RECORDING), how: random.pick(['instead', 'answer lost']), afterWrite: true };
  const fault = left.get(chapter)?.pop();
  if (fault) return fault;
  // A little beyond the last: a chapter after a fault is longer than one without.
  const all = Array.from({ length: (operations.get(chapter) ?? 0) + 5 }, (_, at): Fault[] => [
    { k: at + 1, how: 'instead' },
    { k: at + 1, how: 'answer lost' },
  ]).flat();
  left.set(chapter, random.some(all, all.length));
  return takeFault({ operations, left }, chapter, random);
}

interface Crowd {
  jobs: readonly { seat: number; side: 'greenhouse' | 'lever' }[];
  /** Nothing fails, and it is counted how many operations each chapter has. */
  isCounting: boolean;
  faults: Faults;
  plan: Plan;
  random: SeededRandom;
  tally: Tally;
}

/** Plays the job for all of them side by side. */
async function oneCrowd(office: CrowdOffice, given: Crowd): Promise<void> {
  const { jobs, isCounting, faults, plan, random, tally } = given;
  const { clock, outside, server } = office;
  const { db } = server.services;
  const histories = jobs.map(({ seat, side }) => ({ seat, sides: [side], turns: [] }));
  const cast = await castPlayers(office, { histories, random });
  const spared = new Set(isCounting ? cast.players : cast.players.filter((_, index) => index === 0 || random.chance(SPARED)));
  const count = new Map<Player, number>();
  const fault = new Map<Player, Fault>();
  const wrote = new Set<Player>();
  const failed = new Map<Player, string[]>();
  let chapter = '';
  let choreIn = Number.POSITIVE_INFINITY;

  const endChapter = () => {
    for (const [player, operations] of count) {
      if (isCounting) plan.operations.set(chapter, Math.max(plan.operations.get(chapter) ?? 0, operations));
      if (operations < (fault.get(player)?.k ?? 0)) tally.clean += 1;
    }
    count.clear();
    fault.clear();
    wrote.clear();
  };
  const begin = (name: string) => {
    endChapter();
    chapter = name;
    for (const player of cast.players) if (!spared.has(player)) fault.set(player, takeFault(plan, name, random));
  };
  /** Counts an operation; its fault when it is the one that fails. */
  const isKth = (what: string, isWrite = false): Fault | null => {
    const player = cast.byKey.get(underWay()?.applicationKey ?? '');
    if (!player) return null;
    const isCounted = !fault.get(player)?.afterWrite || wrote.has(player);
    if (isWrite) wrote.add(player);
    if (!isCounted) return null;
    const number = (count.get(player) ?? 0) + 1;
    count.set(player, number);
    const mine = fault.get(player);
    if (number !== mine?.k) return null;
    const where = `${chapter} ${number}${mine.afterWrite ? ' after a write' : ''}`;
    failed.set(player, [...(failed.get(player) ?? []), `${where} (${what}) ${mine.how}`]);
    tally.seen.add(`${where} ${mine.how}`);
    return mine;
  };
  const shortly = (statement: string) => statement.replaceAll('"', '').replace(/\s+/g, ' ').slice(0, 70);
  faults.ofStatement = (statement) => {
    if (!underWay()) {
      choreIn -= 1;
      if (choreIn !== 0) return null;
      tally.chores += 1;
      return random.pick(['refused', 'cut before', 'cut after'] as const);
    }
    const mine = isKth(shortly(statement));
    if (!mine) return null;
    tally.statements += 1;
    return mine.how === 'instead' ? random.pick(['refused', 'cut before'] as const) : 'cut after';
  };
  const callFails = (what: string, isWrite: boolean) => {
    const mine = isKth(what, isWrite);
    if (!mine) return 'fair';
    tally.calls += 1;
    return mine.how === 'instead' ? 'unreached' : 'lost';
  };
  outside.weatherOf = ({ method, path, request }) => callFails(`${method} ${path}`, request.write);
  outside.mailWeather = () => callFails('a mail', true);

  const bag = createMailBag(office, { ownerOf: cast.ownerOf });
  const shift = createShift(office, { random, workers: 1, mortality: () => 0 });
  const goOn = async (...passes: number[]) => {
    for (const seconds of passes) {
      clock.pass(seconds);
      cast.standAll();
      await bag.deliver(() => 'now');
      choreIn = isCounting ? Number.POSITIVE_INFINITY : random.int(1, 25);
      await shift.work();
      const hasFailed = choreIn <= 0;
      choreIn = Number.POSITIVE_INFINITY;
      if (hasFailed) await shift.work();
    }
  };
  const seatOf = ({ history }: Player) => office.seats[history.seat];
  const each = (act: (player: Player) => unknown) => Promise.all(cast.players.map(act));

  begin('apply');
  await goOn(1);
  begin('send');
  await each(({ applications }) => applications[0]?.act({ kind: 'move', to: 'assessment' }));
  await goOn(1, 12, 31);
  begin('start');
  await each((player) => seatOf(player)?.start(player.email));
  await goOn(62);
  begin('result, note and move');
  await each((player) => seatOf(player)?.submit(player.email, true));
  await goOn(62, 20);
  begin('retake and undo');
  await each((player) => click(office, player, 'retake'));
  await goOn(1);
  const heldUp = new Set<Player>();
  await each(async (player) => {
    if (!(await undo(office, player, tally.problems))) heldUp.add(player);
  });
  await goOn(12);
  begin('retake');
  await each((player) => click(office, player, 'retake'));
  await goOn(1, 12, 20);
  begin('cancel');
  await each((player) => click(office, player, 'cancel'));
  await goOn(1, 31);
  endChapter();
  const settle = async () => {
    await comeToCalm(office, { goOn, keys: [...cast.byKey.keys()] });
    cast.standAll();
    await noteErased(office, cast.players);
  };
  await settle();
  const alive = await readTold(office, cast.players);
  const lived = alive.map(judgeHistory);
  begin('erasure');
  await each(({ applications }) => applications[0]?.act({ kind: 'delete' }));
  await goOn(1, 31);
  endChapter();
  // Whose list of the deleted could not be read at that moment is found by the next sweep, which looks at it again.
  for (const { id } of Object.values(office.company.connections)) await sweep(office.parts, id);
  await settle();
  const erased = (await readTold(office, cast.players)).map((told) =>
    judgeHistory(told).filter((problem) => OF_THE_ERASED.some((rule) => problem.startsWith(rule))),
  );

  for (const [index, player] of cast.players.entries()) {
    const kept = player.applications.some(({ erasedAtMs }) => erasedAtMs === null) ? ['deleted, and not erased'] : [];
    const wrong = new Set([...(lived[index] ?? ['nothing is told']), ...(erased[index] ?? []), ...kept]);
    if (spared.has(player)) {
      // Without a fault all of it came to be, or the check would be blind for what it does not reach.
      if (!isCounting) tally.spared += 1;
      const states = alive[index]?.invitations.map(({ state }) => state) ?? [];
      const isWhole = states.length === 3 && states.includes('undone') && player.went.length === 2;
      // Its effect was begun or recorded with the same statement as those of others, and that one was cut off.
      // Or the statement of its round failed with another's: the retake was held too late to be undone, and went out.
      const isCutOff = (alive[index]?.effects ?? []).some(({ state }) => state === 'unconfirmed');
      const shared = !isCounting && (isCutOff || heldUp.has(player));
      if (!isWhole && !shared) wrong.add(`the job is not whole: ${states.join(', ')}, sent ${player.went.length} times`);
    }
    const where = `${seatOf(player)?.kind}, ${jobs[index]?.side}, ${failed.get(player)?.join('; ') ?? 'no fault'}`;
    tally.problems.push(...[...wrong].map((problem) => `${problem}: ${where}`));
  }
  tally.problems.push(...shift.errors.filter((error) => !isInjected(error)).map((error) => `an error of our own: ${error}`));
  if (!(await isAllRelayed(db))) tally.problems.push('a delivery was left');
}

/** What can still be said of somebody of whom nothing is kept. */
const OF_THE_ERASED = ['no effect after erasure', 'in the end we believe', 'every acknowledged delivery'];
const CALM_TURNS_MAX = 14;

/** Until nothing is due and nothing is left to look at; a sweep's hint comes first, because of a tag no webhook tells. */
async function comeToCalm(
  { server: { services }, clock }: CrowdOffice,
  { goOn, keys }: { goOn(...passes: number[]): Promise<void>; keys: string[] },
): Promise<void> {
  const { db } = services;
  await db.transaction((tx) => raiseHint(tx, keys));
  for (let turn = 0; turn < CALM_TURNS_MAX; turn += 1) {
    await goOn(turn < 5 ? 31 : 301);
    const now = clock.now();
    const { rows } = await db.execute(sql`
      select 1 from tagalong.applications where hinted > handled or read_trouble is not null or lease_until > ${now}
      union all select 1 from tagalong.effects where state in ('queued', 'calling')
      union all select 1 from tagalong.erasures where finished_at is null
      union all select 1 from tagalong.inputs where handled_at is null limit 1`);
    if (rows.length === 0) return;
  }
}

async function isAllRelayed(db: CrowdOffice['server']['services']['db']): Promise<boolean> {
  const { rows } = await db.execute(`select 1 from tagalong.deliveries where relayed_at is null limit 1`);
  return rows.length === 0;
}

/** Retake or cancel, of the newest invitation, as the route stores it. */
async function click(office: CrowdOffice, player: Player, what: 'retake' | 'cancel'): Promise<void> {
  const { company, clock, server, seats, woken } = office;
  const { db } = server.services;
  const [application] = player.applications;
  const newest = application && (await newestOf(office, application.key));
  const assessmentId = seats[player.history.seat]?.assessmentId;
  if (!application || !newest || !assessmentId) return;
  const { member } = company;
  const by = { kind: 'member' as const, memberId: member.id, name: member.name };
  const actionId = randomUUID();
  const clickedAt = clock.now().toISOString();
  const input: Input =
    what === 'cancel'
      ? { kind: 'cancel', invitationId: newest.id, by }
      : { kind: 'send', actionId, by, assessmentId, email: null, options: {}, retake: true, clickedAt };
  await db
    .insert(inputs)
    .values({ applicationKey: application.key, key: `action:${actionId}`, input: { ...input }, createdAt: clock.now() });
  woken.add(application.key);
}

/** By the code of the route; whoever gets an error clicks again, with the same action id, as the extension does. */
/** Whether there was something to undo. */
async function undo(office: CrowdOffice, player: Player, problems: string[]): Promise<boolean> {
  const [application] = player.applications;
  const newest = application && (await newestOf(office, application.key));
  if (!application || newest?.state !== 'held') return false;
  const member = office.company.member as Member;
  const actionId = randomUUID();
  const { key } = application;
  for (let time = 0; time < 3; time += 1) {
    try {
      await doingAbout({ applicationKey: key, effectId: null, kind: null }, () =>
        undoHeld(office.parts, { key, actionId, invitationId: newest.id, member }),
      );
      return true;
    } catch (error) {
      const said = String(error instanceof Error ? (error.cause ?? error) : error);
      if (!(error instanceof ApiError) && !isInjected(said)) problems.push(`undo: ${said}`);
    }
  }
  return true;
}

async function newestOf(office: CrowdOffice, key: string) {
  const [newest] = await office.server.services.db
    .select({ id: invitations.id, state: invitations.state })
    .from(invitations)
    .where(eq(invitations.applicationKey, key))
    .orderBy(desc(invitations.createdAt))
    .limit(1);
  return newest;
}
