import { randomUUID } from 'node:crypto';
import { eq, inArray } from 'drizzle-orm';
import type { ApplicationChange } from '../../../lib/domain/application-change.ts';
import { applications, inputs, invitations } from '../../../server/storage/schema.ts';
import type { EffectKind } from '../../../server/workflow/effect.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { castPlayers, type Player } from '../histories/cast.ts';
import type { History, Turn } from '../histories/history.ts';
import { rest } from '../histories/play.ts';
import { readTold } from '../histories/read-told.ts';
import { judgeHistory } from '../model.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { COMPANIES, type CrowdOffice, openCrowdOffice } from '../tools/crowd-office.ts';
import type { AtsAct } from '../tools/crowd-people.ts';
import { createMailBag } from '../tools/mail-bag.ts';
import { createShift, underWay } from '../tools/shift.ts';
import { CHAPTERS, type Chapter, STATIONS, type Station, setUpStations } from '../tools/stations.ts';
import { createTimeGoesOn } from '../tools/time-goes-on.ts';

const BUDGET_MS = { small: 0, full: 80_000 };
/** At size small one crowd is all. */
const CROWD = { small: [48, 20], full: [80, 80] } as const;
/** An effect has no more moments than this: a statement or a call, before it and after it. */
const POINTS = 34;
const POINTS_TRIED = 22;

/** One accident: the first run of what is done at the station ends at this moment, or its call meets this weather. */
interface Accident {
  station: Station;
  /** Null: it is the weather. */
  point: number | null;
  weather: Turn['weather'];
}

interface Tally {
  /** How many happened, by station. */
  met: Map<string, number>;
  deaths: number;
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
  async run(given) {
    const rows: CheckRow[] = [];
    for (const [index, company] of COMPANIES.entries())
      rows.push(await inCompany(company, { ...given, seed: given.seed + index, crowd: CROWD[given.size][index] ?? 0 }));
    return rows;
  },
};

async function inCompany(
  company: (typeof COMPANIES)[number],
  { seed, size, say, crowd }: CheckRun & { crowd: number },
): Promise<CheckRow> {
  const random = createSeededRandom(seed);
  const tally: Tally = { met: new Map(), deaths: 0, duplicates: [], silent: [], other: [], lookUps: 0, unconfirmed: 0 };
  const office = await openCrowdOffice(company, { setUp: { rules: { advanceOnPass: true } } });
  const unconfirmed = new Map<string, number>();
  let wanted = 0;
  let names: string[] = [];
  try {
    const stationsAt = await setUpStations(office);
    const all = accidents(office, { stationsAt, random });
    wanted = all.length;
    names = [...new Set(all.map(({ accident }) => accident.station.name))];
    const until = performance.now() + BUDGET_MS[size] / COMPANIES.length;
    do {
      const some = all.splice(0, crowd);
      await oneCrowd(office, { some, random, tally, unconfirmed });
    } while (all.length > 0 && performance.now() < until);
  } finally {
    await office.close();
  }
  const count = (numbers: Iterable<number>) => [...numbers].reduce((sum, one) => sum + one, 0);
  const happened = count(tally.met.values());
  const unmet = names.filter((name) => !tally.met.has(name));
  say(`${company.name}: ${[...tally.met].map(([name, times]) => `${name} ${times}`).join(', ')}`);
  say(`${company.name}: unconfirmed ${[...unconfirmed].map(([name, times]) => `${name} ${times}`).join(', ')}`);
  for (const problem of [...tally.duplicates, ...tally.silent, ...tally.other].slice(0, 6)) say(problem);
  if (unmet.length > 0) say(`never cut off: ${unmet.join(', ')}`);
  const wrong = tally.duplicates.length + tally.silent.length + tally.other.length;
  return {
    id: 'R7',
    what: `${company.name}, every vendor: ${names.join(', ')} cut off at each moment, or the answer lost`,
    asked: `${wanted} accidents`,
    reached: `${happened} accidents, ${tally.deaths} deaths`,
    figure: `D=${tally.duplicates.length}, silent losses ${tally.silent.length}, other ${tally.other.length}; ${tally.lookUps} look-ups, ${tally.unconfirmed} unconfirmed and shown`,
    target: 'D=0, silent losses 0',
    met: wrong === 0 && (size === 'small' || unmet.length === 0) && tally.deaths >= happened / 20,
  };
}

type Played = { accident: Accident; history: History };

/**
 * At each station some of its moments and each weather, for somebody of any vendor and ATS at which there is such a thing. What is done and
 * not recorded comes first, which is where something would be done twice, and of inviting at each vendor; one other to two of them.
 */
function accidents(
  office: CrowdOffice,
  { stationsAt, random }: { stationsAt: Awaited<ReturnType<typeof setUpStations>>; random: SeededRandom },
): Played[] {
  const places = office.seats.flatMap((_, seat) => (['greenhouse', 'lever'] as const).map((side) => ({ seat, side })));
  const played = (station: Station, moment: Omit<Accident, 'station'>, { seat, side }: (typeof places)[number]): Played => ({
    accident: { station, ...moment },
    history: { seat, sides: [side], turns: [] },
  });
  const points = Array.from({ length: POINTS }, (_, point) => point);
  const first: Played[] = [];
  const others: Played[] = [];
  for (const station of STATIONS) {
    const there = places.filter((place) => stationsAt(place).includes(station));
    if (there.length === 0) continue;
    const weathers = WEATHERS.filter((weather) => !station.isMail || typeof weather === 'string');
    const moments = [
      ...random.some(points, POINTS_TRIED).map((point) => ({ point, weather: 'fair' as const })),
      ...weathers.map((weather) => ({ point: null, weather })),
    ];
    others.push(...moments.map((moment) => played(station, moment, random.pick(there))));
    const seats = [...new Set(there.map(({ seat }) => seat))];
    const at = (seat: number) => there.filter((place) => place.seat === seat);
    if (station.effect !== 'send-invitation') first.push(played(station, over('fatal'), random.pick(there)));
    else
      for (const seat of seats)
        for (const weather of ['lost', 'fatal'] as const) first.push(played(station, over(weather), random.pick(at(seat))));
  }
  const mixed = random.some(others, others.length);
  return [...random.some(first, first.length).flatMap((one, index) => [one, ...(index % 2 ? [] : mixed.splice(0, 1))]), ...mixed];
}

const over = (weather: Turn['weather']) => ({ point: null, weather });
const WEATHERS: readonly Turn['weather'][] = [
  ...(['lost', 'fatal', 'unreached'] as const),
  { status: 500 },
  { status: 503, headers: { 'retry-after': '3' } },
];

async function oneCrowd(
  office: CrowdOffice,
  given: { some: Played[]; random: SeededRandom; tally: Tally; unconfirmed: Map<string, number> },
): Promise<void> {
  const { some, random, tally, unconfirmed } = given;
  const { clock, outside } = office;
  const cast = await castPlayers(office, { histories: some.map(({ history }) => history), random });
  const accidentOf = new Map(cast.players.map((player, index) => [player, some[index]?.accident]));
  const bag = createMailBag(office, { ownerOf: cast.ownerOf });
  // Whose accident has not happened yet.
  const ahead = new Set(cast.players);
  let chapter = 0;
  const meets = (kind: string | null, isWeather: boolean) => {
    const about = underWay();
    const player = about && cast.byKey.get(about.applicationKey);
    const accident = player && accidentOf.get(player);
    if (!player || !accident || !ahead.has(player)) return null;
    const { station, point } = accident;
    if (station.effect !== kind || CHAPTERS.indexOf(station.from) > chapter || (point === null) !== isWeather) return null;
    ahead.delete(player);
    tally.met.set(station.name, (tally.met.get(station.name) ?? 0) + 1);
    return accident;
  };
  const metWith = new Set<string>();
  outside.weatherOf = ({ request }) => {
    const about = underWay();
    if (!request.write && about?.effectId && metWith.has(about.effectId)) tally.lookUps += 1;
    if (!request.write || !about?.effectId) return 'fair';
    const accident = meets(about.kind, true);
    if (accident) metWith.add(about.effectId);
    return accident?.weather ?? 'fair';
  };
  outside.mailWeather = () => {
    const weather = meets(underWay()?.kind ?? null, true)?.weather;
    return typeof weather === 'string' ? weather : 'fair';
  };
  const shift = createShift(office, {
    ...{ random, workers: 2, mortality: () => 0 },
    fateOf: ({ effectId, kind }) => {
      const accident = effectId ? meets(kind, false) : null;
      if (accident && effectId) metWith.add(effectId);
      return accident?.point ?? null;
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
  const waiting = of('remind-candidate');
  const taking = cast.players.filter((player) => !leaving.includes(player) && !waiting.includes(player));
  for (const player of taking) seatOf(player)?.start(player.email);
  await goOn(62);
  for (const player of taking) seatOf(player)?.submit(player.email, true);
  for (const seconds of [62, 20, 62]) {
    await goOn(seconds);
    // A person brings them back before anybody has looked what became of the move, which comes earlier at one vendor than at another.
    act(of('move-to-stage'), { kind: 'move', to: 'assessment' });
  }

  begin('changed');
  for (const player of of('a retake')) await send(office, player, true);
  const advancing = of('to the next stage').map((player) => ({ player, from: player.applications[0]?.standing().stage }));
  for (const { player } of advancing) await change(office, player, { kind: 'advance' });
  for (const player of of('rejection', 'bringing back', 'tell-outcome'))
    await change(office, player, rejectionAt(office, player));
  await goOn(1);
  for (const { player, from } of advancing) if (from) act([player], { kind: 'move', to: from });
  await goOn(12, 20, 62);

  begin('brought back');
  for (const player of of('bringing back')) await change(office, player, { kind: 'unreject' });
  await goOn(1, 20, 62);

  begin('days later');
  if (waiting.length > 0) {
    const at = await nextDue(office, waiting);
    clock.moveTo(at);
    await goOn(1, 20, 62);
  }
  await rest(office, { shift, bag, keys: [...cast.byKey.keys()], standAll: cast.standAll });
  cast.standAll();
  const told = await readTold(office, cast.players);
  tally.other.push(...shift.errors);
  tally.deaths += shift.deaths();
  for (const [index, one] of told.entries()) {
    const player = cast.players[index];
    const accident = player && accidentOf.get(player);
    if (!player || !accident) continue;
    const { station, ...moment } = accident;
    const where = `${seatOf(player)?.kind}, ${player.history.sides[0]}, ${station.name} ${JSON.stringify(moment)}`;
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

/** When the last of these has something due, so that it is for all of them. */
async function nextDue(office: CrowdOffice, players: readonly Player[]): Promise<Date> {
  const rows = await office.server.services.db
    .select({ dueAt: applications.dueAt })
    .from(applications)
    .where(inArray(applications.key, players.map(keyOf)));
  return new Date(Math.max(office.clock.now().getTime(), ...rows.map(({ dueAt }) => dueAt?.getTime() ?? 0)));
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
