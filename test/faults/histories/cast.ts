import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Snapshot } from '../../../lib/domain/application.ts';
import { OPEN_STATES } from '../../../lib/domain/invitation.ts';
import { raiseHint } from '../../../server/jobs/delivery-hints.ts';
import { runLane } from '../../../server/jobs/lane.ts';
import type { Transaction } from '../../../server/services.ts';
import { ensureApplication } from '../../../server/storage/ensure-application.ts';
import { applications, invitations } from '../../../server/storage/schema.ts';
import type { Told, ToldApplication } from '../model.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { CrowdOffice } from '../tools/crowd-office.ts';
import { apply, type CrowdApplication } from '../tools/crowd-people.ts';
import { asSomebodyElse } from '../tools/mortal.ts';
import { type UnderWay, underWay } from '../tools/shift.ts';
import type { OutsideCall } from '../tools/short-way.ts';
import type { History, Turn } from './history.ts';

/** Told of before its transaction is through; whether it came through is asked at the end. */
type ToldCommit = ToldApplication['commits'][number] & { transaction: string };

/** A history under way. */
export interface Player {
  number: number;
  history: History;
  email: string;
  applications: (CrowdApplication & { key: string; commits: ToldCommit[] } & Pick<ToldApplication, 'stood' | 'erasedAtMs'>)[];
  went: Told['went'];
  writes: Told['writes'];
  /** By effect: what was carried out outside. */
  carriedOut: Map<string, Record<string, number>>;
  turn: Turn | null;
  /** How often this person was invited so far, as the vendor sees it. */
  invited: number;
  /** Assessments of which several were open at the moment of a commit. */
  severalOpen: string[];
}

let people = 0;

/** The people of a crowd, and who is whose. */
export interface Cast {
  players: Player[];
  /** Whose webhook it is. */
  ownerOf(body: string): Player | null;
  byKey: ReadonlyMap<string, Player>;
  /** Calls outside so far. */
  calls(): number;
  fateOf(about: UnderWay): number | null;
  /** Notes where everybody stands now. */
  standAll(): void;
}

/** Everybody applies, and from now on it is watched what is done about them outside. */
export async function castPlayers(
  office: CrowdOffice,
  { histories, random }: { histories: readonly History[]; random: SeededRandom },
): Promise<Cast> {
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
      severalOpen: [],
    };
    players.push(player);
    byWord.set(email, player);
    for (const { key, applicationId } of applied) {
      byKey.set(key, player);
      byWord.set(applicationId, player);
    }
  }
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
    const weather = turn?.weather;
    if (!turn || (weather !== 'lost' && weather !== 'unreached')) return 'fair';
    turn.weather = 'fair';
    return weather;
  };
  const wentOut = (what: string) => {
    const player = mine();
    const about = underWay();
    if (!player || !about?.effectId) return;
    const { effectId, applicationKey } = about;
    const now = invitedOf(office, player);
    // Where all is known by e-mail, one that is asked for once more looks like the first; it is counted under its own name.
    const isInvitation = now > player.invited && about.kind !== 'resend-invitation' && about.kind !== 'remind-candidate';
    player.invited = now;
    const counts = player.carriedOut.get(effectId) ?? {};
    const name = isInvitation ? 'invitation' : what;
    counts[name] = (counts[name] ?? 0) + 1;
    player.carriedOut.set(effectId, counts);
    player.writes.push({ applicationKey, atMs: clock.now().getTime(), what });
    if (isInvitation) player.went.push({ effectId, atMs: clock.now().getTime() });
  };
  /** From the first that was made on, every one that is asked for counts, refused or not. */
  const noteAsked = (call: OutsideCall, isMade: boolean) => {
    const player = mine();
    const effectId = underWay()?.effectId;
    if (!player || !effectId || !office.seats[player.history.seat % office.seats.length]?.asks?.(call)) return;
    const counts = player.carriedOut.get(effectId) ?? {};
    if (isMade || counts.asked) player.carriedOut.set(effectId, { ...counts, asked: (counts.asked ?? 0) + 1 });
  };
  outside.onAnswered = (call, { status }) => {
    calls += 1;
    const { method, path, request } = call;
    const isDone = status < 300;
    if (request.write && isDone) wentOut(`${method} ${path}`);
    noteAsked(call, isDone);
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
  const overtaken = new WeakSet<Turn>();
  outside.onVendor = async () => {
    const player = mine();
    const about = underWay();
    if (!player?.turn || about?.effectId !== null || overtaken.has(player.turn)) return;
    overtaken.add(player.turn);
    // Between what was decided and its commit the same person's other application is decided, too.
    for (const { key } of player.applications.filter((one) => one.key !== about.applicationKey))
      await asSomebodyElse(async () => {
        await db.transaction((tx) => raiseHint(tx, [key]));
        await runLane(parts, key);
      });
  };
  outside.onCommit = async (tx, { key }) => {
    const application = byKey.get(key)?.applications.find((one) => one.key === key);
    const [found] = await tx
      .select({ row: applications, transaction: sql<string>`pg_current_xact_id()::text` })
      .from(applications)
      .where(eq(applications.key, key));
    const row = found?.row;
    const player = byKey.get(key);
    if (player && player.applications.length > 1) player.severalOpen.push(...(await findSeveralOpen(tx, player.email)));
    if (!application || !found || !row?.snapshot || !row.snapshotAt) return;
    const { stageEntries, status } = row.snapshot as Snapshot;
    application.commits.push({
      transaction: found.transaction,
      snapshotAtMs: row.snapshotAt.getTime(),
      crossings: stageEntries.length,
      active: status === 'active',
      atMs: clock.now().getTime(),
    });
  };

  const fateOf = ({ applicationKey, effectId }: UnderWay) => {
    const turn = byKey.get(applicationKey)?.turn;
    const name = effectId ? 'effectDies' : 'laneDies';
    const points = turn?.[name] ?? null;
    if (turn && points !== null) turn[name] = null;
    return points;
  };
  return {
    ...{ players, byKey, fateOf },
    ownerOf: (body) =>
      wordsOf(body)
        .map((word) => byWord.get(word))
        .find(Boolean) ?? null,
    calls: () => calls,
    standAll() {
      for (const { applications: applied } of players) for (const one of applied) stand(one, clock.now());
    },
  };
}

function invitedOf(office: CrowdOffice, { history, email }: Player): number {
  const seat = office.seats[history.seat % office.seats.length];
  return seat?.invited().filter((one) => one === email).length ?? 0;
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

async function findSeveralOpen(tx: Transaction, person: string): Promise<string[]> {
  const rows = await tx
    .select({ assessment: invitations.assessmentExternalId })
    .from(invitations)
    .where(and(eq(invitations.person, person), inArray(invitations.state, [...OPEN_STATES])))
    .groupBy(invitations.vendorConnectionId, invitations.assessmentExternalId)
    .having(sql`count(*) > 1`);
  return rows.map(({ assessment }) => assessment);
}
