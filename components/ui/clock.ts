import { createContext, useContext } from 'react';

/** Where components read the time and take new ids from, so that tests and the preview can hold both still. */
export interface Clock {
  /** Milliseconds since 1970, as the browser's clock has it. */
  now(): number;
  newId(): string;
}

export const BROWSER_CLOCK: Clock = { now: () => Date.now(), newId: () => crypto.randomUUID() };

export const ClockContext = createContext<Clock>(BROWSER_CLOCK);

export function useClock(): Clock {
  return useContext(ClockContext);
}
