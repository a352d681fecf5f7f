import type { Outcome } from './outcome.ts';

/** What other systems can be told of. */
export const HOOK_EVENTS = [
  'invitation.sent',
  'invitation.started',
  'result.reported',
  'invitation.cancelled',
  'invitation.expired',
  'outcome.changed',
] as const;
export type HookEvent = (typeof HOOK_EVENTS)[number];

/** One event, with what belongs to the moment at which it happened. */
export type HookNews =
  | { event: Exclude<HookEvent, 'result.reported' | 'outcome.changed'> }
  | { event: 'result.reported'; version: number }
  | { event: 'outcome.changed'; outcome: Outcome };
