import { randomUUID } from 'node:crypto';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Member } from '../../../lib/domain/member.ts';
import { ApiError } from '../../../server/http/api-error.ts';
import { undoHeld } from '../../../server/http/give-command.ts';
import { raiseHint } from '../../../server/jobs/delivery-hints.ts';
import { applications, inputs, invitations } from '../../../server/storage/schema.ts';
import type { Input } from '../../../server/workflow/input.ts';
import type { Told } from '../model.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { CrowdOffice } from '../tools/crowd-office.ts';
import { createMailBag } from '../tools/mail-bag.ts';
import { asSomebodyElse } from '../tools/mortal.ts';
import { createShift, type Shift } from '../tools/shift.ts';
import { castPlayers, type Player } from './cast.ts';
import type { Act, History } from './history.ts';
import { readTold } from './read-told.ts';

export interface Played {
  told: Told[];
  /** What went wrong of which nobody in particular can tell. */
  errors: readonly string[];
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
  const { clock, world } = office;
  world.greenhouse.change({ reentry: random.pick(['overwrite', 'new-row']) });
  const cast = await castPlayers(office, { histories, random });
  const { players, byKey, fateOf, standAll, ownerOf } = cast;
  const bag = createMailBag(office, { ownerOf });
  let isCalm = false;
  // Mostly one worker; what two at once do is tried often enough, and R5 and R7 try nothing else.
  const workers = () => (!isCalm && random.chance(0.25) ? 2 : 1);
  const shift = createShift(office, { random, workers, mortality: () => (isCalm ? 0 : 0.1), fateOf });

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
  const told = await readTold(office, players);
  return { told, errors: shift.errors, deaths: shift.deaths(), calls: cast.calls() };
}

export async function noteErased({ clock, server: { services } }: CrowdOffice, players: readonly Player[]): Promise<void> {
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

/** Does what can be done; an undo comes back, to be done beside the work. */
async function take(office: CrowdOffice, player: Player, act: Act): Promise<(() => Promise<void>) | null> {
  const seat = office.seats[player.history.seat % office.seats.length];
  if (act.who === 'ats')
    for (const [index, one] of player.applications.entries()) if (act.app === 'all' || act.app === index) one.act(act.act);
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
      if (!on || !free) return null;
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
export async function rest(
  { clock, world, server }: CrowdOffice,
  given: { shift: Shift; bag: ReturnType<typeof createMailBag>; keys: string[]; standAll: () => void },
): Promise<void> {
  const { shift, bag, keys, standAll } = given;
  const { db } = server.services;
  const goOn = async (seconds: number, polls: boolean) => {
    clock.pass(seconds);
    await world.settle();
    await bag.deliver(() => 'now');
    standAll();
    await shift.work({ polls });
  };
  // The dead's leases and calls run out, holds and second looks come due, then the grace; vendors that tell nothing are asked once.
  await goOn(62, false);
  await goOn(301, false);
  await goOn(62, true);
  // As the sweep does: of some changes (a tag, somebody back) no webhook tells.
  await db.transaction((tx) => raiseHint(tx, keys));
  const mine = sql`key in (select jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb)::uuid)`;
  for (let time = 0; time < 8; time += 1) {
    await goOn(time === 0 ? 1 : time < 4 ? 62 : 301, false);
    const soon = new Date(clock.now().getTime() + SOON_MS).toISOString();
    const { rows } = await db.execute(sql`
      select from tagalong.applications
      where ${mine} and (hinted > handled or read_trouble is not null or due_at < ${soon}::timestamptz)
      union all
      select from tagalong.effects where state in ('queued', 'calling')
      union all
      select from tagalong.inputs where handled_at is null
      limit 1`);
    if (rows.length === 0) return;
  }
}

/** What comes due so soon belongs to what is looked at here: holds, second looks, the grace; not a deadline in a week. */
const SOON_MS = 600_000;
