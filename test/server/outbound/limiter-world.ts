import type { AllowanceRule } from '../../../server/outbound/allowance-rule.ts';
import type { AllowanceStore } from '../../../server/outbound/allowance-store.ts';
import { type CallPriority, withPriority } from '../../../server/outbound/call-priority.ts';
import type { AnswerHead, CallLeave } from '../../../server/outbound/rate-limiter.ts';
import { createSharedLimiter, type SharedLimiter } from '../../../server/outbound/shared-limiter.ts';

/** An ATS that counts: told when a call arrives, it says what it answers. */
export type CountingAts = (arrivesAt: number) => AnswerHead | null;

export interface Outcome {
  name: string;
  at: number;
  result: number | 'refused' | 'lost';
  retryAfterMs: number;
  /** Refused without anybody having been asked, because of our own crowd. */
  inOurQueue: boolean;
}

const START = Date.parse('2026-11-21T12:00:00Z');

/** Several processes with one store, in virtual time: nothing waits for a real clock. */
export function createLimiterWorld(rule: AllowanceRule, ats: CountingAts, { latencyMs = 20, skewMs = 0 } = {}) {
  let now = START;
  let seed = 1;
  const timers: { at: number; run: () => void; order: number }[] = [];
  let order = 0;
  const later = (ms: number, run: () => void) => {
    const timer = { at: now + Math.max(ms, 0), run, order: ++order };
    timers.push(timer);
    return () => void (timers.includes(timer) && timers.splice(timers.indexOf(timer), 1));
  };
  const sleep = (ms: number) => new Promise<void>((done) => void later(ms, done));
  const chance = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  let stored: (Record<string, unknown> & { version: number }) | null = null;
  const trips = { count: 0 };
  let failures = 0;
  let setBy = 0;
  const travel = async () => {
    trips.count += 1;
    await sleep(1);
    if (failures > 0) {
      failures -= 1;
      throw new Error('the store is down');
    }
  };
  const store: AllowanceStore = {
    async read() {
      await travel();
      return { state: structuredClone(stored), now: now + setBy };
    },
    async swap(_key, { expected, state }) {
      await travel();
      const swapped = (stored?.version ?? null) === expected;
      if (swapped) stored = structuredClone(state);
      return { swapped, now: now + setBy };
    },
  };
  const outcomes: Outcome[] = [];
  const process = (party: string): SharedLimiter =>
    // Steady clocks of two processes begin anywhere.
    createSharedLimiter({
      key: 'k',
      rule,
      store,
      party,
      chance,
      steadyMs: () => now - START + party.length * 1e6,
      later,
      onTrouble: (error) => {
        throw error;
      },
    });
  const call = async (limiter: SharedLimiter, name: string, priority: CallPriority = 'automatic'): Promise<Outcome> => {
    const leave = await withPriority(priority, () => limiter.ask());
    const outcome = leave.ok
      ? { name, at: now - START, result: await send(leave.value), retryAfterMs: 0, inOurQueue: false }
      : {
          name,
          at: now - START,
          result: 'refused' as const,
          retryAfterMs: leave.kind === 'rate-limited' ? leave.retryAfterMs : -1,
          inOurQueue: leave.kind === 'rate-limited' && leave.inOurQueue === true,
        };
    outcomes.push(outcome);
    return outcome;
  };
  const send = async (leave: CallLeave): Promise<number | 'lost'> => {
    await sleep((latencyMs / 2) * (0.5 + chance()));
    const head = ats(now + skewMs);
    await sleep((latencyMs / 2) * (0.5 + chance()));
    leave.done(head);
    return head?.status ?? 'lost';
  };
  return {
    process,
    call,
    sleep,
    outcomes,
    trips,
    store: {
      failNext(count: number) {
        failures = count;
      },
    },
    now: () => now - START,
    /** Sets the clock of the store by so much; the ATS has its own. */
    setClock(ms: number) {
      setBy = ms;
    },
    /** Does again and again what comes back later, as the jobs do. */
    async workOff(limiter: SharedLimiter, name: string): Promise<void> {
      for (;;) {
        const { result, retryAfterMs } = await call(limiter, name);
        if (result !== 'refused' && result !== 429) return;
        await sleep(retryAfterMs);
      }
    },
    async passTo(ms: number) {
      for (;;) {
        await settle();
        const due = timers.sort((a, b) => a.at - b.at || a.order - b.order)[0];
        if (!due || due.at > START + ms) break;
        timers.shift();
        now = Math.max(now, due.at);
        due.run();
      }
      now = START + ms;
      await settle();
    },
  };
}

const settle = () => new Promise<void>((done) => setImmediate(done));

/** Fixed windows as Greenhouse counts them, with its three headers and a date. */
export function fixedWindows(given: { limit: (at: number) => number; seconds: number; without?: string[] }) {
  const seen: { at: number; status: number; window: number; limit: number }[] = [];
  const used = new Map<number, number>();
  const ats: CountingAts = (at) => {
    const window = Math.floor(at / 1000 / given.seconds) * given.seconds;
    const limit = given.limit(at);
    const count = (used.get(window) ?? 0) + 1;
    used.set(window, count);
    const status = count > limit ? 429 : 200;
    seen.push({ at, status, window, limit });
    const headers: Record<string, string> = {
      date: new Date(Math.floor(at / 1000) * 1000).toUTCString(),
      'x-ratelimit-limit': `${limit}`,
      'x-ratelimit-remaining': `${Math.max(limit - count, 0)}`,
      'x-ratelimit-reset': `${window + given.seconds}`,
      ...(status === 429 ? { 'retry-after': `${Math.ceil(window + given.seconds - at / 1000)}` } : {}),
    };
    for (const name of given.without ?? []) delete headers[name];
    return { status, headers };
  };
  /** Others use the same credential. */
  const useElsewhere = (at: number, count: number) => {
    const window = Math.floor(at / 1000 / given.seconds) * given.seconds;
    used.set(window, (used.get(window) ?? 0) + count);
  };
  return { ats, seen, useElsewhere, refused: () => seen.filter(({ status }) => status === 429).length };
}

/** Ten a second: a real bucket, and at most twenty in any second however they are cut. Both must be kept. */
export function leverLimits({ perSecond = 10, burst = 20 } = {}) {
  const seen: { at: number; status: number }[] = [];
  let bucket = { tokens: burst, at: 0 };
  const ats: CountingAts = (at) => {
    const tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1000) * perSecond) - 1;
    const recent = seen.filter((one) => one.status === 200 && one.at > at - 1000).length + 1;
    const status = tokens < 0 || recent > burst ? 429 : 200;
    bucket = { tokens: status === 200 ? tokens : tokens + 1, at };
    seen.push({ at, status });
    return { status, headers: {} };
  };
  return { ats, seen, refused: () => seen.filter(({ status }) => status === 429).length };
}
