import { z } from 'zod';

/**
 * What all processes know together of one credential's allowance: a row of the database. All times are milliseconds of the database's
 * clock, except those called "theirs".
 */
const partySchema = z.object({
  /** Calls it has leave for and that have not ended. A killed process's count for nothing after `flyingUntil`. */
  flying: z.number(),
  flyingUntil: z.number(),
  /** Calls that wait in it. Lower classes leave them their share until `waitingUntil`. */
  waiting: z.object({ person: z.number(), automatic: z.number(), sweep: z.number() }),
  waitingUntil: z.number(),
});

const stateSchema = z.object({
  /** One more with each change; a change is made on condition that it is still the one that was read. */
  version: z.number(),
  /** By process. */
  parties: z.record(z.string(), partySchema),
  /** Nothing goes out before. */
  pausedUntil: z.number(),
  /** 429s since the last good answer. */
  strikes: z.number(),
  bucket: z.object({ tokens: z.number(), at: z.number() }).nullable(),
  /**
   * `resetAt`: theirs. `length`: what was left of it when it was first seen, at `learntAt`. `own`: how much of it our calls have taken at
   * most, those on their way included. `foreign`: how much others have taken at least since it was first seen.
   */
  window: z
    .object({
      limit: z.number(),
      remaining: z.number(),
      resetAt: z.number(),
      length: z.number(),
      learntAt: z.number(),
      own: z.number(),
      foreign: z.number(),
    })
    .nullable(),
  /** How fast others take from the same allowance, in calls a millisecond, and when an answer last told what is left. */
  others: z.object({ rate: z.number(), heardAt: z.number() }),
  /** How far their clock is ahead of ours, between two bounds. */
  skew: z.object({ least: z.number(), most: z.number() }).nullable(),
  /** How many may be on their way at once while answers tell nothing. */
  careful: z.number(),
  /** When the last call went out into the unknown. */
  probedAt: z.number(),
  /** Work was told to come back, the last of it at this time. */
  deferredUntil: z.number(),
});

export type AllowanceState = z.infer<typeof stateSchema>;
export type Party = z.infer<typeof partySchema>;
export type AllowanceWindow = NonNullable<AllowanceState['window']>;

export const FRESH_STATE: AllowanceState = {
  version: 0,
  parties: {},
  pausedUntil: 0,
  strikes: 0,
  bucket: null,
  window: null,
  others: { rate: 0, heardAt: 0 },
  skew: null,
  careful: 1,
  probedAt: 0,
  deferredUntil: 0,
};

/** What an older or a newer version wrote is as good as nothing but its version: then the allowance is learned anew. */
export function readState(stored: Readonly<Record<string, unknown>> | null): AllowanceState {
  const parsed = stateSchema.safeParse(stored);
  if (parsed.success) return parsed.data;
  return { ...FRESH_STATE, version: typeof stored?.version === 'number' ? stored.version : 0 };
}

/** Their clock is assumed to be this near to ours while no answer has told. */
const UNKNOWN_SKEW_MS = 1_000;

/** Their time is at least this. */
export function theirTime(state: Pick<AllowanceState, 'skew'>, now: number): number {
  return now + (state.skew?.least ?? -UNKNOWN_SKEW_MS);
}

/** No window lasts longer, whatever clocks say. https://harvestdocs.greenhouse.io/docs/api-rate-limiting speaks of 30 seconds. */
const WINDOW_ENDS_MS = 120_000;
/** Processes tell the time a little differently; more than this before something happened is a clock that was set back. */
const SET_BACK_MS = 2_000;

/**
 * How long the window still lasts, surely; 0 when the next one has surely begun, or when our clock was set back since it was learnt: then
 * its end would be as much later as the clock was set, and asking costs one call.
 */
export function windowLeftMs(state: Pick<AllowanceState, 'skew'>, window: AllowanceWindow, now: number): number {
  if (now < window.learntAt - SET_BACK_MS) return 0;
  return Math.max(Math.min(window.resetAt - theirTime(state, now), window.learntAt + WINDOW_ENDS_MS - now), 0);
}

/** Slower than one call in so long is nobody. */
const NOBODY_CALLS_MS = 30_000;

/** How many calls others will have made by `now` since an answer last told what is left, at the pace they had; 0 while nobody else calls. */
export function takenByOthers({ others }: Pick<AllowanceState, 'others'>, now: number): number {
  return others.rate * NOBODY_CALLS_MS < 1 ? 0 : others.rate * Math.max(now - others.heardAt, 0);
}

/** Calls on their way, of this process and of the others. */
export function countFlying(state: AllowanceState, now: number): number {
  return Object.values(state.parties).reduce((sum, party) => sum + (party.flyingUntil > now ? party.flying : 0), 0);
}
