import { randomUUID } from 'node:crypto';
import { and, eq, isNotNull } from 'drizzle-orm';
import { failuresViewSchema } from '../../../lib/contract/failures.ts';
import { commandAnswerSchema } from '../../../lib/contract/panel.ts';
import { PATHS } from '../../../lib/contract/paths.ts';
import { runLane } from '../../../server/jobs/lane.ts';
import { relayDeliveries } from '../../../server/jobs/relay.ts';
import { applications, decisions, deliveries, inputs } from '../../../server/storage/schema.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import type { World } from '../../simulators/world.ts';
import { retryFailed } from '../people-at-work.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { applyAtGreenhouse, applyAtLever, type Seeker } from '../seekers.ts';
import { type StillOffice, startStillOffice } from '../tools/still-office.ts';

/** Each is told of at least twice, so that the full size is a thousand webhooks. */
const PEOPLE = { small: 40, full: 500 };
const ASKED = 1000;
const MOST_DELAY_MS = 1000;
/** A little more than each pause until a poison is put aside: ten minutes in all for a webhook. */
const PAUSES_S = [3, 10, 40, 70, 600];

/**
 * R10: one event that can never be worked off, among a thousand. The rest is done, once; the one is on the failures list with its reason,
 * and nobody waits for it.
 */
export const poison: Check = {
  id: 'R10',
  alone: true,
  what: 'poison event',
  budgetMs: { full: 90_000 },
  run: async (given) => [
    await measureTwice(() => poisonDelivery(given, AT_FIRST)),
    // It is about the order of what is written, and not about how many.
    await measureTwice(() => poisonDelivery({ ...given, size: 'small' }, AT_ITS_END)),
    await measureTwice(() => poisonApplication(given)),
  ],
};

/** Once more where nothing but the time was missed, which a machine that stood still may have done: then the better time counts. */
async function measureTwice(measure: () => Promise<CheckRow>): Promise<CheckRow> {
  const row = await measure();
  if (row.met || row.wrong !== 0) return row;
  const again = await measure();
  return { ...again, figure: `${again.figure} (before that: ${row.figure})` };
}

/** Where the store says no to what a webhook asks for. */
interface Refusal {
  what: string;
  when: string;
  condition?: string;
}
const AT_FIRST: Refusal = { what: 'a webhook that the store refuses for ever', when: 'before insert on tagalong.applications' };
/** All else that belongs to it has been written by then, and must not stay: marked as passed on, it would be silent. */
const AT_ITS_END: Refusal = {
  what: 'a webhook whose hint, the last thing written of it, the store refuses for ever',
  when: 'before update on tagalong.applications',
  condition: 'new.hinted > old.hinted',
};

/** The store refuses what one webhook asks for, whoever tries and however often. */
async function poisonDelivery({ seed, size, say }: CheckRun, { what, when, condition }: Refusal): Promise<CheckRow> {
  const office = await startStillOffice();
  try {
    const random = createSeededRandom(seed);
    const people = await applyAll(office, PEOPLE[size] - 1);
    await relayAll(office);
    // The first half moves undisturbed, for comparison.
    const middle = Math.ceil(people.length / 2);
    const calm = await moveAndRelay(office, people.slice(0, middle));
    const one = apply(office.world, PEOPLE[size]);
    const isTheOne = `new.application_id = '${one.applicationId}'`;
    await refuse(office, when, condition ? `${isTheOne} and ${condition}` : isTheOne);
    const disturbed = await moveAndRelay(office, random.some([...people.slice(middle), one], people.length));
    const delayMs = extraOf(disturbed, calm);
    const stored = (await office.server.services.db.select({ id: deliveries.id }).from(deliveries)).length;
    // Who comes while it is being tried again.
    const late = Array.from({ length: 20 }, (_, number) => apply(office.world, PEOPLE[size] + 1 + number));
    await office.world.settle();
    await moveAndRelay(office, late);
    await letTimePass(office);
    const others = [...people, ...late];
    const undone = others.filter(({ email }) => invited(office.world, email) !== 1);
    const listed = await openFailures(office);
    const about = await aboutOne(office, one);
    const isListed =
      about.length > 0 &&
      listed.length === about.length &&
      listed.every(({ kind, why }) => kind === 'delivery' && /23514/.test(why ?? ''));
    for (const { email } of undone.slice(0, 3)) say(`${email} was invited ${invited(office.world, email)} times`);
    if (!isListed) say(`the list: ${JSON.stringify(listed)}`);
    const isRight = isListed && about.every(({ outcome }) => outcome === 'failed');
    const wrong = undone.length + (isRight ? 0 : 1);
    const met = wrong === 0 && delayMs < MOST_DELAY_MS && stored >= (size === 'full' ? ASKED : PEOPLE.small);
    return {
      id: 'R10',
      what,
      asked: `one among ${ASKED}`,
      reached: `one among ${stored}`,
      figure: `others not done ${undone.length}, delay of others ${Math.round(delayMs)} ms, on the list ${isListed ? 'with its reason' : 'NOT'}`,
      target: `0, < ${MOST_DELAY_MS} ms, listed`,
      wrong,
      met,
    };
  } finally {
    await office.close();
  }
}

/** An application whose every commit the store refuses, and one whose lane holds a word that nothing understands. */
async function poisonApplication({ seed, size, say }: CheckRun): Promise<CheckRow> {
  const office = await startStillOffice();
  const { db, clock } = office.server.services;
  try {
    const random = createSeededRandom(seed + 1);
    const seekers = await applyAll(office, PEOPLE[size]);
    await office.crank.turn();
    const [broken, mute] = random.some(
      seekers.filter(({ ats }) => ats === 'lever'),
      2,
    );
    if (!broken || !mute) throw new Error('nobody applied');
    await move(office, seekers);
    await relayAll(office);
    const brokenKey = await keyOf(office, broken);
    const muteKey = await keyOf(office, mute);
    await refuse(office, 'before update on tagalong.applications', `new.key = '${brokenKey}' and new.handled > old.handled`);
    await db
      .insert(inputs)
      .values({ applicationKey: muteKey, key: `poison:${randomUUID()}`, input: { kind: 'unheard-of' }, createdAt: clock.now() });
    const spent = await workLanes(office, new Set([brokenKey, muteKey]));
    // The click comes behind the word that nothing understands, and gets its answer all the same.
    const clickedAt = performance.now();
    const answered = await click(office, mute, muteKey);
    const clickMs = performance.now() - clickedAt;
    const told = await click(office, broken, brokenKey);
    await letTimePass(office);
    const others = seekers.filter((seeker) => seeker !== broken);
    const undone = others.filter(({ email }) => invited(office.world, email) !== 1);
    const listed = await openFailures(office);
    const reasons = listed.map(({ kind, text }) => `${kind}: ${text}`).toSorted();
    const isListed = listed.length === 2 && listed.every(({ kind, why }) => kind === 'job' && why !== null);
    const decided = await db
      .select({ id: decisions.id })
      .from(decisions)
      .where(and(eq(decisions.applicationKey, muteKey), isNotNull(decisions.actionId)));
    const delayMs = Math.max(spent, clickMs);
    for (const { email } of undone.slice(0, 3)) say(`${email} was invited ${invited(office.world, email)} times`);
    if (!isListed) say(`the list: ${JSON.stringify(reasons)}`);
    const isAnswered = answered !== 'pending' && told === 'pending' && decided.length === 1;
    const wrong = undone.length + (isListed && isAnswered ? 0 : 1);
    return {
      id: 'R10',
      what: 'an application that cannot be decided, and a word that nothing understands before a click',
      asked: `two among ${PEOPLE.full} applications`,
      reached: `two among ${PEOPLE[size]} applications`,
      figure: `others not done ${undone.length}, delay of others ${Math.round(delayMs)} ms, on the list ${isListed ? 'with their reasons' : 'NOT'}, click ${isAnswered ? 'answered' : `NOT answered (${answered}, ${told}, ${decided.length})`}`,
      target: `0, < ${MOST_DELAY_MS} ms, listed, answered`,
      wrong,
      met: wrong === 0 && delayMs < MOST_DELAY_MS,
    };
  } finally {
    await office.close();
  }
}

function apply(world: World, number: number): Seeker {
  const person = { name: `Seeker Number${number}`, email: `seeker.${number}@mail.example`, tag: 'Senior SWE' };
  const [seeker] = (number % 2 ? applyAtLever : applyAtGreenhouse)(world, person, 1);
  if (!seeker) throw new Error('nobody applied');
  return seeker;
}

async function applyAll({ world }: StillOffice, count: number): Promise<Seeker[]> {
  const seekers: Seeker[] = [];
  while (seekers.length < count) {
    const more = Math.min(MOVED_AT_ONCE, count - seekers.length);
    for (let number = 0; number < more; number += 1) seekers.push(apply(world, seekers.length));
    await world.settle();
  }
  return seekers;
}

/** Whatever is tried there, the store says no: as a row does that breaks a rule of the database. */
async function refuse({ server }: StillOffice, when: string, condition: string): Promise<void> {
  await server.services.db.execute(`create or replace function tagalong.refuse_poison() returns trigger language plpgsql as $$
    begin raise exception 'refused by the check' using errcode = '23514'; end $$`);
  await server.services.db.execute(
    `create trigger refuse_poison ${when} for each row when (${condition}) execute function tagalong.refuse_poison()`,
  );
}

/** One pass of the relay: how many webhooks came to their end in it, and how long that took. */
interface Pass {
  ended: number;
  ms: number;
}

/** Moves them to the assessment stage and passes on what is told of it; without the time that the simulators take. */
async function moveAndRelay(office: StillOffice, seekers: readonly Seeker[]): Promise<Pass[]> {
  await move(office, seekers);
  return await relayAll(office);
}

/** Some at a time: more at once than the accept path answers within the senders' patience would only come again. */
async function move({ world }: StillOffice, seekers: readonly Seeker[]): Promise<void> {
  for (let from = 0; from < seekers.length; from += MOVED_AT_ONCE) {
    for (const seeker of seekers.slice(from, from + MOVED_AT_ONCE)) seeker.take({ kind: 'move', to: 'assessment' });
    await world.settle();
  }
}

const MOVED_AT_ONCE = 50;

/** Until nothing more is to be passed on now. What it leads to is worked off by the crank, so no jobs are sent. */
async function relayAll({ server }: StillOffice): Promise<Pass[]> {
  const queue = { sendLane: async () => undefined, sendEffect: async () => undefined };
  const passes: Pass[] = [];
  for (;;) {
    const startedAt = performance.now();
    const ended = await orStop(relayDeliveries({ ...server.parts, queue }), 0);
    passes.push({ ended, ms: performance.now() - startedAt });
    if (ended === 0) return passes;
  }
}

/** What a process does about a failure of its background work: it tries again later. What stays undone because of it is counted in the end. */
async function orStop<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work;
  } catch {
    return otherwise;
  }
}

/** What one pass took at most beyond what it takes undisturbed: so long somebody waited for the poison. */
function extraOf(disturbed: readonly Pass[], calm: readonly Pass[]): number {
  const full = calm.filter(({ ended }) => ended > 0);
  const total = full.reduce((sum, { ended }) => sum + ended, 0);
  const each = full.reduce((sum, { ms }) => sum + ms, 0) / Math.max(total, 1);
  return Math.max(...disturbed.map(({ ended, ms }) => ms - ended * each));
}

/** Works off everything that is due; milliseconds that the given lanes took, for so long their worker was not there for others. */
async function workLanes(office: StillOffice, keys: ReadonlySet<string>): Promise<number> {
  const startedAt = performance.now();
  for (const key of keys) await runLane(office.server.parts, key);
  const spent = performance.now() - startedAt;
  await orStop(office.crank.turn(), undefined);
  return spent;
}

async function letTimePass({ clock, crank, world }: StillOffice): Promise<void> {
  const turn = async () => {
    // A webhook that a busy machine answered too late comes once more.
    await retryFailed(world);
    await world.settle();
    await orStop(crank.turn(), undefined);
  };
  for (const seconds of PAUSES_S) {
    clock.pass(seconds);
    await turn();
  }
  // So does a call that it gave up waiting for. Deadlines are days away.
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const next = await crank.nextDueAt();
    if (!next || next.getTime() - clock.now().getTime() > SOON_MS) return;
    // Each has a time of its own: a minute on, so that not every one costs a round.
    clock.moveTo(new Date(next.getTime() + 60_000));
    await turn();
  }
}

const ROUNDS_MAX = 60;
const SOON_MS = 30 * 60_000;

function invited(world: World, email: string): number {
  return world.coderbyte.invitations().filter((one) => one.email === email).length;
}

async function openFailures({ company }: StillOffice) {
  const { items } = await company.api.call(failuresViewSchema, 'GET', `${PATHS.failures}?limit=200`);
  return items;
}

/** A webhook tells of the application, another one of the stage. */
async function aboutOne({ server }: StillOffice, { applicationId }: Seeker): Promise<{ outcome: string | null }[]> {
  const rows = await server.services.db.select().from(deliveries);
  return rows.filter(({ hints }) => hints.some((hint) => hint.applicationId === applicationId));
}

async function keyOf({ server }: StillOffice, { applicationId }: Seeker): Promise<string> {
  const [row] = await server.services.db.select().from(applications).where(eq(applications.applicationId, applicationId));
  if (!row) throw new Error('nobody knows the application');
  return row.key;
}

/** Somebody clicks "Send" in the panel. */
async function click({ company, clock }: StillOffice, { applicationId }: Seeker, applicationKey: string): Promise<string> {
  const { outcome } = await company.api.call(commandAnswerSchema, 'POST', PATHS.commands.send, {
    actionId: randomUUID(),
    page: { kind: 'application', ats: 'lever', host: 'hire.lever.co', applicationId },
    applicationKey,
    clickedAt: clock.now().toISOString(),
    assessmentId: company.assessments.backendTakeHome.id,
    options: {},
  });
  return outcome;
}
