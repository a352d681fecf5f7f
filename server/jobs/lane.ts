import type { Snapshot } from '../../lib/domain/application.ts';
import { vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import { ATS_NAMES } from '../../lib/domain/ats.ts';
import { findErasureWord } from '../erasure/find-erasure-word.ts';
import { putAside } from '../erasure/put-aside.ts';
import { requestErasure } from '../erasure/request-erasure.ts';
import { followRetries } from '../failures/after-retry.ts';
import { followInvitations } from '../failures/after-round.ts';
import { currentPriority, withPriority } from '../outbound/call-priority.ts';
import type { Services } from '../services.ts';
import { commitRounds, type Round, RoundConflict } from '../storage/commit-round.ts';
import { gather, oneFor } from '../storage/gather.ts';
import { isStoreDown } from '../storage/is-store-down.ts';
import { releaseLease, renewLease, takeLease } from '../storage/lease.ts';
import { type Case, findElsewhere, loadCase, loadCaseTogether, lookForWork, type Waiting } from '../storage/load-case.ts';
import { loadPolicy } from '../storage/load-policy.ts';
import { changesBetween } from '../workflow/changes-between.ts';
import { decide } from '../workflow/decide.ts';
import type { Effect } from '../workflow/effect.ts';
import type { WorkflowEvent } from '../workflow/event.ts';
import type { Input } from '../workflow/input.ts';
import { underKnownKeys } from '../workflow/known-entries.ts';
import { observe, observeStanding } from '../workflow/observe.ts';
import { nextDueAt, runningOut } from '../workflow/pass-time.ts';
import { type Policy, rolesThere } from '../workflow/policy.ts';
import type { ApplicationState } from '../workflow/state.ts';
import { findInvitation } from '../workflow/step.ts';
import { isNews } from '../workflow/take-report.ts';
import type { Announce } from './announce.ts';
import { isForPerson, priorityOfCase } from './calling-priority.ts';
import type { Connector } from './connector.ts';
import { keepLease, type LeaseTimes } from './keep-lease.ts';
import { eventsOfInput, meanwhileEvents } from './lane-events.ts';
import { endFault, noteFault } from './lane-fault.ts';
import { askVendor, needsSnapshot, type ReadOutcome, readApplication, waitsForRead } from './lane-gather.ts';
import { noteLastingTrouble } from './lasting-trouble.ts';
import type { FindMoveTarget } from './move-target.ts';
import type { FindNextStage } from './next-stage.ts';
import { isMistakable, isPolled, nextPollAt } from './poll-schedule.ts';
import { toReadTrouble } from './read-trouble.ts';
import type { WorkQueue } from './work-queue.ts';

export interface LaneParts {
  services: Services;
  connector: Connector;
  queue: WorkQueue;
  announce: Announce;
  findMoveTarget: FindMoveTarget;
  findNextStage: FindNextStage;
  /** Under which this process shows its presence; without it others learn of its end only when its leases run out. */
  processId?: string;
  leaseTimes?: LeaseTimes;
}

/** Conflicts are rare and each is somebody's progress; more than this in a row is a fault that must be seen. */
const CONFLICTS_MAX = 8;

/** What the rounds so far have looked at: more work is only what came after, or has come due. */
interface Seen {
  hinted: number;
  inputs: ReadonlySet<number>;
}

/**
 * Works off one application's lane: reads the world, decides, commits, until nothing waits. One worker at a time; a second one
 * leaves at once, because the holder looks again after letting go, and the housekeeping finds what a dead holder left behind.
 * What cannot be done for the moment is left with the time of the next try. What fails on this one application is noted with it. Throws
 * when the store fails, and then nothing was decided; and when a round hangs (keep-lease.ts): then the lane is free for others, and what
 * hangs decides nothing any more, because its token is no longer that of the lane (`commitRounds`, `noteFault`, `renewLease` ask for it).
 */
export async function runLane(parts: LaneParts, key: string): Promise<'done' | 'busy'> {
  const { services } = parts;
  const token = services.random.uuid();
  let seen: Seen = { hinted: -1, inputs: new Set() };
  // Taken again after release, because a hint may come between the last look and the release.
  do {
    if (!(await takeLease(services.db, key, { token, holder: parts.processId ?? null }, services.clock.now()))) return 'busy';
    const kept = keepLease(services, key, token, parts.leaseTimes);
    let isHeld = true;
    try {
      const worked = await Promise.race([workOff(parts, key, { token, seen, begins: kept.begins }), kept.hangs]);
      seen = worked.seen;
      isHeld = worked.isHeld;
    } finally {
      await kept.stop();
      if (isHeld) await releaseLease(services.db, key, token);
    }
  } while (await hasMore(parts, key, seen));
  return 'done';
}

async function hasMore({ services }: LaneParts, key: string, seen: Seen): Promise<boolean> {
  const current = await lookForWork(services.db, key);
  return current !== undefined && isMore(current, seen, services.clock.now());
}

function isMore({ dueAt, hinted, handled, inputs }: Waiting, seen: Seen, now: Date): boolean {
  const due = dueAt !== null && dueAt.getTime() <= now.getTime();
  return due || (hinted > handled && hinted > seen.hinted) || inputs.some((id) => !seen.inputs.has(id));
}

function waitingOf({ row, inputs }: Case): Waiting {
  return { ...row, inputs: inputs.map(({ id }) => id) };
}

/** One round, or more while others come between, or the lease is somebody else's. Returns what was looked at; the caller looks for more. */
async function workOff(
  parts: LaneParts,
  key: string,
  given: { token: string; seen: Seen; begins: () => void },
): Promise<{ seen: Seen; isHeld: boolean }> {
  const { services } = parts;
  const { seen } = given;
  for (let conflicts = 0; ; ) {
    const current = await loadCaseTogether(services.db)(key);
    if (!current || !isMore(waitingOf(current), seen, services.clock.now())) return { seen, isHeld: true };
    if (conflicts > 0 && !(await renewLease(services.db, key, given.token, services.clock.now()))) return { seen, isHeld: true };
    given.begins();
    const looked = { hinted: current.row.hinted, inputs: new Set(current.inputs.map(({ id }) => id)) };
    try {
      const isLetGo = await oneRound(parts, current, { token: given.token, letsGo: true });
      return { seen: looked, isHeld: !isLetGo };
    } catch (error) {
      if (isStoreDown(error)) throw error;
      if (!(error instanceof RoundConflict) || ++conflicts > CONFLICTS_MAX) {
        services.log.error({ err: error, application: key }, 'what an application needs could not be decided');
        await decideOneByOne(parts, current, { ...given, error });
        return { seen: looked, isHeld: true };
      }
      services.log.debug({ application: key, why: error.message }, 'decided on what had changed meanwhile; deciding again');
    }
  }
}

/**
 * A round failed, and would for ever. Each input is decided by itself, so that one at fault holds up no other; what stays at fault is
 * counted, tried again later, and ends on the failures list (see lane-fault.ts).
 */
async function decideOneByOne(
  parts: LaneParts,
  failed: Case,
  given: { token: string; begins: () => void; error: unknown },
): Promise<void> {
  const { services } = parts;
  const { token } = given;
  const { key } = failed.row;
  const alone = async (pick: Case['inputs']): Promise<{ error: unknown } | null> => {
    given.begins();
    try {
      const current = await loadCase(services.db, key);
      const still = new Set(current?.inputs.map(({ id }) => id));
      if (current)
        await oneRound(parts, { ...current, inputs: pick.filter(({ id }) => still.has(id)) }, { token, letsGo: false });
      return null;
    } catch (error) {
      if (isStoreDown(error)) throw error;
      return { error };
    }
  };
  const bare = await alone([]);
  const atFault: Case['inputs'] = [];
  if (!bare) for (const input of failed.inputs) if (await alone([input])) atFault.push(input);
  const isAllOfSeveral = atFault.length > 1 && atFault.length === failed.inputs.length;
  if (!bare && atFault.length === 0) return;
  const inputs = bare || isAllOfSeveral ? [] : atFault;
  await noteFault(services, { row: failed.row, token, fault: { inputs, error: bare?.error ?? given.error } });
}

/** True when the lane was let go of with the commit. */
async function oneRound(
  parts: LaneParts,
  current: Case,
  { token, letsGo }: { token: string; letsGo: boolean },
): Promise<boolean> {
  const { services } = parts;
  const round = await prepareRound(parts, current, token);
  const word = await findErasureWord(services, current, round);
  if (word) {
    if (word.kind === 'put-aside') await putAside(services, word.putAside);
    else await services.db.transaction((tx) => requestErasure(tx, parts, word.request));
    return false;
  }
  await committerOf(parts)({ round: { ...round, letsGo }, current });
  if (round.readTrouble === null) services.meter.decided(current.row.key, services.clock.now());
  return letsGo;
}

/** Rounds that end at the same moment are committed together, with one wait for the disk. */
const committerOf = oneFor(({ services, queue, announce }: LaneParts) =>
  gather(async (ended: readonly { round: Round; current: Case }[]) => {
    const rounds = ended.map(({ round }) => round);
    await services.db.transaction(async (tx) => {
      const versions = await commitRounds(tx, rounds, services);
      await followInvitations(tx, services, rounds);
      await followRetries(tx, services, ended);
      for (const { round, current } of ended) {
        await endFault(tx, services, current, { isRead: round.readTrouble === null });
        await noteLastingTrouble(tx, services, { current, readTrouble: round.readTrouble });
      }
      for (const round of rounds)
        for (const { id, effect } of round.effects) await queue.sendEffect(tx, id, undefined, isForPerson(effect, round));
      await announce(tx, ...rounds.map(({ key }, index) => ({ key, version: versions[index] ?? 0 })));
    });
    return ended.map(() => undefined);
  }),
);

/** Reads the world and decides. Writes nothing: whoever wants to know what would be decided asks here too. */
export async function prepareRound(parts: LaneParts, current: Case, token: string): Promise<Round> {
  const { services, connector } = parts;
  const read: ReadOutcome = needsSnapshot(current, services.clock.now())
    ? asKnown(current, await withPriority(priorityOfCase(current, currentPriority()), () => readApplication(connector, current)))
    : { kind: 'not-needed' };
  // What the ATS does not show us any more is nothing to act on, however well we remember it.
  const remembered = current.state.vanished ? null : current.row.snapshot;
  const snapshot = read.kind === 'fresh' ? read.snapshot : read.kind === 'absent' ? null : remembered;
  const policy = await policyFor(parts, current.row.connectionId, snapshot);
  const emails = [
    ...(snapshot?.emails ?? []),
    ...current.state.invitations.map((invitation) => invitation.person),
    ...current.inputs.flatMap(({ input }) => ('email' in input && input.email ? [input.email] : [])),
  ];
  const known: ApplicationState = { ...current.state, elsewhere: await findElsewhere(services.db, current.row.key, emails) };
  return await decideRound(parts, { current, known, read, snapshot, policy, token });
}

/**
 * What was read, with what we know besides. Not every API tells that somebody was anonymised, and nobody is un-anonymised: what was told
 * once holds for every later reading. A crossing that is told anew keeps the key under which it was decided.
 */
function asKnown(current: Case, read: ReadOutcome): ReadOutcome {
  if (read.kind !== 'fresh') return read;
  const snapshot = underKnownKeys(read.snapshot, current.state);
  return { ...read, snapshot: isAnonymised(current) ? { ...snapshot, anonymised: true } : snapshot };
}

function atsNameOf({ row }: Case): string {
  return row.snapshot ? ATS_NAMES[row.snapshot.ats] : '';
}

function isAnonymised({ row, inputs }: Case): boolean {
  return row.snapshot?.anonymised === true || inputs.some(({ input }) => input.kind === 'anonymised');
}

/** What is to be remembered: what was just read, or that whom we cannot see just now was anonymised. */
function snapshotToKeep(current: Case, read: ReadOutcome): Snapshot | null {
  if (read.kind === 'fresh') return read.snapshot;
  const { snapshot } = current.row;
  return read.kind === 'absent' && snapshot && isAnonymised(current) ? { ...snapshot, anonymised: true } : null;
}

async function policyFor(parts: LaneParts, connectionId: string, snapshot: Snapshot | null): Promise<Policy> {
  const policy = await loadPolicy(parts.services.db, connectionId);
  // Nobody else is ever moved on, and the stages of a job that is closed cost a call of their own.
  const jobId = snapshot?.status === 'active' ? (snapshot.job?.id ?? null) : null;
  return { ...policy, moveTarget: await parts.findMoveTarget(connectionId, jobId, rolesThere(policy)) };
}

interface TakenInput {
  id: number;
  kind: Input['kind'];
}

type Take = (event: WorkflowEvent, input?: TakenInput) => void;

interface RoundCase {
  current: Case;
  known: ApplicationState;
  read: ReadOutcome;
  snapshot: Snapshot | null;
  policy: Policy;
  token: string;
}

async function decideRound(parts: LaneParts, given: RoundCase): Promise<Round> {
  const { services } = parts;
  const { current, read, policy } = given;
  const now = services.clock.now();
  const round: Round = {
    key: current.row.key,
    leaseToken: given.token,
    before: given.known,
    after: given.known,
    snapshot: snapshotToKeep(current, read),
    readTrouble: read.kind === 'later' || read.kind === 'absent' ? toReadTrouble(read.trouble, current.row.readTrouble) : null,
    handled: read.kind === 'fresh' || read.kind === 'absent' ? current.row.hinted : null,
    decisions: [],
    effects: [],
    settledInputs: [],
    policyVersion: policy.version,
    now,
    dueAt: null,
    polls: new Map(),
  };
  const take: Take = (event, input) => takeEvent(round, event, { policy, now, input, random: services.random });
  const freshId = () => services.random.uuid();
  if (read.kind === 'absent') {
    // A right that was taken away is for an admin to give back, and the panel names it.
    if (read.trouble.kind !== 'forbidden') round.readTrouble = null;
    if (read.deleted) {
      if (!round.after.deleted)
        take({ snapshot: null, freshId: freshId(), type: 'application.deleted', ats: atsNameOf(current) });
    } else if (!round.after.vanished) {
      services.log.warn({ application: current.row.key, failure: read.trouble.kind }, 'an application cannot be seen any more');
      take({ snapshot: null, freshId: freshId(), type: 'application.vanished' });
    }
  }
  if (read.kind === 'fresh') {
    for (const event of observe({ state: round.after, snapshot: read.snapshot, ownMoves: current.ownMoves, policy, freshId }))
      take(event);
  }
  const retryAt = await takeInputs(parts, given, round, take);
  await askAtDeadline(parts, given, round, take);
  if (read.kind === 'fresh') {
    const before = { snapshot: current.row.snapshot, decidedEntries: given.known.decidedEntries };
    for (const event of observeStanding({ state: round.after, snapshot: read.snapshot, policy, now, freshId, before }))
      take(event);
  }
  if (read.kind === 'absent' && isDue(round.after, now)) take({ snapshot: null, freshId: freshId(), type: 'time.passed' });
  round.dueAt = dueAfter(round.after, read, retryAt, now);
  round.polls = await pollsAfter(parts, round, now);
  return round;
}

async function takeInputs(
  parts: LaneParts,
  { current, snapshot, read, policy }: RoundCase,
  round: Round,
  take: Take,
): Promise<Date | null> {
  const retries: number[] = [];
  for (const { id, input, createdAt } of current.inputs) {
    if (read.kind === 'later' && waitsForRead(input, { snapshot, policy })) continue;
    if (input.kind === 'poll' && (await wouldMistake(parts.connector, input.invitationId, round.after))) {
      round.settledInputs.push(id);
      continue;
    }
    const answer = await askVendor(parts.connector, { input, createdAt, now: round.now }, round.after.invitations);
    if (answer.kind === 'later') {
      retries.push(round.now.getTime() + answer.retryAfterMs);
      round.readTrouble ??= 'vendor';
      const meanwhile = answer.hasNone ? meanwhileEvents(input, { snapshot, freshId: parts.services.random.uuid() }) : [];
      for (const event of meanwhile) if (isNews(round.after, event)) take(event);
      continue;
    }
    const events = eventsOfInput(input, { snapshot, freshId: parts.services.random.uuid(), answer });
    // A vendor that is asked every few minutes mostly says the same, and that is no news to keep.
    const news = input.kind === 'poll' ? events.filter((event) => isNews(round.after, event)) : events;
    if (news.length === 0) round.settledInputs.push(id);
    for (const event of news) take(event, { id, kind: input.kind });
  }
  return retries.length === 0 ? null : new Date(Math.min(...retries));
}

async function wouldMistake(connector: Connector, invitationId: string, state: ApplicationState): Promise<boolean> {
  const invitation = findInvitation(state, invitationId);
  if (!invitation) return false;
  const adapter = await connector.vendor(invitation.vendorConnectionId);
  return adapter.ok && isMistakable(invitation, [...state.invitations, ...state.elsewhere], adapter.value.capabilities);
}

/**
 * Whose deadline has come is asked about before it expires: by our own record nobody began, and the last poll may be an hour old. One
 * question for each; where it cannot be asked it expires, and is asked about later (poll-schedule.ts).
 */
async function askAtDeadline(
  parts: LaneParts,
  { current, snapshot, read, policy }: RoundCase,
  round: Round,
  take: Take,
): Promise<void> {
  const isPassing = read.kind === 'fresh' || (read.kind === 'absent' && !read.deleted);
  if (!isPassing) return;
  const polled = polledIn(current);
  for (const { id: invitationId, assessmentId } of runningOut(round.after, round.now)) {
    if (polled.has(invitationId)) continue;
    const assessment = policy.assessments.find(({ id }) => id === assessmentId);
    const input: Input = { kind: 'poll', invitationId, vendor: assessment ? vendorNameOfAssessment(assessment) : '' };
    const answer = await askVendor(parts.connector, { input, createdAt: round.now, now: round.now }, round.after.invitations);
    if (answer.kind === 'later') continue;
    const events = eventsOfInput(input, { snapshot, freshId: parts.services.random.uuid(), answer });
    for (const event of events) if (isNews(round.after, event)) take(event);
  }
}

function polledIn({ inputs }: Case): ReadonlySet<string> {
  return new Set(inputs.flatMap(({ input }) => (input.kind === 'poll' ? [input.invitationId] : [])));
}

function isDue(state: ApplicationState, now: Date): boolean {
  const due = nextDueAt(state);
  return due !== null && Date.parse(due) <= now.getTime();
}

/** A round never leaves work for this very moment: should something stay due, it is looked at again soon, not in a circle. */
const SOONEST_MS = 1000;

/** When to look again by itself. Nothing can become of what is due before the ATS could be read again. */
function dueAfter(state: ApplicationState, read: ReadOutcome, retryAt: Date | null, now: Date): Date | null {
  if (read.kind === 'later') return new Date(now.getTime() + read.retryAfterMs);
  const due = nextDueAt(state);
  const times = [due === null ? null : Date.parse(due), retryAt?.getTime() ?? null].filter((time) => time !== null);
  return times.length === 0 ? null : new Date(Math.max(Math.min(...times), now.getTime() + SOONEST_MS));
}

function takeEvent(
  round: Round,
  event: WorkflowEvent,
  given: { policy: Policy; now: Date; input: TakenInput | undefined; random: Services['random'] },
): void {
  const { state, effects, decision } = decide(round.after, event, given.policy, given.now);
  const changed = changesBetween(event, { before: round.after, after: state, effects });
  round.after = state;
  round.effects.push(...effects.map((effect: Effect) => ({ id: given.random.uuid(), effect })));
  round.decisions.push({ decision, inputId: given.input?.id ?? null, inputKind: given.input?.kind ?? null, changed });
}

/** Which invitations the vendor is asked about from now on; only those that changed are looked at. */
async function pollsAfter({ connector }: LaneParts, round: Round, now: Date): Promise<Map<string, Date | null>> {
  const polls = new Map<string, Date | null>();
  const before = new Map(round.before.invitations.map((invitation) => [invitation.id, invitation]));
  for (const invitation of round.after.invitations) {
    if (before.get(invitation.id) === invitation) continue;
    const adapter = await connector.vendor(invitation.vendorConnectionId);
    polls.set(
      invitation.id,
      isPolled(invitation, adapter.ok ? adapter.value.capabilities : null) ? nextPollAt(invitation, 0, now) : null,
    );
  }
  return polls;
}
