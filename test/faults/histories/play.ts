import { randomUUID } from 'node:crypto';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Snapshot } from '../../../lib/domain/application.ts';
import type { Member } from '../../../lib/domain/member.ts';
import { ApiError } from '../../../server/http/api-error.ts';
import { undoHeld } from '../../../server/http/give-command.ts';
import { raiseHint } from '../../../server/jobs/delivery-hints.ts';
import { runLane } from '../../../server/jobs/lane.ts';
import { ensureApplication } from '../../../server/storage/ensure-application.ts';
import { applications, inputs, invitations } from '../../../server/storage/schema.ts';
import type { Input } from '../../../server/workflow/input.ts';
import type { Told, ToldApplication } from '../model.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { CrowdOffice } from '../tools/crowd-office.ts';
import { apply, type CrowdApplication } from '../tools/crowd-people.ts';
import { createMailBag } from '../tools/mail-bag.ts';
import { asSomebodyElse } from '../tools/mortal.ts';
import { createShift, underWay } from '../tools/shift.ts';
import { gather } from './gather.ts';
import type { Act, History, Turn } from './history.ts';

/** A history under way. */
export interface Player {
  number: number;
  history: History;
  email: string;
  applications: (CrowdApplication & { key: string } & Pick<ToldApplication, 'stood' | 'commits' | 'erasedAtMs'>)[];
  went: Told['went'];
  writes: Told['writes'];
  /** By effect: what was carried out outside. */
  carriedOut: Map<string, Record<string, number>>;
  turn: Turn | null;
  /** How often this person was invited so far, as the vendor sees it. */
  invited: number;
}

let people = 0;

export interface Played {
  told: Told[];
  deaths: number;
  calls: number;
}

/**
 * Plays all of them side by side in one office: at each turn everybody acts, the webhooks arrive or do not, the work is done, and a while
 * passes for all. In the end it is calm until nothing is due any more.
 */
export async function play(
  office: CrowdOffice,
  { histories, passes, random }: { histories: readonly History[]; passes: readonly number[]; random: SeededRandom },
): Promise<Played> {
  const { clock, world, parts, outside, company, server } = office;
  const { db } = server.services;
  const players: Player[] = [];
  const byKey = new Map<string, Player>();
  const byWord = new Map<string, Player>();
  for (const history of histories) {
    people += 1;
    const email = `p${people}@mail.example`;
    const seat = office.seats[history.seat % office.seats.length];
    const applied: Player['applications'] = [];
    for (const side of history.sides) {
      const application = apply(world, side, { name: `Person Number${people}`, email, tag: seat?.tag ?? '' });
      const connectionId = company.connections[side].id;
      const key = await ensureApplication(db, server.services, { connectionId, applicationId: application.applicationId });
      applied.push({ ...application, key, stood: [], commits: [], erasedAtMs: null });
    }
    const player: Player = {
      number: people,
      history,
      email,
      applications: applied,
      went: [],
      writes: [],
      carriedOut: new Map(),
      turn: null,
      invited: 0,
    };
    players.push(player);
    byWord.set(email, player);
    for (const { key, applicationId } of applied) {
      byKey.set(key, player);
      byWord.set(applicationId, player);
    }
  }
  const bag = createMailBag(office, {
    ownerOf: (body) =>
      wordsOf(body)
        .map((word) => byWord.get(word))
        .find(Boolean) ?? null,
  });
  let calls = 0;
  const mine = () => byKey.get(underWay()?.applicationKey ?? '');

  outside.weatherOf = ({ request }) => {
    const about = underWay();
    const turn = mine()?.turn;
    if (!turn || !about?.effectId || !request.write || turn.weather === 'fair') return 'fair';
    const { weather } = turn;
    turn.weather = 'fair';
    return weather;
  };
  outside.mailWeather = () => {
    const turn = mine()?.turn;
    if (!turn || typeof turn.weather === 'object') return 'fair';
    const { weather } = turn;
    turn.weather = 'fair';
    return weather;
  };
  const wentOut = (what: string) => {
    const player = mine();
    const about = underWay();
    if (!player || !about?.effectId) return;
    const { effectId, applicationKey } = about;
    const now = invitedOf(office, player);
    const isInvitation = now > player.invited;
    player.invited = now;
    const counts = player.carriedOut.get(effectId) ?? {};
    const name = isInvitation ? 'invitation' : what;
    counts[name] = (counts[name] ?? 0) + 1;
    player.carriedOut.set(effectId, counts);
    player.writes.push({ applicationKey, atMs: clock.now().getTime(), what });
    if (isInvitation) player.went.push({ effectId, atMs: clock.now().getTime() });
  };
  outside.onAnswered = ({ method, path, request }, { status }) => {
    calls += 1;
    if (request.write && status < 300) wentOut(`${method} ${path}`);
  };
  outside.onMail = () => wentOut('mail');
  outside.onRead = () => clock.pass(0.001);
  outside.afterRead = async (_connection, applicationId) => {
    const player = byWord.get(applicationId);
    if (!player?.turn?.slowRead || underWay()?.effectId !== null) return;
    player.turn.slowRead = false;
    const application = player.applications.find((one) => one.applicationId === applicationId);
    if (!application) return;
    // The answer is on its way for longer than a lease lasts; meanwhile the candidate is moved, and another worker is through with it.
    clock.pass(16);
    application.act({ kind: 'move', to: random.pick(['screen', 'assessment', 'onsite']) });
    stand(application, clock.now());
    clock.pass(1);
    await asSomebodyElse(async () => {
      await db.transaction((tx) => raiseHint(tx, [application.key]));
      await runLane(parts, application.key);
    });
  };
  outside.onCommit = async (tx, { key }) => {
    const application = byKey.get(key)?.applications.find((one) => one.key === key);
    const [row] = await tx.select().from(applications).where(eq(applications.key, key));
    if (!application || !row?.snapshot || !row.snapshotAt) return;
    const { stageEntries, status } = row.snapshot as Snapshot;
    application.commits.push({
      snapshotAtMs: row.snapshotAt.getTime(),
      crossings: stageEntries.length,
      active: status === 'active',
      atMs: clock.now().getTime(),
    });
  };

  const fateOf = (key: string, what: 'lane' | 'effect') => {
    const turn = byKey.get(key)?.turn;
    const points = (what === 'lane' ? turn?.laneDies : turn?.effectDies) ?? null;
    if (turn && points !== null) Object.assign(turn, what === 'lane' ? { laneDies: null } : { effectDies: null });
    return points;
  };
  let isCalm = false;
  const shift = createShift(office, { random, workers: 2, mortality: () => (isCalm ? 0 : 0.02), fateOf });
  const standAll = () => {
    for (const { applications } of players) for (const one of applications) stand(one, clock.now());
  };

  await world.settle();
  await bag.deliver(() => 'now');
  standAll();
  clock.pass(1);
  await shift.work();
  for (const [index, seconds] of passes.entries()) {
    clock.pass(seconds);
    const undos: (() => Promise<void>)[] = [];
    for (const player of players) {
      const turn = player.history.turns[index];
      if (!turn) continue;
      player.turn = { ...turn };
      const clicked = await take(office, player, turn.act);
      if (clicked) undos.push(clicked);
    }
    standAll();
    await world.settle();
    await bag.deliver((owner) => owner?.turn?.post ?? 'now');
    clock.pass(0.5);
    // Who undoes does it while the others work.
    await Promise.all([shift.work(), ...undos.map((undo) => undo())]);
    await noteErased(office, players);
  }
  isCalm = true;
  for (const player of players) player.turn = null;
  await rest(office, { shift, bag, keys: [...byKey.keys()], standAll });
  standAll();
  await noteErased(office, players);
  const told = await gather(office, players);
  return { told, deaths: shift.deaths(), calls };
}

function invitedOf(office: CrowdOffice, { history, email }: Player): number {
  const seat = office.seats[history.seat % office.seats.length];
  return seat?.invited().filter((one) => one === email).length ?? 0;
}

async function noteErased({ clock, server: { services } }: CrowdOffice, players: readonly Player[]): Promise<void> {
  const all = players.flatMap((player) => player.applications);
  const rows = await services.db
    .select({ key: applications.key })
    .from(applications)
    .where(
      inArray(
        applications.key,
        all.map(({ key }) => key),
      ),
    );
  const kept = new Set(rows.map(({ key }) => key));
  for (const one of all) if (!kept.has(one.key)) one.erasedAtMs ??= clock.now().getTime();
}

function wordsOf(body: string): string[] {
  return body.match(/p\d+@mail\.example|[0-9a-f]{8}-[0-9a-f-]{27}|\d{6,}/g) ?? [];
}

function stand(application: Player['applications'][number], at: Date): void {
  const now = application.standing();
  const last = application.stood.at(-1);
  if (last && last.stage === now.stage && last.active === now.active && last.deleted === now.deleted) return;
  application.stood.push({ atMs: at.getTime(), ...now });
}

/** Does what can be done; an undo comes back, to be done beside the work. */
async function take(office: CrowdOffice, player: Player, act: Act): Promise<(() => Promise<void>) | null> {
  const seat = office.seats[player.history.seat % office.seats.length];
  if (act.who === 'ats') player.applications[act.app]?.act(act.act);
  if (act.who === 'candidate' && act.does === 'start') seat?.start(player.email);
  if (act.who === 'candidate' && act.does !== 'start') seat?.submit(player.email, act.does === 'pass');
  if (act.who !== 'recruiter') return null;
  const application = player.applications[act.app];
  // Of somebody who is erased there is no panel to click in.
  if (!application || !seat || application.standing().deleted) return null;
  const { db } = office.server.services;
  const { key } = application;
  const [newest] = await db
    .select({ id: invitations.id, state: invitations.state })
    .from(invitations)
    .where(eq(invitations.applicationKey, key))
    .orderBy(desc(invitations.createdAt))
    .limit(1);
  const member = office.company.member as Member;
  const by = { kind: 'member' as const, memberId: member.id, name: member.name };
  const clickedAt = office.clock.now().toISOString();
  const actionId = randomUUID();
  const on = newest ? { invitationId: newest.id, by } : null;
  const given = async (input: Input) => {
    await db
      .insert(inputs)
      .values({ applicationKey: key, key: `action:${actionId}`, input: { ...input }, createdAt: office.clock.now() });
    office.woken.add(key);
  };
  switch (act.click) {
    case 'send':
    case 'retake': {
      const retake = act.click === 'retake';
      await given({ kind: 'send', actionId, by, assessmentId: seat.assessmentId, email: null, options: {}, retake, clickedAt });
      break;
    }
    case 'send again':
      if (on && (newest?.state === 'failed' || newest?.state === 'unconfirmed')) await given({ kind: 'send-again', ...on });
      break;
    case 'cancel':
      if (on) await given({ kind: 'cancel', ...on });
      break;
    case 'mark sent':
      if (on && newest?.state === 'unconfirmed') await given({ kind: 'mark-sent', ...on, at: clickedAt });
      break;
    case 'check':
      await db.transaction((tx) => raiseHint(tx, [key]));
      break;
    case 'undo': {
      const isFree = and(eq(applications.key, key), sql`lease_token is null`);
      const [free] = await db.select({ key: applications.key }).from(applications).where(isFree);
      if (!on || newest?.state !== 'held' || !free) return null;
      return async () => {
        try {
          await asSomebodyElse(() => undoHeld(office.server.parts, { key, actionId, invitationId: on.invitationId, member }));
        } catch (error) {
          // The other one was faster, and it was said.
          if (!(error instanceof ApiError)) throw error;
        }
      };
    }
  }
  return null;
}

/** Calm, until nothing is left to do. */
async function rest(
  { clock, world, server }: CrowdOffice,
  given: { shift: { work(): Promise<void> }; bag: ReturnType<typeof createMailBag>; keys: string[]; standAll: () => void },
): Promise<void> {
  const { shift, bag, keys, standAll } = given;
  const { db } = server.services;
  for (const seconds of [20, 62, 301, 62, 20, 301]) {
    clock.pass(seconds);
    await world.settle();
    await bag.deliver(() => 'now');
    standAll();
    await shift.work();
  }
  // As the sweep does: of some changes (a tag, somebody back) no webhook tells.
  await db.transaction((tx) => raiseHint(tx, keys));
  for (let time = 0; time < 8; time += 1) {
    clock.pass(time < 4 ? 62 : 301);
    await world.settle();
    await bag.deliver(() => 'now');
    standAll();
    await shift.work();
    const left = await db
      .select({ key: applications.key })
      .from(applications)
      .where(and(inArray(applications.key, keys), sql`hinted > handled or read_trouble is not null`));
    const open = await db.execute(sql`select 1 from tagalong.effects where state in ('queued', 'calling') limit 1`);
    if (left.length === 0 && open.rows.length === 0) return;
  }
}
