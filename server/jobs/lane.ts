import type { Snapshot } from '../../lib/domain/application.ts';
import type { Services } from '../services.ts';
import { commitRound, type Round, RoundConflict } from '../storage/commit-round.ts';
import { releaseLease, renewLease, takeLease } from '../storage/lease.ts';
import { type Case, findElsewhere, loadCase } from '../storage/load-case.ts';
import { loadPolicy } from '../storage/load-policy.ts';
import { decide } from '../workflow/decide.ts';
import type { Effect } from '../workflow/effect.ts';
import type { WorkflowEvent } from '../workflow/event.ts';
import { observe, observeStanding } from '../workflow/observe.ts';
import type { Policy } from '../workflow/policy.ts';
import type { ApplicationState } from '../workflow/state.ts';
import type { Announce } from './announce.ts';
import type { Connector } from './connector.ts';
import { eventsOfInput } from './lane-events.ts';
import { askVendor, needsSnapshot, type ReadOutcome, readApplication } from './lane-gather.ts';
import type { FindMoveTarget } from './move-target.ts';
import { isPolled, nextPollAt } from './poll-schedule.ts';
import type { WorkQueue } from './work-queue.ts';

export interface LaneParts {
  services: Services;
  connector: Connector;
  queue: WorkQueue;
  announce: Announce;
  findMoveTarget: FindMoveTarget;
}

/** Conflicts are rare and each is somebody's progress; more than this in a row is a fault that must be seen. */
const CONFLICTS_MAX = 8;

/**
 * Works off one application's lane: reads the world, decides, commits, until nothing waits. One worker at a time; a second one
 * leaves at once, because the holder looks again after letting go, and the housekeeping finds what a dead holder left behind.
 * Throws only when the store fails, and then nothing was decided.
 */
export async function runLane(parts: LaneParts, key: string): Promise<'done' | 'busy'> {
  const { services } = parts;
  const token = services.random.uuid();
  // Taken again after release, because a hint may come between the last look and the release.
  for (let more = true; more; ) {
    if (!(await takeLease(services.db, key, token, services.clock.now()))) return 'busy';
    try {
      more = await workOff(parts, key, token);
    } finally {
      await releaseLease(services.db, key, token);
    }
    if (!more) more = await hasWork(parts, key);
  }
  return 'done';
}

async function hasWork({ services }: LaneParts, key: string): Promise<boolean> {
  const current = await loadCase(services.db, key);
  return current !== undefined && isWaiting(current, services.clock.now());
}

/** A re-read that failed for the moment leaves its hint, and `dueAt` says when to try again. */
function isWaiting(current: Case, now: Date): boolean {
  const due = current.row.dueAt !== null && current.row.dueAt.getTime() <= now.getTime();
  const hinted = current.row.hinted > current.row.handled && current.row.readTrouble === null;
  const inputs = current.inputs.length > 0 && current.row.readTrouble === null;
  return due || hinted || inputs;
}

/** Rounds until nothing waits. True when the lease was lost and the work has to be looked at again. */
async function workOff(parts: LaneParts, key: string, token: string): Promise<boolean> {
  let conflicts = 0;
  for (let first = true; ; first = false) {
    const { services } = parts;
    const current = await loadCase(services.db, key);
    if (!current || !(first ? hasAnything(current, services.clock.now()) : isWaiting(current, services.clock.now())))
      return false;
    if (!(await renewLease(services.db, key, token, services.clock.now()))) return true;
    try {
      await oneRound(parts, current, token);
      conflicts = 0;
    } catch (error) {
      if (!(error instanceof RoundConflict) || ++conflicts > CONFLICTS_MAX) throw error;
      services.log.debug({ application: key, why: error.message }, 'decided on what had changed meanwhile; deciding again');
    }
  }
}

function hasAnything(current: Case, now: Date): boolean {
  return current.row.hinted > current.row.handled || current.inputs.length > 0 || isWaiting(current, now);
}

async function oneRound(parts: LaneParts, current: Case, token: string): Promise<void> {
  const { services, connector, queue, announce } = parts;
  const read: ReadOutcome = needsSnapshot(current, services.clock.now())
    ? await readApplication(connector, current)
    : { kind: 'not-needed' };
  const snapshot = read.kind === 'fresh' ? read.snapshot : read.kind === 'absent' ? null : current.row.snapshot;
  const policy = await policyFor(parts, current.row.connectionId, snapshot);
  const emails = [
    ...(snapshot?.emails ?? []),
    ...current.inputs.flatMap(({ input }) => (input.kind === 'send' && input.email ? [input.email] : [])),
  ];
  const known: ApplicationState = { ...current.state, elsewhere: await findElsewhere(services.db, current.row.key, emails) };
  const round = await decideRound(parts, { current, known, read, snapshot, policy, token });
  await services.db.transaction(async (tx) => {
    const { version } = await commitRound(tx, round);
    for (const { id } of round.effects) await queue.sendEffect(tx, id);
    await announce(tx, { key: current.row.key, version });
  });
}

async function policyFor(parts: LaneParts, connectionId: string, snapshot: Snapshot | null): Promise<Policy> {
  const policy = await loadPolicy(parts.services.db, connectionId);
  return { ...policy, moveTarget: await parts.findMoveTarget(connectionId, snapshot?.job?.id ?? null, policy.stageRoles) };
}

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
    snapshot: read.kind === 'fresh' ? read.snapshot : null,
    readTrouble: read.kind === 'later' || read.kind === 'absent' ? read.trouble.kind : null,
    handled: read.kind === 'fresh' || read.kind === 'absent' ? current.row.hinted : null,
    decisions: [],
    effects: [],
    settledInputs: [],
    policyVersion: policy.version,
    now,
    retryAt: read.kind === 'later' ? new Date(now.getTime() + read.retryAfterMs) : null,
    polls: new Map(),
  };
  const take = (event: WorkflowEvent, inputId: number | null = null) =>
    takeEvent(round, event, { policy, now, inputId, random: services.random });
  const freshId = () => services.random.uuid();
  if (read.kind === 'absent') {
    round.readTrouble = null;
    if (!round.after.vanished) take({ snapshot: null, freshId: freshId(), type: 'application.vanished' });
  }
  if (read.kind === 'fresh') {
    for (const event of observe({ state: round.after, snapshot: read.snapshot, ownMoves: current.ownMoves, policy, freshId }))
      take(event);
  }
  await takeInputs(parts, given, round, take);
  if (read.kind === 'fresh') {
    for (const event of observeStanding({ state: round.after, snapshot: read.snapshot, policy, now, freshId })) take(event);
  }
  round.polls = await pollsAfter(parts, round, now);
  return round;
}

async function takeInputs(
  parts: LaneParts,
  { current, snapshot }: RoundCase,
  round: Round,
  take: (event: WorkflowEvent, inputId: number) => void,
): Promise<void> {
  for (const { id, input } of current.inputs) {
    const answer = await askVendor(parts.connector, input, round.after.invitations);
    if (answer.kind === 'later') {
      const retryAt = new Date(round.now.getTime() + answer.retryAfterMs);
      round.retryAt = round.retryAt && round.retryAt < retryAt ? round.retryAt : retryAt;
      round.readTrouble ??= 'vendor';
      continue;
    }
    const events = eventsOfInput(input, { snapshot, freshId: parts.services.random.uuid(), answer });
    if (events.length === 0) round.settledInputs.push(id);
    for (const event of events) take(event, id);
  }
}

function takeEvent(
  round: Round,
  event: WorkflowEvent,
  given: { policy: Policy; now: Date; inputId: number | null; random: Services['random'] },
): void {
  const { state, effects, decision } = decide(round.after, event, given.policy, given.now);
  round.after = state;
  round.effects.push(...effects.map((effect: Effect) => ({ id: given.random.uuid(), effect })));
  round.decisions.push({ decision, inputId: given.inputId });
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
      adapter.ok && isPolled(invitation, adapter.value.capabilities) ? nextPollAt(invitation, 0, now) : null,
    );
  }
  return polls;
}
