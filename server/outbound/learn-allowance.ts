import type { AllowanceRule } from './allowance-rule.ts';
import { type AllowanceState, countFlying, theirTime } from './allowance-state.ts';
import { readDateHeader, readWindowHeaders, type WindowHeaders } from './rate-headers.ts';
import type { AnswerHead } from './rate-limiter.ts';
import { retryAfterMs } from './retry-after.ts';

/** One call that has ended. Times of the database's clock; `chance` is between 0 and 1. */
export interface EndedCall {
  head: AnswerHead | null;
  askedAt: number;
  endedAt: number;
  chance: number;
}

/** Longer than any window; a reset beyond it is a clock that is wrong. */
const LONGEST_WINDOW_MS = 3_600_000;
/** With answers that tell nothing, not more than this at once, however well it goes. */
const CAREFUL_AT_MOST = 8;
const PAUSE_MS = { first: 1_000, most: 60_000 };

/** What the end of a call tells about the allowance. Pure. */
export function learn(rule: AllowanceRule, state: AllowanceState, call: EndedCall): AllowanceState {
  if (!call.head) return spendOne(state);
  const { status, headers } = call.head;
  // Counted for nobody in particular: what it tells is about somebody else's allowance.
  if (status === 401) return spendOne(state);
  const dated = learnDate(state, headers, call);
  const timed = rule.kind === 'window' ? learnWindow(dated, headers, call) : dated;
  if (status === 429) return pause(timed, headers, call);
  return status < 500 ? { ...timed, strikes: 0 } : timed;
}

/** It may have been counted. */
function spendOne(state: AllowanceState): AllowanceState {
  const { window } = state;
  return window ? { ...state, window: { ...window, remaining: Math.max(window.remaining - 1, 0) } } : state;
}

/** As long as they say; else longer with each 429, and never all processes of all companies at the same moment. */
function pause(state: AllowanceState, headers: AnswerHead['headers'], { endedAt, chance }: EndedCall): AllowanceState {
  const strikes = state.strikes + 1;
  const doubled = Math.min(PAUSE_MS.first * 2 ** Math.min(state.strikes, 10), PAUSE_MS.most);
  const told = headers['retry-after'];
  // A date is told by their clock, so it is read by it.
  const ms =
    told === undefined
      ? doubled * (0.5 + chance / 2)
      : retryAfterMs(told, new Date(theirTime(state, endedAt))) * (1 + chance / 20);
  const window = state.window && { ...state.window, remaining: 0 };
  const bucket = state.bucket && { tokens: 0, at: endedAt + ms };
  return { ...state, window, bucket, strikes, careful: 1, pausedUntil: Math.max(state.pausedUntil, endedAt + ms) };
}

function learnWindow(dated: AllowanceState, headers: AnswerHead['headers'], call: EndedCall): AllowanceState {
  const told = readWindowHeaders(headers);
  const left = told ? told.resetAt - theirTime(dated, call.endedAt) : Number.NaN;
  if (!told || left > LONGEST_WINDOW_MS || left < -LONGEST_WINDOW_MS) return knowLess(dated, call);
  return takeWindow(dated, told, call);
}

/** Their clock showed that second somewhere between the asking and the answer. */
function learnDate(state: AllowanceState, headers: AnswerHead['headers'], { askedAt, endedAt }: EndedCall): AllowanceState {
  const date = readDateHeader(headers);
  if (date === null) return state;
  const told = { least: date - endedAt, most: date + 1_000 - askedAt };
  return wasSet(state, told) ? { ...state, skew: told, window: null } : narrow(state, told);
}

/** More than servers of one ATS differ among themselves. */
const SET_BY_MS = 30_000;

/** One of the clocks was set since the last answer: then the end of the window that was known is a time that may be minutes away. */
function wasSet({ skew }: AllowanceState, told: NonNullable<AllowanceState['skew']>): boolean {
  return skew !== null && (told.least > skew.most + SET_BY_MS || told.most < skew.least - SET_BY_MS);
}

/** Bounds that contradict the new ones are of a clock that was set since. */
function narrow(state: AllowanceState, told: { least: number; most: number }): AllowanceState {
  const { skew } = state;
  if (!skew) return { ...state, skew: told };
  const both = { least: Math.max(skew.least, told.least), most: Math.min(skew.most, told.most) };
  return { ...state, skew: both.least <= both.most ? both : told };
}

/** An answer that tells nothing: a window that was known stays until its end; without one a little more is tried each time. */
function knowLess(state: AllowanceState, { endedAt }: EndedCall): AllowanceState {
  const { window } = state;
  if (window && theirTime(state, endedAt) < window.resetAt) return spendOne(state);
  return { ...state, window: null, careful: window ? 1 : Math.min(state.careful + 1, CAREFUL_AT_MOST) };
}

function takeWindow(state: AllowanceState, told: WindowHeaders, { askedAt, endedAt }: EndedCall): AllowanceState {
  const { window } = state;
  if (!window || told.resetAt > window.resetAt) {
    // The window before it has ended by now, by their clock.
    const turned = window ? narrow(state, { least: window.resetAt - endedAt, most: Number.MAX_SAFE_INTEGER }) : state;
    const length = Math.max(told.resetAt - theirTime(turned, askedAt), 1);
    // What was taken before is nobody's: only what is taken from now on, and not by us, is somebody else's. This call is in it already.
    const own = told.limit - told.remaining + Math.max(countFlying(state, endedAt) - 1, 0);
    const others = { ...state.others, heardAt: endedAt };
    return { ...turned, others, window: { ...told, length, learntAt: endedAt, own, foreign: 0 } };
  }
  // The end of an earlier window, told late.
  if (told.resetAt < window.resetAt) return state;
  // It had not ended when this was asked: should we have thought so, their clock is behind what we believed.
  const inTime = theirTime(state, askedAt) < window.resetAt ? state : behind(state, window.resetAt - askedAt - 1);
  // Answers overtake each other, so the smallest number is the newest, unless the limit itself has changed.
  const grown = Math.max(told.limit - window.limit, 0);
  const remaining = Math.min(told.remaining, window.remaining + grown);
  const foreign = Math.max(told.limit - told.remaining - window.own, window.foreign);
  return {
    ...inTime,
    window: { ...window, limit: told.limit, remaining, foreign },
    others: hearOfOthers(state, foreign - window.foreign, endedAt),
  };
}

/** What they did so long ago counts half. */
const PACE_HALVES_MS = 5_000;

/** Their pace, mixed of what it was and of what they took since the last answer. */
function hearOfOthers({ others }: AllowanceState, taken: number, at: number): AllowanceState['others'] {
  const ms = Math.max(at - others.heardAt, 1);
  const old = 0.5 ** (ms / PACE_HALVES_MS);
  return { rate: others.rate * old + (taken / ms) * (1 - old), heardAt: Math.max(at, others.heardAt) };
}

function behind(state: AllowanceState, most: number): AllowanceState {
  const least = Math.min(state.skew?.least ?? most, most);
  return { ...state, skew: { least, most: Math.max(Math.min(state.skew?.most ?? most, most), least) } };
}
