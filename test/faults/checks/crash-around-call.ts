import { randomUUID } from 'node:crypto';
import { eq, inArray } from 'drizzle-orm';
import type { ApplicationChange } from '../../../lib/domain/application-change.ts';
import { applications, inputs, invitations } from '../../../server/storage/schema.ts';
import type { EffectKind } from '../../../server/workflow/effect.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { castPlayers, type Player } from '../histories/cast.ts';
import type { History } from '../histories/history.ts';
import { rest } from '../histories/play.ts';
import { readTold } from '../histories/read-told.ts';
import { leastOf, tellLeast } from '../least-of.ts';
import { judgeHistory } from '../model.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { type Accident, chooseAccidents, SIDES } from '../tools/accidents.ts';
import { COMPANIES, type CrowdOffice, openCrowdOffice } from '../tools/crowd-office.ts';
import type { AtsAct } from '../tools/crowd-people.ts';
import { createMailBag } from '../tools/mail-bag.ts';
import { createSecondLooks } from '../tools/second-looks.ts';
import { createShift, underWay } from '../tools/shift.ts';
import { CHAPTERS, type Chapter, STATIONS, type Station, setUpStations } from '../tools/stations.ts';
import { createTimeGoesOn } from '../tools/time-goes-on.ts';

/** For both companies together; twice that where the accidents do not come to their number. */
const BUDGET_MS = { small: 0, full: 74_000 };
/** How many of the accidents that are left to chance happen beside each other; at size small one such crowd is all. */
const CROWD = { small: [20, 12], full: [80, 80] } as const;

interface Tally {
  /** How many happened, by station. */
  met: Map<string, number>;
  /** Those of which what they are for came about: see SecondLooks. */
  cameAbout: Set<Accident>;
  deaths: number;
  /** Of these, how many were no moment of the worker's own but the end of a call. */
  fatalCalls: number;
  /** How many were to end at a moment of their own: some of those moments come after the end of what they do. */
  moments: number;
  duplicates: string[];
  silent: string[];
  other: string[];
  lookUps: number;
  unconfirmed: number;
}

/** R7: whoever carries an effect out ends at each of its moments, after the call and before the record as well as the reverse. */
export const crashAroundCall: Check = {
  id: 'R7',
  what: 'crashes around outside calls',
  budgetMs: { full: BUDGET_MS.full },
  async run(given) {
    const played: Played[] = [];
    for (const [index, company] of COMPANIES.entries())
      played.push(await inCompany(company, { ...given, seed: given.seed + index, crowd: CROWD[given.size][index] ?? 0 }));
    return [...played.map(({ row }) => row), cameAboutRow(played)];
  },
};

/** What became of one company. */
interface Played {
  row: CheckRow;
  certain: Accident[];
  /** Of the certain ones, in words: those of which what they are for did not come about. */
  missing: string[];
  /** Of how many it did, with those of chance. */
  cameAbout: number;
  tally: Pick<Tally, 'deaths' | 'fatalCalls' | 'moments'>;
}

/** Of as many that were to end at a moment of their own, one did at least. */
const ONE_IN = 20;

/** That the check tries what it is there for: at each station, and with whatever seed. */
function cameAboutRow(played: readonly Played[]): CheckRow {
  const certain = played.flatMap((one) => one.certain);
  const isAmong = (station: Station, isAt: (accident: Accident) => boolean) =>
    certain.some((accident) => accident.station === station && isAt(accident));
  const nowhere = STATIONS.filter((station) => !isAmong(station, () => true));
  // Each ATS tells in its own way that somebody came back.
  const atOne = STATIONS.filter(({ isTakenBack }) => isTakenBack).filter(
    (station) => !SIDES.every((side) => isAmong(station, (accident) => accident.side === side)),
  );
  const missing = [
    ...played.flatMap((one) => one.missing),
    ...nowhere.map(({ name }) => `${name} (anywhere)`),
    ...atOne.map(({ name }) => `${name} (at each ATS)`),
  ];
  const sum = (numberOf: (one: Played) => number) => played.reduce((so, one) => so + numberOf(one), 0);
  const deaths = sum(({ tally }) => tally.deaths - tally.fatalCalls);
  return {
    id: 'R7',
    what: 'done, not recorded as done, and taken up again; whom we moved, brought back by a person before that',
    asked: `each of ${certain.length} accidents at ${STATIONS.length} stations at least once, and deaths at moments of their own`,
    reached: `${sum(({ cameAbout }) => cameAbout)} times in all, ${deaths} deaths`,
    figure: missing.length === 0 ? 'each came about' : `never: ${missing.join('; ')}`,
    target: `each; deaths in one of ${ONE_IN}`,
    met: missing.length === 0 && deaths >= sum(({ tally }) => tally.moments) / ONE_IN,
    ofItself: true,
  };
}

async function inCompany(
  company: (typeof COMPANIES)[number],
  { seed, size, say, crowd }: CheckRun & { crowd: number },
): Promise<Played> {
  const random = createSeededRandom(seed);
  const tally: Tally = {
    met: new Map(),
    cameAbout: new Set(),
    deaths: 0,
    fatalCalls: 0,
    moments: 0,
    duplicates: [],
    silent: [],
    other: [],
    lookUps: 0,
    unconfirmed: 0,
  };
  const office = await openCrowdOffice(company, { setUp: { rules: { advanceOnPass: true } } });
  const unconfirmed = new Map<string, number>();
  let certain: Accident[] = [];
  let all: Accident[] = [];
  try {
    const stationsAt = await setUpStations(office);
    const chosen = chooseAccidents({ seats: office.seats.length, stationsAt, random });
    certain = chosen.certain;
    all = [...certain, ...chosen.others];
    const from = performance.now();
    const budgetMs = BUDGET_MS[size] / COMPANIES.length;
    const isTime = () =>
      performance.now() - from < (count(tally.met.values()) < leastOf(all.length, size) ? 2 * budgetMs : budgetMs);
    // One effect after the other, so that no death leaves another's effect begun and not done, before its own accident.
    await oneCrowd(office, { some: certain, effectsAtOnce: 1, random, tally, unconfirmed });
    const left = [...chosen.others];
    do await oneCrowd(office, { some: left.splice(0, crowd), random, tally, unconfirmed });
    while (left.length > 0 && isTime());
  } finally {
    await office.close();
  }
  const names = [...new Set(all.map(({ station }) => station.name))];
  const happened = count(tally.met.values());
  say(`${company.name}: ${[...tally.met].map(([name, times]) => `${name} ${times}`).join(', ')}`);
  say(`${company.name}: unconfirmed ${[...unconfirmed].map(([name, times]) => `${name} ${times}`).join(', ')}`);
  for (const problem of [...tally.duplicates, ...tally.silent, ...tally.other].slice(0, 6)) say(problem);
  const wrong = tally.duplicates.length + tally.silent.length + tally.other.length;
  const least = leastOf(all.length, size);
  const row = {
    id: 'R7',
    what: `${company.name}, every vendor: ${names.join(', ')} cut off at each moment, or the answer lost`,
    asked: `${all.length} accidents`,
    reached: `${happened} accidents, ${tally.deaths} deaths`,
    figure: `D=${tally.duplicates.length}, silent losses ${tally.silent.length}, other ${tally.other.length}; ${tally.lookUps} look-ups, ${tally.unconfirmed} unconfirmed and shown`,
    target: `D=0, silent losses 0${tellLeast(least, 'accidents')}`,
    wrong,
    met: wrong === 0 && happened >= least,
  };
  const missing = certain
    .filter((accident) => !tally.cameAbout.has(accident))
    .map((accident) => `${company.name}, ${nameOf(office, accident)}`);
  return { row, certain, missing, cameAbout: tally.cameAbout.size, tally };
}

const count = (numbers: Iterable<number>) => [...numbers].reduce((sum, one) => sum + one, 0);

const nameOf = ({ seats }: CrowdOffice, { station, seat, side }: Accident) => `${station.name} (${seats[seat]?.kind}, ${side})`;

async function oneCrowd(
  office: CrowdOffice,
  given: { some: Accident[]; effectsAtOnce?: number; random: SeededRandom; tally: Tally; unconfirmed: Map<string, number> },
): Promise<void> {
  const { some, effectsAtOnce, random, tally, unconfirmed } = given;
  const { clock, outside } = office;
  const histories = some.map(({ seat, side }): History => ({ seat, sides: [side], turns: [] }));
  const cast = await castPlayers(office, { histories, random });
  const accidentOf = new Map(cast.players.map((player, index) => [player, some[index]]));
  const looks = createSecondLooks();
  const bag = createMailBag(office, { ownerOf: cast.ownerOf });
  // Whose accident has not happened yet.
  const ahead = new Set(cast.players);
  let chapter = 0;
  const meets = (isWeather: boolean) => {
    const about = underWay();
    const player = about && cast.byKey.get(about.applicationKey);
    const accident = player && accidentOf.get(player);
    if (!about?.effectId || !player || !accident || !ahead.has(player)) return null;
    const { station, point } = accident;
    const isHere = station.effect === about.kind && CHAPTERS.indexOf(station.from) <= chapter;
    if (!isHere || (point === null) !== isWeather) return null;
    ahead.delete(player);
    tally.met.set(station.name, (tally.met.get(station.name) ?? 0) + 1);
    if (!isWeather) tally.moments += 1;
    else if (accident.weather === 'fatal') tally.fatalCalls += 1;
    metWith.add(about.effectId);
    looks.cutOff(about.effectId, player);
    return accident;
  };
  const metWith = new Set<string>();
  outside.weatherOf = ({ request }) => {
    const effectId = underWay()?.effectId;
    if (!request.write && effectId && metWith.has(effectId)) tally.lookUps += 1;
    return (request.write && meets(true)?.weather) || 'fair';
  };
  outside.mailWeather = () => {
    const weather = meets(true)?.weather;
    if (weather === undefined || typeof weather === 'string') return weather ?? 'fair';
    // What an API says with a status of 500 and above, a mail server says with this.
    return { reply: 451 };
  };
  const shift = createShift(office, {
    ...{ random, workers: 2, mortality: () => 0, effectsAtOnce },
    fateOf: ({ effectId }) => {
      if (effectId) looks.begins(effectId);
      return meets(false)?.point ?? null;
    },
  });
  const goOn = createTimeGoesOn(office, { cast, bag, shift });
  const begin = (name: Chapter) => {
    chapter = CHAPTERS.indexOf(name);
  };
  const seatOf = ({ history }: Player) => office.seats[history.seat];
  const stationOf = (player: Player) => accidentOf.get(player)?.station;
  const of = (...names: string[]) => cast.players.filter((player) => names.includes(stationOf(player)?.name ?? ''));
  const act = (players: readonly Player[], wanted: AtsAct) => {
    for (const { applications } of players) applications[0]?.act(wanted);
  };

  begin('invited');
  await goOn(1);
  // Those without the tag are sent to by hand, which adds it.
  const byHand = of('add-tag');
  act(byHand, { kind: 'tag', on: false });
  for (const player of byHand) await send(office, player, false);
  act(
    cast.players.filter((player) => !byHand.includes(player)),
    { kind: 'move', to: 'assessment' },
  );
  await goOn(1, 12, 20, 31, 62);

  begin('out');
  for (const player of of('resend-invitation', 'extend-invitation')) await followUp(office, player, stationOf(player)?.effect);
  const leaving = of('cancel-invitation');
  act(leaving, { kind: 'end' });
  await goOn(1);
  act(byHand, { kind: 'move', to: 'assessment' });
  await goOn(31, 301);

  begin('taken');
  // Before anybody has looked what became of the move, which comes earlier at one vendor than at another.
  for (const player of of('move-to-stage')) looks.returns(player, 'assessment');
  const waiting = of('remind-candidate');
  const taking = cast.players.filter((player) => !leaving.includes(player) && !waiting.includes(player));
  for (const player of taking) seatOf(player)?.start(player.email);
  await goOn(62);
  for (const player of taking) seatOf(player)?.submit(player.email, true);
  const goOnAndBack = async (...passes: number[]) => {
    for (const seconds of passes) {
      await goOn(seconds);
      looks.bringBack();
    }
  };
  await goOnAndBack(62, 20, 62);

  begin('changed');
  for (const player of of('a retake')) await send(office, player, true);
  for (const player of of('to the next stage')) {
    const from = player.applications[0]?.standing().stage;
    if (!from) throw new Error('somebody who is to be moved on stands in no stage');
    looks.returns(player, from);
    await change(office, player, { kind: 'advance' });
  }
  for (const player of of('rejection', 'bringing back', 'tell-outcome'))
    await change(office, player, rejectionAt(office, player));
  await goOnAndBack(1, 12, 20, 62);

  begin('brought back');
  for (const player of of('bringing back')) await change(office, player, { kind: 'unreject' });
  await goOn(1, 20, 62);

  begin('days later');
  // Not at one time for all: each vendor has its own deadline, and the day of one is after the end of another.
  for (const at of await duesOf(office, waiting)) {
    clock.moveTo(at);
    await goOn(1, 20, 62);
  }
  await rest(office, { shift, bag, keys: [...cast.byKey.keys()], standAll: cast.standAll });
  cast.standAll();
  const told = await readTold(office, cast.players);
  tally.other.push(...shift.errors);
  tally.deaths += shift.deaths();
  for (const player of looks.cameAbout()) {
    const accident = accidentOf.get(player);
    if (accident) tally.cameAbout.add(accident);
  }
  for (const [index, one] of told.entries()) {
    const player = cast.players[index];
    const accident = player && accidentOf.get(player);
    if (!player || !accident) continue;
    const { station, point, weather } = accident;
    const where = `${nameOf(office, accident)} ${JSON.stringify({ point, weather })}`;
    for (const problem of judgeHistory(one)) {
      const list = /once|twice|no note/.test(problem) ? tally.duplicates : /silently/.test(problem) ? tally.silent : tally.other;
      list.push(`${where}: ${problem}`);
    }
    const open = one.effects.filter(({ state }) => state === 'unconfirmed').length;
    tally.unconfirmed += open;
    const name = `${station.name} ${seatOf(player)?.kind}`;
    if (open > 0) unconfirmed.set(name, (unconfirmed.get(name) ?? 0) + open);
  }
}

async function send(office: CrowdOffice, player: Player, retake: boolean): Promise<void> {
  const wish = { kind: 'send', assessmentId: office.seats[player.history.seat]?.assessmentId, email: null, options: {}, retake };
  await give(office, player, { ...wish, clickedAt: office.clock.now().toISOString() });
}

const LATER_MS = 20 * 86_400_000;

async function followUp(office: CrowdOffice, player: Player, effect?: EffectKind): Promise<void> {
  const { services } = office.server;
  const [invited] = await services.db
    .select({ id: invitations.id })
    .from(invitations)
    .where(eq(invitations.applicationKey, keyOf(player)));
  if (!invited) return;
  const expiresAt = new Date(office.clock.now().getTime() + LATER_MS).toISOString();
  const wish = effect === 'resend-invitation' ? { kind: 'resend' } : { kind: 'extend', expiresAt };
  await give(office, player, { ...wish, invitationId: invited.id });
}

async function change(office: CrowdOffice, player: Player, wanted: ApplicationChange): Promise<void> {
  const [row] = await office.server.services.db
    .select()
    .from(applications)
    .where(eq(applications.key, keyOf(player)));
  const { stage } = row?.snapshot ?? {};
  await give(office, player, {
    ...{ kind: 'change', change: wanted, fromStageId: stage?.id ?? null, fromStageName: stage?.name ?? null },
  });
}

function rejectionAt({ world: { seeds } }: CrowdOffice, { history: { sides } }: Player): ApplicationChange {
  const { greenhouse, lever } = seeds;
  const reasonId = sides[0] === 'lever' ? lever.reasons.underqualified : `${greenhouse.reasons.underqualified}`;
  return { kind: 'reject', reasonId, reasonName: 'Underqualified' };
}

/** When these have something due, earliest first. */
async function duesOf(office: CrowdOffice, players: readonly Player[]): Promise<Date[]> {
  const rows = await office.server.services.db
    .select({ dueAt: applications.dueAt })
    .from(applications)
    .where(inArray(applications.key, players.map(keyOf)));
  const times = new Set(rows.map(({ dueAt }) => dueAt?.getTime() ?? 0));
  return [...times].toSorted((a, b) => a - b).map((time) => new Date(time));
}

function keyOf({ applications: [application] }: Player): string {
  if (!application) throw new Error('somebody who applied nowhere');
  return application.key;
}

async function give(
  { server, clock, company, woken }: CrowdOffice,
  player: Player,
  wish: Record<string, unknown>,
): Promise<void> {
  const key = keyOf(player);
  const { id: memberId, name } = company.member;
  const actionId = randomUUID();
  const input = { ...wish, actionId, by: { kind: 'member', memberId, name } };
  const { db } = server.services;
  await db.insert(inputs).values({ applicationKey: key, key: `action:${actionId}`, input, createdAt: clock.now() });
  woken.add(key);
}
