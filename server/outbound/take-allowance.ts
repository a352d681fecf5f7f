import type { AllowanceRule } from './allowance-rule.ts';
import {
  type AllowanceState,
  type AllowanceWindow,
  countFlying,
  type Party,
  takenByOthers,
  windowLeftMs,
} from './allowance-state.ts';
import { CALL_PRIORITIES, type CallPriority } from './call-priority.ts';
import { type EndedCall, learn } from './learn-allowance.ts';

export type ByPriority = Record<CallPriority, number>;

/** One process's turn at the shared state: what it has learned since its last turn, and what it asks for. */
export interface Turn {
  /** The process. */
  me: string;
  now: number;
  ended: readonly EndedCall[];
  /** Its calls that are still on their way. */
  flying: number;
  wanted: ByPriority;
  /** It told work to come back, the last of it then. */
  deferredUntil: number;
}

export interface Taken {
  state: AllowanceState;
  granted: ByPriority;
  /** For a class that did not get all it wanted: when to ask again at the earliest. 0 for the others. */
  againAt: ByPriority;
}

/** A process that has asked nothing for this long and still has calls on their way was killed: no call lasts longer. */
const FLYING_FOR_MS = 30_000;
/** For so long a lower class leaves a waiting call its share, unless the process says again that it waits. */
const WAITING_FOR_MS = 1_500;
/** A call into the unknown that is not answered by then is not waited for any more. */
const PROBE_EVERY_MS = 2_000;
/** Calls of others are waited for; nobody tells when they end. */
const LOOK_AGAIN_MS = 50;
/** Who is kept waiting for somebody else's sake does not ask in a circle. */
const SOONEST_MS = 10;

/** Of a window, automatic calls leave this share to people, and sweeps leave more; towards its end it is theirs too. */
const SPARE_SHARE = 0.2;
const SWEEP_LEAVES = 1.5;
/** When it begins to shrink, and when it is gone: so near to the end that a click after it can wait for the next window. */
const SPARE_SHRINKS = { share: 0.6, leftMs: 8_000 };
const SPARE_GONE = { share: 0.25, leftMs: 2_500 };

/** So long it may take until an answer tells what others took. */
const UNHEARD_MS = 1_000;
/** For whom it is only others' calls that leave nothing: any answer may tell otherwise. */
const LOOK_FOR_OTHERS_MS = 250;

const NOTHING: ByPriority = { person: 0, automatic: 0, sweep: 0 };

/** What may go out now. Pure; the state it returns counts only if it could be stored in place of the one that was read. */
export function takeTurn(rule: AllowanceRule, before: AllowanceState, turn: Turn): Taken {
  const learned = turn.ended.reduce((state, call) => learn(rule, state, call), refill(rule, before, turn.now));
  const state = {
    ...learned,
    parties: othersOf(learned, turn),
    deferredUntil: Math.max(learned.deferredUntil, turn.deferredUntil),
  };
  const room = roomFor(rule, state, turn);
  const granted = share(room.calls, turn.wanted, waitingIn(state, turn.now));
  const count = granted.person + granted.automatic + granted.sweep;
  const left = minus(turn.wanted, granted);
  const me: Party = {
    flying: turn.flying + count,
    flyingUntil: turn.now + FLYING_FOR_MS,
    waiting: left,
    waitingUntil: turn.now + WAITING_FOR_MS,
  };
  const isIdle = me.flying === 0 && left.person + left.automatic + left.sweep === 0;
  return {
    state: {
      ...state,
      version: before.version + 1,
      parties: isIdle ? state.parties : { ...state.parties, [turn.me]: me },
      bucket: state.bucket && { ...state.bucket, tokens: state.bucket.tokens - count },
      window: state.window && { ...state.window, own: state.window.own + count },
      probedAt: room.isProbe && count > 0 ? turn.now : state.probedAt,
    },
    granted,
    againAt: each((priority) => (left[priority] > 0 ? room.againAt[priority] : 0)),
  };
}

/** How many automatic calls could go out by now, or within `soonMs`, beside those that wait already. */
export function automaticRoom(
  rule: AllowanceRule,
  before: AllowanceState,
  { now, soonMs }: { now: number; soonMs: number },
): number {
  const state = refill(rule, before, now);
  const waiting = waitingIn(state, now);
  const taken = waiting.person + waiting.automatic;
  if (state.pausedUntil > now + soonMs) return 0;
  if (state.bucket && rule.kind === 'bucket')
    return Math.max(state.bucket.tokens - rule.spare + (rule.perSecond * soonMs) / 1000 - taken, 0);
  const { window } = state;
  const flying = countFlying(state, now);
  if (!window) return Math.max(state.careful - flying - taken, 0);
  const leftMs = windowLeftMs(state, window, now);
  const calls =
    leftMs <= soonMs / 2
      ? window.limit
      : window.remaining - reserveOf(state, now).automatic - (leftMs <= soonMs ? 0 : spareOf(window, leftMs));
  return Math.max(calls - flying - taken, 0);
}

interface Room {
  /** How many calls of each class could go out, were it alone. */
  calls: ByPriority;
  againAt: ByPriority;
  isProbe: boolean;
}

function roomFor(rule: AllowanceRule, state: AllowanceState, turn: Turn): Room {
  const { now } = turn;
  if (state.pausedUntil > now) return { calls: NOTHING, againAt: all(state.pausedUntil), isProbe: false };
  if (rule.kind === 'bucket') return bucketRoom(rule, state.bucket?.tokens ?? rule.burst, now);
  const flying = countFlying(state, now) + turn.flying;
  if (rule.kind === 'untold')
    return state.strikes === 0
      ? { calls: all(Number.MAX_SAFE_INTEGER), againAt: all(now), isProbe: false }
      : probeRoom(state, { allowed: 1, flying, now });
  const leftMs = state.window ? windowLeftMs(state, state.window, now) : 0;
  if (state.window && leftMs > 0) return windowRoom(state.window, { leftMs, flying, now, reserve: reserveOf(state, now) });
  // A new window may be smaller than the one before: one call asks, the others wait for its answer.
  return probeRoom(state, { allowed: state.window ? 1 : state.careful, flying, now });
}

function bucketRoom(rule: Extract<AllowanceRule, { kind: 'bucket' }>, tokens: number, now: number): Room {
  const kept = { person: 0, automatic: rule.spare, sweep: rule.spare + 1 };
  const until = (count: number) => now + Math.max(((count - tokens) / rule.perSecond) * 1000, SOONEST_MS);
  return {
    calls: each((priority) => Math.max(Math.floor(tokens - kept[priority]), 0)),
    againAt: each((priority) => until(1 + kept[priority])),
    isProbe: false,
  };
}

interface WindowCase {
  leftMs: number;
  flying: number;
  now: number;
  /** For what others take before we hear of it. */
  reserve: { person: number; automatic: number };
}

function windowRoom(window: AllowanceWindow, { leftMs, flying, now, reserve }: WindowCase): Room {
  // Whether the calls on their way are in what was told is unknown, so they are taken off: at worst they are counted twice for a moment.
  const free = window.remaining - flying;
  const spare = spareOf(window, leftMs);
  const kept = {
    person: reserve.person,
    automatic: Math.max(spare, reserve.automatic),
    sweep: Math.max(Math.ceil(spare * SWEEP_LEAVES), reserve.automatic),
  };
  const resets = now + leftMs;
  return {
    calls: each((priority) => Math.max(free - kept[priority], 0)),
    againAt: each((priority) => {
      if (window.remaining <= 0) return resets;
      if (free <= 0) return Math.min(now + LOOK_AGAIN_MS, resets);
      if (free <= reserve[priority === 'person' ? 'person' : 'automatic']) return Math.min(now + LOOK_FOR_OTHERS_MS, resets);
      return Math.min(freedAt(window, { priority, leftMs, now }), resets);
    }),
    isProbe: false,
  };
}

/** When the share that is kept for others begins to shrink. */
function freedAt(
  window: AllowanceWindow,
  { priority, leftMs, now }: { priority: CallPriority; leftMs: number; now: number },
): number {
  const kept = leftMs - leftAt(window, SPARE_SHRINKS);
  return now + (priority === 'person' ? LOOK_AGAIN_MS : Math.max(kept, LOOK_AGAIN_MS));
}

function probeRoom(state: AllowanceState, given: { allowed: number; flying: number; now: number }): Room {
  const { allowed, flying, now } = given;
  const overdue = now - state.probedAt >= PROBE_EVERY_MS ? 1 : 0;
  const calls = Math.max(allowed - flying, overdue);
  // A person does not wait for the answer to somebody else's question.
  const forPerson = Math.max(calls, allowed + 1 - flying);
  const againAt = all(Math.min(now + LOOK_AGAIN_MS, Math.max(state.probedAt + PROBE_EVERY_MS, now + 1)));
  return { calls: { person: forPerson, automatic: calls, sweep: calls }, againAt, isProbe: true };
}

/** Full while most of the window is ahead, gone towards its end: what nobody clicked for is used all the same. */
function spareOf(window: AllowanceWindow, leftMs: number): number {
  const [shrinks, gone] = [leftAt(window, SPARE_SHRINKS), leftAt(window, SPARE_GONE)];
  const share = Math.min(Math.max((leftMs - gone) / (shrinks - gone), 0), 1);
  return Math.ceil(Math.floor(window.limit * SPARE_SHARE) * share);
}

/** What others will have taken by now at their pace; automatic calls leave them a little more, because the answers tell it late. */
function reserveOf(state: AllowanceState, now: number): { person: number; automatic: number } {
  return { person: Math.floor(takenByOthers(state, now)), automatic: Math.ceil(takenByOthers(state, now + UNHEARD_MS)) };
}

function leftAt(window: AllowanceWindow, { share, leftMs }: { share: number; leftMs: number }): number {
  return Math.min(window.length * share, leftMs);
}

/** Strictly by class: who waits in a higher one, here or in another process, is served or left its share first. */
function share(calls: ByPriority, wanted: ByPriority, elsewhere: ByPriority): ByPriority {
  const granted = { ...NOTHING };
  let before = 0;
  for (const priority of CALL_PRIORITIES) {
    granted[priority] = Math.min(wanted[priority], Math.max(calls[priority] - before, 0));
    before += wanted[priority] + elsewhere[priority];
  }
  return granted;
}

function othersOf(state: AllowanceState, { me, now }: Turn): AllowanceState['parties'] {
  return Object.fromEntries(
    Object.entries(state.parties).filter(([id, party]) => id !== me && Math.max(party.flyingUntil, party.waitingUntil) > now),
  );
}

export function waitingIn(state: AllowanceState, now: number): ByPriority {
  const live = Object.values(state.parties).filter((party) => party.waitingUntil > now);
  return each((priority) => live.reduce((sum, party) => sum + party.waiting[priority], 0));
}

function refill(rule: AllowanceRule, state: AllowanceState, now: number): AllowanceState {
  if (rule.kind !== 'bucket') return state;
  const { tokens, at } = state.bucket ?? { tokens: rule.burst, at: now };
  // Inside a pause nothing grows: `at` is its end.
  const grown = (Math.max(now - at, 0) / 1000) * rule.perSecond;
  return { ...state, bucket: { tokens: Math.min(tokens + grown, rule.burst), at: Math.max(at, now) } };
}

function minus(a: ByPriority, b: ByPriority): ByPriority {
  return each((priority) => a[priority] - b[priority]);
}

function all(value: number): ByPriority {
  return each(() => value);
}

function each(value: (priority: CallPriority) => number): ByPriority {
  return { person: value('person'), automatic: value('automatic'), sweep: value('sweep') };
}
