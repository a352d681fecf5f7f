import { randomUUID } from 'node:crypto';
import { eq, inArray } from 'drizzle-orm';
import { assessments, inputs, invitations } from '../../../server/storage/schema.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { castPlayers, type Player } from '../histories/cast.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { COMPANIES, type CrowdOffice, openCrowdOffice } from '../tools/crowd-office.ts';
import { createMailBag } from '../tools/mail-bag.ts';
import { createShift, underWay } from '../tools/shift.ts';

const BUDGET_MS = { small: 8_000, full: 70_000 };
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Where the clocks change or the calendar is odd; each is begun a little before its moment, in the zone in which it happens. */
const MOMENTS: readonly { what: string; zone: string; at: string }[] = [
  { what: 'New York forward', zone: 'America/New_York', at: '2027-03-14T07:00:00Z' },
  { what: 'Berlin forward', zone: 'Europe/Berlin', at: '2027-03-28T01:00:00Z' },
  { what: 'Lord Howe back (half an hour)', zone: 'Australia/Lord_Howe', at: '2027-04-03T15:00:00Z' },
  { what: 'Lord Howe forward (half an hour)', zone: 'Australia/Lord_Howe', at: '2027-10-02T15:30:00Z' },
  { what: 'Berlin back', zone: 'Europe/Berlin', at: '2027-10-31T01:00:00Z' },
  { what: 'New York back', zone: 'America/New_York', at: '2027-11-07T06:00:00Z' },
  { what: 'leap day', zone: 'UTC', at: '2028-02-29T00:00:00Z' },
];

const KINDS = ['undo and hold', 'second look', 'grace', 'expiry', 'reminder', 'poll'] as const;
type Kind = (typeof KINDS)[number];

/** Something that is to happen by itself: when, by what people were told, and whether it is so by now. */
interface Awaited {
  kind: Kind;
  player: Player;
  dueMs: number;
  /** Null: not yet. */
  seenMs: number | null;
  hasHappened(): Promise<boolean> | boolean;
}

interface Tally {
  jumps: number;
  early: string[];
  late: string[];
  twice: string[];
  seen: Map<Kind, number>;
  byNight: number;
  moments: Set<string>;
}

/** R13: whatever the clock does, each thing happens at the first moment at which its time has come by that clock, and once. */
export const clockJumps: Check = {
  id: 'R13',
  what: 'the clock',
  budgetMs: BUDGET_MS,
  async run({ seed, size, say }: CheckRun): Promise<CheckRow[]> {
    const random = createSeededRandom(seed);
    const tally: Tally = { jumps: 0, early: [], late: [], twice: [], seen: new Map(), byNight: 0, moments: new Set() };
    const zone = process.env.TZ;
    const until = performance.now() + BUDGET_MS[size];
    const office = await openCrowdOffice(COMPANIES[0] ?? noCompany());
    try {
      await office.server.services.db
        .update(assessments)
        .set({ remindDays: [1] })
        .where(eq(assessments.id, office.company.assessments.backendTakeHome.id));
      // In the order of the calendar: the clock of the company goes on from one to the next, and the year comes last.
      const moments =
        size === 'full' ? MOMENTS : [random.pick(MOMENTS.filter(({ zone: there }) => there === 'Australia/Lord_Howe'))];
      for (const [index, { what, zone: there, at }] of moments.entries()) {
        const isLast = index === moments.length - 1;
        if (!isLast && performance.now() > until) continue;
        process.env.TZ = there;
        await oneEpisode(office, {
          random,
          tally,
          at: new Date(at),
          byNight: size === 'small' || index % 2 === 0,
          ends: size === 'full' && isLast ? 'a year at once' : isLast ? 'a year after' : 'days',
        });
        tally.moments.add(what);
      }
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
      await office.close();
    }
    const problems = [...tally.early, ...tally.late, ...tally.twice];
    for (const problem of problems.slice(0, 6)) say(problem);
    const missing = KINDS.filter((kind) => !tally.seen.get(kind));
    const counts = KINDS.map((kind) => `${kind} ${tally.seen.get(kind) ?? 0}`).join(', ');
    return [
      {
        id: 'R13',
        what: 'the clock jumps an hour and a year forwards and an hour back, over both changes of daylight saving in Berlin, New York and Lord Howe (in their zones) and a leap day',
        asked: `${MOMENTS.length} moments, random jumps`,
        reached: `${tally.moments.size} moments (${[...tally.moments].join(', ')}), ${tally.jumps} jumps; ${counts}`,
        figure: `early ${tally.early.length}, late ${tally.late.length} (tolerance: 2 s of the clock as it stands; after a jump back that is later by the jump), twice ${tally.twice.length}, reminders outside 8 to 18 h UTC ${tally.byNight}`,
        target: '0, 0, 0, 0',
        wrong: problems.length + tally.byNight,
        met: problems.length + tally.byNight === 0 && missing.length === 0 && tally.moments.size >= (size === 'full' ? 5 : 1),
      },
    ];
  },
};

const PEOPLE_EACH = 2;
/** Unless an admin changes it. */
const DEADLINE_DAYS = 7;

interface Episode {
  random: SeededRandom;
  tally: Tally;
  at: Date;
  byNight: boolean;
  ends: 'days' | 'a year at once' | 'a year after';
}

/** Everything is set going a little before the moment; then the clock jumps as it likes, and at the end far enough. */
async function oneEpisode(office: CrowdOffice, { random, tally, at, ends, byNight }: Episode): Promise<void> {
  const { clock, outside, server } = office;
  const { db } = server.services;
  clock.moveTo(new Date(at.getTime() - random.int(5, 400) * SECOND));
  const byteboard = office.seats.findIndex(({ kind }) => kind === 'byteboard');
  const coderbyte = office.seats.findIndex(({ kind }) => kind === 'coderbyte');
  const histories = KINDS.flatMap((kind) =>
    Array.from({ length: PEOPLE_EACH }, () => ({
      seat: kind === 'reminder' ? byteboard : coderbyte,
      sides: [random.pick(['greenhouse', 'lever'] as const)],
      turns: [],
    })),
  );
  const cast = await castPlayers(office, { histories, random });
  const of = (kind: Kind) => cast.players.filter((_, index) => KINDS[Math.floor(index / PEOPLE_EACH)] === kind);
  const bag = createMailBag(office, { ownerOf: cast.ownerOf });
  const shift = createShift(office, { random, workers: 1, mortality: () => 0 });
  const asked = new Map<string, number>();
  outside.weatherOf = ({ request }) => {
    const key = underWay()?.applicationKey ?? '';
    // The only reads of a lane that go to the vendor are its questions.
    if (!request.write && underWay()?.effectId === null && isVendor(office, request.url))
      asked.set(key, (asked.get(key) ?? 0) + 1);
    return 'fair';
  };
  const work = async () => {
    await bag.deliver(() => 'now');
    await shift.work();
  };
  const keyOf = (player: Player) => player.applications[0]?.key ?? '';
  const seatOf = ({ history }: Player) => office.seats[history.seat];
  const invitedCount = (player: Player) =>
    seatOf(player)
      ?.invited()
      .filter((one) => one === player.email).length ?? 0;
  const invitationOf = async (player: Player) =>
    (
      await db
        .select()
        .from(invitations)
        .where(eq(invitations.applicationKey, keyOf(player)))
    )[0];
  const mailsTo = (player: Player) => office.mails.filter(({ to }) => to.toLowerCase() === player.email).length;
  clock.pass(1);
  await work();

  for (const player of of('second look')) player.applications[0]?.act({ kind: 'tag', on: false });
  for (const kind of ['second look', 'grace', 'expiry', 'reminder', 'poll'] as const)
    for (const player of of(kind)) player.applications[0]?.act({ kind: 'move', to: 'assessment' });
  await work();
  const lookedAt = clock.now().getTime();
  for (const player of of('second look')) player.applications[0]?.act({ kind: 'tag', on: true });
  for (const player of of('grace')) player.applications[0]?.act({ kind: 'end' });
  await work();
  const leftAt = clock.now().getTime();
  for (const player of of('undo and hold')) await clickSend(office, player);
  await work();
  const clickedAt = clock.now().getTime();

  const awaited: Awaited[] = [];
  const wait = (kind: Kind, player: Player, dueMs: number, hasHappened: Awaited['hasHappened']) =>
    awaited.push({ kind, player, dueMs, seenMs: null, hasHappened });
  for (const player of of('undo and hold'))
    wait('undo and hold', player, clickedAt + 10 * SECOND, () => invitedCount(player) > 0);
  for (const player of of('second look')) wait('second look', player, lookedAt + 30 * SECOND, () => invitedCount(player) > 0);
  for (const player of of('grace'))
    wait('grace', player, leftAt + 5 * MINUTE, async () => {
      const { state, expiresAt } = (await invitationOf(player)) ?? {};
      // A clock that jumps past its deadline before the grace is over finds nothing left to cancel.
      return state === 'cancelled' || (state === 'expired' && expiresAt instanceof Date && expiresAt <= clock.now());
    });
  for (const player of of('expiry')) {
    const invitation = await invitationOf(player);
    const sentAt = invitation?.sentAt?.getTime() ?? Number.NaN;
    const off = (invitation?.expiresAt?.getTime() ?? Number.NaN) - sentAt - DEADLINE_DAYS * DAY;
    if (!(Math.abs(off) <= TOLERANCE_MS)) tally.early.push(`expiry: the deadline is ${off / HOUR} h off ${DEADLINE_DAYS} days`);
    wait('expiry', player, sentAt + DEADLINE_DAYS * DAY, async () => (await invitationOf(player))?.state === 'expired');
  }
  for (const player of of('reminder')) {
    const sentAt = (await invitationOf(player))?.sentAt?.getTime() ?? Number.NaN;
    const before = mailsTo(player);
    wait('reminder', player, toDaytime(sentAt + (DEADLINE_DAYS - 1) * DAY), () => mailsTo(player) > before);
  }
  for (const player of of('poll')) {
    const dueMs = (await invitationOf(player))?.pollDueAt?.getTime() ?? Number.NaN;
    const before = asked.get(keyOf(player)) ?? 0;
    wait('poll', player, dueMs, () => (asked.get(keyOf(player)) ?? 0) > before);
  }
  for (const one of awaited) {
    if (Number.isNaN(one.dueMs)) tally.late.push(`${one.kind}: it was not set going`);
    if (await one.hasHappened()) tally.early.push(`${one.kind}: at once`);
  }

  // Across the deadline step by step, or a year at once.
  const small = [1, 4, 9, 11, 20, 31, 62, 280, 301, 600].map((seconds) => seconds * SECOND);
  const jumps = Array.from({ length: 6 }, () => random.pick([...small, HOUR, HOUR, -HOUR, 30 * MINUTE]));
  const remindedAt = awaited.find(({ kind }) => kind === 'reminder')?.dueMs ?? 0;
  // By the hour, or asleep over the hours of reminders and awake at night.
  const days = byNight
    ? [5 * DAY, new Date(Math.floor(remindedAt / DAY) * DAY + 22 * HOUR), 2 * HOUR, 7 * HOUR, 2 * HOUR, 14 * HOUR, DAY]
    : [5 * DAY, DAY - 3 * HOUR, 2 * HOUR, -HOUR, 2 * HOUR, 7 * HOUR, 14 * HOUR, DAY, DAY];
  const year = [365 * DAY, -HOUR, 12 * HOUR];
  const ahead = { days, 'a year at once': year, 'a year after': [...days, ...year] }[ends];
  for (const jump of [...jumps, ...ahead]) {
    if (jump instanceof Date) clock.moveTo(jump);
    else clock.pass(jump / SECOND);
    tally.jumps += 1;
    await work();
    // A round leaves nothing for the very same second.
    clock.pass(2);
    await work();
    const nowMs = clock.now().getTime();
    for (const one of awaited.filter(({ seenMs }) => seenMs === null)) await look(one, { nowMs, tally });
  }
  for (const { kind, player, seenMs } of awaited) {
    if (seenMs === null && kind !== 'reminder') tally.late.push(`${kind}: never, ${player.history.sides[0]}`);
    // The reminder of a vendor by link has the link, too.
    if (kind !== 'reminder' && invitedCount(player) > 1) tally.twice.push(`${kind}: invited ${invitedCount(player)} times`);
    if (kind === 'reminder' && mailsTo(player) > 2) tally.twice.push(`${kind}: ${mailsTo(player)} mails`);
  }
  tally.late.push(...shift.errors.map((error) => `an error of our own: ${error}`));
  await db
    .update(invitations)
    .set({ pollDueAt: null })
    .where(inArray(invitations.applicationKey, [...cast.byKey.keys()]));
}

/** Two seconds for what is left to the next round. */
const TOLERANCE_MS = 2 * SECOND;

async function look(one: Awaited, { nowMs, tally }: { nowMs: number; tally: Tally }): Promise<void> {
  const { kind, dueMs } = one;
  const isSo = await one.hasHappened();
  const off = `${((nowMs - dueMs) / SECOND).toFixed(1)} s after its time, ${one.player.history.sides[0]}, ${new Date(nowMs).toISOString()} ${process.env.TZ}`;
  if (isSo) {
    one.seenMs = nowMs;
    tally.seen.set(kind, (tally.seen.get(kind) ?? 0) + 1);
    if (nowMs < dueMs) tally.early.push(`${kind}: ${off}`);
    if (kind === 'reminder' && !isByDay(nowMs)) tally.byNight += 1;
    return;
  }
  // By night a reminder waits; after the deadline there is nothing to be reminded of.
  const isExcused = kind === 'reminder' && (!isByDay(nowMs) || !isByDay(nowMs - TOLERANCE_MS) || nowMs >= dueMs + 12 * HOUR);
  if (nowMs > dueMs + TOLERANCE_MS && !isExcused) {
    one.seenMs = nowMs;
    tally.late.push(`${kind}: has not happened ${off}`);
  }
}

function isByDay(ms: number): boolean {
  const hour = new Date(ms).getUTCHours();
  return hour >= 8 && hour < 18;
}

/** The same day, between 8 and 17 h UTC. */
function toDaytime(ms: number): number {
  const midnight = Math.floor(ms / DAY) * DAY;
  return Math.min(Math.max(ms, midnight + 8 * HOUR), midnight + 17 * HOUR);
}

function isVendor({ world }: CrowdOffice, url: string): boolean {
  return url.startsWith(new URL(world.urls.coderbyteApi).origin);
}

async function clickSend(office: CrowdOffice, player: Player): Promise<void> {
  const [application] = player.applications;
  const { member } = office.company;
  const now = office.clock.now();
  const actionId = randomUUID();
  if (!application) return;
  const input = {
    ...{ kind: 'send', actionId, by: { kind: 'member', memberId: member.id, name: member.name } },
    ...{ assessmentId: office.seats[player.history.seat]?.assessmentId, email: null, options: {}, retake: false },
    clickedAt: now.toISOString(),
  };
  await office.server.services.db
    .insert(inputs)
    .values({ applicationKey: application.key, key: `action:${actionId}`, input, createdAt: now });
  office.woken.add(application.key);
}

function noCompany(): never {
  throw new Error('no company to play with');
}
