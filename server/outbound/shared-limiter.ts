import type { AllowanceRule } from './allowance-rule.ts';
import { type AllowanceState, countFlying, readState, windowLeftMs } from './allowance-state.ts';
import type { AllowanceStore } from './allowance-store.ts';
import { CALL_PRIORITIES, type CallingWork, type CallPriority, currentWork } from './call-priority.ts';
import type { EndedCall } from './learn-allowance.ts';
import type { CallResult } from './outcome.ts';
import type { AllowanceLeft, CallLeave, RateLimiter } from './rate-limiter.ts';
import { createSharedClock } from './shared-clock.ts';
import { automaticRoom, type ByPriority, type Taken, takeTurn, waitingIn } from './take-allowance.ts';

export interface SharedLimiterOptions {
  /** Of the credential. */
  key: string;
  rule: AllowanceRule;
  store: AllowanceStore;
  /** This process; differs from every other one. */
  party: string;
  /** Between 0 and 1. */
  chance: () => number;
  /** Milliseconds that only ever grow. */
  steadyMs: () => number;
  /** Runs something once, so many milliseconds from now; the answer takes it back. */
  later: (ms: number, run: () => void) => () => void;
  onTrouble: (error: unknown) => void;
}

export interface SharedLimiter extends RateLimiter {
  /** How many automatic calls could go out by now or within a moment, beside those that wait; 0 while no work was told to come back. */
  roomForDeferred(): Promise<number>;
  /**
   * When somebody was last told to come back because the allowance was used up, by `steadyMs`; before all time if nobody was. Not for those who
   * only had to wait until one call tells what a new window holds.
   */
  shortAt(): number;
  /** From now on nobody is given leave but those for whom it is being taken just now; all others who wait are refused. */
  stop(): void;
}

interface Waiter {
  work: CallingWork;
  /** By this process's steady clock: the shared one is not known at first. */
  until: number;
  /** The order of asking. */
  turn: number;
  answer(result: CallResult<CallLeave>): void;
  fail(error: unknown): void;
}

/** A person who looks at the panel waits this long, a job holds its worker no longer; nobody waits for the sweep. */
const WAIT_AT_MOST_MS: ByPriority = { person: 3_000, automatic: 1_500, sweep: 45_000 };
/** The waiting marks are renewed before they end. */
const MARK_EVERY_MS = 700;
/** What has ended is told to the others with the next call, or after this. */
const TELL_AFTER_MS = 50;
/** What one piece of work needs, about: the pace at which those that were refused come back. */
const CALLS_PER_WORK = 3;
/** Of an allowance of which nobody tells the size; should it be smaller, the next 429 says so. */
const UNTOLD_PACE_MS = 50;
const DEFERRED_AT_MOST_MS = 600_000;
const SOON_MS = 1_400;
/** So many calls of work that has not begun wait for a window; more would hold workers that others need. */
const WAITING_AT_MOST = 8;
/** Where several asked for one round trip more are on their way: the next one begins no sooner than this after it. */
const PACE = { several: 3, ms: 6 };

/**
 * A limiter that shares its state with those of other processes. One round trip to the store at a time; everything that waits
 * in this process shares it, and what has been learned goes with it.
 */
export function createSharedLimiter(options: SharedLimiterOptions): SharedLimiter {
  const { key, rule, store, party, chance, steadyMs, later, onTrouble } = options;
  const clock = createSharedClock(steadyMs);
  let known: { state: AllowanceState; isStored: boolean } | null = null;
  let ended: EndedCall[] = [];
  let flying = 0;
  let told = 0;
  let waiting: Waiter[] = [];
  let turns = 0;
  let returnAt = 0;
  let shortAt = Number.NEGATIVE_INFINITY;
  let blockedUntil: ByPriority = { person: 0, automatic: 0, sweep: 0 };
  let isRunning = false;
  let again = false;
  let stopped = false;
  let alarm: { at: number; cancel: () => void } | null = null;

  async function readKnown(): Promise<{ state: AllowanceState; isStored: boolean }> {
    const { state, now } = await store.read(key);
    clock.set(now);
    known = { state: readState(state), isStored: state !== null };
    return known;
  }

  /** Takes a turn by what is known, and once more by what is true when that grants too little or somebody else was first. */
  async function takeShared(): Promise<Taken> {
    let current = known ?? (await readKnown());
    for (let isFresh = false; ; isFresh = true) {
      const wanted = countWanted(waiting);
      const telling = [...ended];
      const turn = { me: party, now: clock.now(), ended: telling, flying, wanted, deferredUntil: returnAt };
      const taken = takeTurn(rule, current.state, turn);
      const isShort = CALL_PRIORITIES.some((priority) => taken.granted[priority] < wanted[priority]);
      if (isShort && !isFresh) {
        current = await readKnown();
        continue;
      }
      const expected = current.isStored ? current.state.version : null;
      const { swapped, now } = await store.swap(key, { expected, state: taken.state });
      clock.set(now);
      if (!swapped) {
        current = await readKnown();
        continue;
      }
      known = { state: taken.state, isStored: true };
      ended = ended.slice(telling.length);
      told = turn.flying + sum(taken.granted);
      return taken;
    }
  }

  async function round(): Promise<void> {
    if (waiting.length === 0 && ended.length === 0 && told === flying) return;
    const taken = await takeShared();
    blockedUntil = taken.againAt;
    for (const priority of CALL_PRIORITIES) {
      const mine = waiting.filter(({ work }) => work.priority === priority).toSorted(byTurn);
      for (const waiter of mine.slice(0, taken.granted[priority])) grant(waiter);
    }
    refuseHopeless();
    if (waiting.length === 0) return;
    const next = Math.min(...waiting.map(({ work }) => blockedUntil[work.priority]));
    wakeAt(Math.min(next, clock.now() + MARK_EVERY_MS));
  }

  function grant(waiter: Waiter): void {
    waiting = waiting.filter((other) => other !== waiter);
    waiter.work.begun = true;
    flying += 1;
    const askedAt = clock.now();
    let isDone = false;
    waiter.answer({
      ok: true,
      value: {
        done(head) {
          if (isDone) return;
          isDone = true;
          flying -= 1;
          ended.push({ head, askedAt, endedAt: clock.now(), chance: chance() });
          if (head?.status === 429) wakeAt(clock.now());
          else wakeAt(clock.now() + (waiting.length > 0 ? 1 : TELL_AFTER_MS));
        },
      },
    });
  }

  /** Those for whom it would take longer than they may wait are told at once when to come back. */
  function refuseHopeless(): void {
    const now = clock.now();
    const queue = waiting.toSorted(byTurn);
    const elsewhere = known && waitingIn({ ...known.state, parties: without(known.state.parties, party) }, now);
    for (const [place, waiter] of queue.entries()) {
      const first = Math.max(blockedUntil[waiter.work.priority], now);
      // A window gives all it has at once, a bucket one after another.
      const before = place + (elsewhere ? countAhead(elsewhere, waiter.work.priority) : 0);
      const ahead = rule.kind === 'bucket' ? (before / rule.perSecond) * 1000 : 0;
      const patienceMs = waiter.until - steadyMs();
      const isCrowd = rule.kind === 'window' && first > now && place >= WAITING_AT_MOST && !waiter.work.begun;
      const isCrowded = isCrowd && waiter.work.priority !== 'person';
      if (first - now + ahead <= patienceMs && patienceMs > 0 && !isCrowded) continue;
      waiting = waiting.filter((other) => other !== waiter);
      waiter.answer(refusal(waiter.work.priority, first));
    }
  }

  /** Nobody looks after them any more, and who waits for ever keeps the process from its end. */
  function refuseAll(): void {
    const left = waiting;
    waiting = [];
    for (const waiter of left) waiter.answer(refusal(waiter.work.priority, clock.now()));
  }

  /** People come back as soon as there is something to come back for; work comes back at the pace at which it can be done. */
  function refusal(priority: CallPriority, first: number): CallResult<CallLeave> {
    const now = clock.now();
    if (!isUnknown(now)) shortAt = steadyMs();
    const detail = 'The allowance of calls is used up for the moment.';
    const refused = { ok: false, kind: 'rate-limited', detail, inOurQueue: !isPaused(now) } as const;
    if (priority === 'person') return { ...refused, retryAfterMs: Math.ceil(first - now + chance() * 300) };
    returnAt = Math.max(returnAt, first) + CALLS_PER_WORK * paceMs() * (0.5 + chance());
    const most = DEFERRED_AT_MOST_MS * (0.5 + chance() / 2);
    returnAt = Math.min(returnAt, now + DEFERRED_AT_MOST_MS);
    return { ...refused, retryAfterMs: Math.ceil(Math.min(returnAt - now, most)) };
  }

  /** The other side has asked for a pause, which is another thing than our own crowd. */
  function isPaused(now: number): boolean {
    return known !== null && known.state.pausedUntil > now;
  }

  /** Nobody has told yet what this window holds, or whether there is one. */
  function isUnknown(now: number): boolean {
    if (rule.kind !== 'window' || isPaused(now)) return false;
    const { state } = known ?? {};
    return !state?.window || windowLeftMs(state, state.window, now) <= 0;
  }

  function paceMs(): number {
    if (rule.kind === 'bucket') return 1000 / rule.perSecond;
    if (rule.kind === 'untold') return UNTOLD_PACE_MS;
    const window = known?.state.window;
    return window ? window.length / window.limit : 1000;
  }

  function wakeAt(at: number): void {
    if (stopped || (alarm && alarm.at <= at)) return;
    alarm?.cancel();
    const cancel = later(Math.max(Math.ceil(at - clock.now()), 0), () => {
      alarm = null;
      run();
    });
    alarm = { at, cancel };
  }

  function run(): void {
    again = true;
    if (isRunning) return;
    isRunning = true;
    void work();
  }

  async function othersToCome({ asked, startedAt }: { asked: number; startedAt: number }): Promise<void> {
    const leftMs = PACE.ms - (steadyMs() - startedAt);
    if (again && asked >= PACE.several && leftMs > 0) await new Promise<void>((resolve) => later(leftMs, resolve));
  }

  async function work(): Promise<void> {
    while (again && !stopped) {
      again = false;
      const startedAt = steadyMs();
      const asked = waiting.length;
      try {
        await round();
        await othersToCome({ asked, startedAt });
      } catch (error) {
        known = null;
        const failed = waiting;
        waiting = [];
        for (const waiter of failed) waiter.fail(error);
        if (failed.length === 0) onTrouble(error);
      }
    }
    // In the same breath as the last look at `again`, so that nobody who asks in between is missed.
    isRunning = false;
    if (stopped) refuseAll();
  }

  return {
    ask() {
      const calling = currentWork();
      const { priority } = calling;
      if (stopped) return Promise.resolve(refusal(priority, clock.now()));
      return new Promise((answer, fail) => {
        const now = clock.now();
        turns += 1;
        waiting.push({ work: calling, until: steadyMs() + WAIT_AT_MOST_MS[priority], turn: turns, answer, fail });
        if (blockedUntil[priority] <= now || !known) return run();
        // Nothing will have changed since the last look: no round trip only to hear the same again.
        refuseHopeless();
        wakeAt(Math.min(blockedUntil[priority], now + MARK_EVERY_MS));
      });
    },
    async left() {
      const { state } = await readKnown();
      return toLeft(rule, state, clock.now());
    },
    async roomForDeferred() {
      const until = Math.max(returnAt, known?.state.deferredUntil ?? 0);
      if (until <= clock.now()) return 0;
      const { state } = await readKnown();
      return automaticRoom(rule, state, { now: clock.now(), soonMs: SOON_MS });
    },
    shortAt: () => shortAt,
    stop() {
      stopped = true;
      alarm?.cancel();
      // What is being taken for them would be lost to everybody.
      if (!isRunning) refuseAll();
    },
  };
}

/** Work that has begun first, then in the order of asking. */
function byTurn(a: Waiter, b: Waiter): number {
  const place = CALL_PRIORITIES.indexOf(a.work.priority) - CALL_PRIORITIES.indexOf(b.work.priority);
  return place || Number(b.work.begun) - Number(a.work.begun) || a.turn - b.turn;
}

function countWanted(waiting: readonly Waiter[]): ByPriority {
  const count = (priority: CallPriority) => waiting.filter(({ work }) => work.priority === priority).length;
  return { person: count('person'), automatic: count('automatic'), sweep: count('sweep') };
}

/** A person is served before all the others, wherever they wait. */
function countAhead(elsewhere: ByPriority, priority: CallPriority): number {
  return sum({
    person: elsewhere.person,
    automatic: priority === 'person' ? 0 : elsewhere.automatic,
    sweep: priority === 'sweep' ? elsewhere.sweep : 0,
  });
}

function without<T>(parties: Record<string, T>, party: string): Record<string, T> {
  return Object.fromEntries(Object.entries(parties).filter(([id]) => id !== party));
}

function sum({ person, automatic, sweep }: ByPriority): number {
  return person + automatic + sweep;
}

function toLeft(rule: AllowanceRule, state: AllowanceState, now: number): AllowanceLeft | null {
  const pausedForMs = Math.max(state.pausedUntil - now, 0);
  if (rule.kind === 'bucket') {
    const { perSecond, burst } = rule;
    return { kind: 'bucket', perSecond, burst, remaining: Math.floor(state.bucket?.tokens ?? burst), pausedForMs };
  }
  if (!state.window) return null;
  const { limit, remaining } = state.window;
  const resetsInMs = windowLeftMs(state, state.window, now);
  const isOver = resetsInMs === 0;
  return {
    kind: 'window',
    limit,
    remaining: isOver ? limit : Math.max(remaining - countFlying(state, now), 0),
    resetsInMs,
    pausedForMs,
  };
}
