import { AsyncLocalStorage } from 'node:async_hooks';

/** Who goes first where an allowance is short: a person who waits, then what happens by itself, then the sweep that nobody waits for. */
export const CALL_PRIORITIES = ['person', 'automatic', 'sweep'] as const;
export type CallPriority = (typeof CALL_PRIORITIES)[number];

/** One piece of work that calls the outside, such as one re-read of an application. */
export interface CallingWork {
  priority: CallPriority;
  /** A call of it has gone out already: it goes before work of its kind that has not begun, or its first calls would be wasted. */
  begun: boolean;
}

const context = new AsyncLocalStorage<CallingWork>();

/** Every call made by `run`, and by what it starts, has this priority. What is called by whom need not be handed through the adapters. */
export function withPriority<T>(priority: CallPriority, run: () => T): T {
  return context.run({ priority, begun: false }, run);
}

/** `automatic` where nobody said anything. */
export function currentPriority(): CallPriority {
  return context.getStore()?.priority ?? 'automatic';
}

/** The work that is calling now. Outside of any, each call is a work of its own. */
export function currentWork(): CallingWork {
  return context.getStore() ?? { priority: 'automatic', begun: false };
}
