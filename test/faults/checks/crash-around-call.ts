import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { inputs, invitations } from '../../../server/storage/schema.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { castPlayers, type Player } from '../histories/cast.ts';
import { gather } from '../histories/gather.ts';
import type { History, Turn } from '../histories/history.ts';
import { rest } from '../histories/play.ts';
import { judgeHistory } from '../model.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { COMPANIES, type CrowdOffice, openCrowdOffice } from '../tools/crowd-office.ts';
import { createMailBag } from '../tools/mail-bag.ts';
import { createShift, underWay } from '../tools/shift.ts';

const BUDGET_MS = { small: 2_000, full: 80_000 };
const CROWD = { small: 20, full: 80 };
/** An effect has no more moments than this: a statement or a call, before it and after it. */
const POINTS = 34;
const EFFECTS = [
  ...(['send-invitation', 'write-note', 'move-to-stage', 'add-tag'] as const),
  ...(['resend-invitation', 'extend-invitation'] as const),
];

/** One accident: the first run of such an effect ends at this moment, or its call meets this weather. */
interface Accident {
  effect: (typeof EFFECTS)[number];
  /** Null: it is the weather. */
  point: number | null;
  weather: Turn['weather'];
}

interface Tally {
  accidents: number;
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
      rows.push(await inCompany(company, { ...given, seed: given.seed + index }));
    return rows;
  },
};

async function inCompany(company: (typeof COMPANIES)[number], { seed, size, say }: CheckRun): Promise<CheckRow> {
  const random = createSeededRandom(seed);
  const tally: Tally = { accidents: 0, deaths: 0, duplicates: [], silent: [], other: [], lookUps: 0, unconfirmed: 0 };
  const office = await openCrowdOffice(company, { setUp: { rules: { advanceOnPass: true } } });
  const all = accidents(office, random);
  const wanted = all.length;
  const until = performance.now() + BUDGET_MS[size] / COMPANIES.length;
  try {
    const bySeat = new Map<string, number>();
    do {
      const some = all.splice(0, CROWD[size]);
      await oneCrowd(office, { some, random, tally, bySeat });
    } while (all.length > 0 && performance.now() < until);
    say(`${company.name}: unconfirmed by vendor ${JSON.stringify(Object.fromEntries(bySeat))}`);
  } finally {
    await office.close();
  }
  for (const problem of [...tally.duplicates, ...tally.silent, ...tally.other].slice(0, 6)) say(problem);
  const wrong = tally.duplicates.length + tally.silent.length + tally.other.length;
  return {
    id: 'R7',
    what: `${company.name}, every vendor: ${EFFECTS.join(', ')} cut off at each moment, or the answer lost`,
    asked: `${wanted} accidents`,
    reached: `${tally.accidents} accidents, ${tally.deaths} deaths`,
    figure: `D=${tally.duplicates.length}, silent losses ${tally.silent.length}, other ${tally.other.length}; ${tally.lookUps} look-ups, ${tally.unconfirmed} unconfirmed and shown`,
    target: 'D=0, silent losses 0',
    met: wrong === 0 && tally.deaths > tally.accidents / 10,
  };
}

function accidents(office: CrowdOffice, random: SeededRandom): { accident: Accident; history: History }[] {
  const weathers: Turn['weather'][] = ['lost', 'unreached', { status: 500 }, { status: 503, headers: { 'retry-after': '3' } }];
  const moments = [
    ...Array.from({ length: POINTS }, (_, point) => ({ point, weather: 'fair' as const })),
    ...weathers.map((weather) => ({ point: null, weather })),
  ];
  const all = office.seats.flatMap((_, seat) =>
    (['greenhouse', 'lever'] as const).flatMap((side) =>
      EFFECTS.flatMap((effect) =>
        moments.map((moment) => ({ accident: { effect, ...moment }, history: { seat, sides: [side], turns: [] } })),
      ),
    ),
  );
  return random.some(all, all.length);
}

async function oneCrowd(
  office: CrowdOffice,
  given: { some: ReturnType<typeof accidents>; random: SeededRandom; tally: Tally; bySeat: Map<string, number> },
): Promise<void> {
  const { some, random, tally, bySeat } = given;
  const { clock, outside } = office;
  const cast = await castPlayers(office, { histories: some.map(({ history }) => history), random });
  const accidentOf = new Map<Player, Accident>(cast.players.map((player, index) => [player, some[index]?.accident ?? NONE]));
  const bag = createMailBag(office, { ownerOf: cast.ownerOf });
  // Whose accident has not happened yet.
  const ahead = new Set(cast.players);
  const meets = (kind: string | null, isWeather: boolean) => {
    const about = underWay();
    const player = about && cast.byKey.get(about.applicationKey);
    const accident = player && accidentOf.get(player);
    if (!player || !accident || !ahead.has(player) || accident.effect !== kind || (accident.point === null) !== isWeather)
      return null;
    ahead.delete(player);
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
    const accident = meets(underWay()?.kind ?? null, true);
    const { weather } = accident ?? NONE;
    return weather === 'lost' || weather === 'unreached' ? weather : 'fair';
  };
  const shift = createShift(office, {
    ...{ random, workers: 2, mortality: () => 0 },
    fateOf: ({ effectId, kind }) => {
      const accident = effectId ? meets(kind, false) : null;
      if (accident && effectId) metWith.add(effectId);
      return accident?.point ?? null;
    },
  });
  const goOn = async (seconds: number) => {
    clock.pass(seconds);
    cast.standAll();
    await bag.deliver(() => 'now');
    await shift.work();
  };
  await goOn(1);
  // Those without the tag are sent to by hand, which adds it.
  for (const player of cast.players) {
    const [application] = player.applications;
    if (accidentOf.get(player)?.effect === 'add-tag') {
      application?.act({ kind: 'tag', on: false });
      if (application) await click(office, player, application.key);
    } else application?.act({ kind: 'move', to: 'assessment' });
  }
  await goOn(1);
  for (const seconds of [12, 20, 31, 62]) await goOn(seconds);
  // Where the vendor cannot do it, it is refused, and this accident does not happen.
  for (const player of cast.players) await followUp(office, player, accidentOf.get(player)?.effect);
  await goOn(1);
  for (const { applications } of cast.players) applications[0]?.act({ kind: 'move', to: 'assessment' });
  await goOn(31);
  const seatOf = ({ history }: Player) => office.seats[history.seat];
  for (const player of cast.players) seatOf(player)?.start(player.email);
  await goOn(62);
  for (const player of cast.players) seatOf(player)?.submit(player.email, true);
  for (const seconds of [62, 20]) await goOn(seconds);
  await rest(office, { shift, bag, keys: [...cast.byKey.keys()], standAll: cast.standAll });
  cast.standAll();
  const told = await gather(office, cast.players);
  tally.accidents += cast.players.length - ahead.size;
  tally.other.push(...shift.errors);
  tally.deaths += shift.deaths();
  for (const [index, one] of told.entries()) {
    const player = cast.players[index];
    const accident = player && accidentOf.get(player);
    const where = `${seatOf(player ?? cast.players[0] ?? never())?.kind}, ${player?.history.sides[0]}, ${JSON.stringify(accident)}`;
    for (const problem of judgeHistory(one)) {
      const list = /once|twice|no note/.test(problem) ? tally.duplicates : /silently/.test(problem) ? tally.silent : tally.other;
      list.push(`${where}: ${problem}`);
    }
    const open = one.effects.filter(({ state }) => state === 'unconfirmed').length;
    tally.unconfirmed += open;
    const name = player ? `${seatOf(player)?.kind}` : '';
    if (open > 0) bySeat.set(name, (bySeat.get(name) ?? 0) + open);
  }
}

const NONE: Accident = { effect: 'write-note', point: null, weather: 'fair' };

function never(): never {
  throw new Error('a crowd of nobody');
}

async function click(office: CrowdOffice, player: Player, key: string): Promise<void> {
  const seat = office.seats[player.history.seat];
  const wish = { kind: 'send', assessmentId: seat?.assessmentId, email: null, options: {}, retake: false };
  await give(office, key, { ...wish, clickedAt: office.clock.now().toISOString() });
}

const LATER_MS = 20 * 86_400_000;

async function followUp(
  office: CrowdOffice,
  { applications: [application] }: Player,
  effect?: Accident['effect'],
): Promise<void> {
  if (!application || (effect !== 'resend-invitation' && effect !== 'extend-invitation')) return;
  const { key } = application;
  const { services } = office.server;
  const [invited] = await services.db.select({ id: invitations.id }).from(invitations).where(eq(invitations.applicationKey, key));
  if (!invited) return;
  const expiresAt = new Date(office.clock.now().getTime() + LATER_MS).toISOString();
  const wish = effect === 'resend-invitation' ? { kind: 'resend' } : { kind: 'extend', expiresAt };
  await give(office, key, { ...wish, invitationId: invited.id });
}

async function give({ server, clock, company, woken }: CrowdOffice, key: string, wish: Record<string, unknown>): Promise<void> {
  const { id: memberId, name } = company.member;
  const actionId = randomUUID();
  const input = { ...wish, actionId, by: { kind: 'member', memberId, name } };
  const { db } = server.services;
  await db.insert(inputs).values({ applicationKey: key, key: `action:${actionId}`, input, createdAt: clock.now() });
  woken.add(key);
}
