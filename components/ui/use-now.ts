import { useEffect, useState } from 'react';
import { useClock } from './clock.ts';

/** The time in ms, read anew every `everyMs` and whenever `since` changes (so that fresh data is never shown with an old time). */
export function useNow(everyMs: number, since?: unknown): number {
  const clock = useClock();
  const [now, setNow] = useState(clock.now);
  useEffect(() => {
    setNow(clock.now());
    const timer = setInterval(() => setNow(clock.now()), everyMs);
    return () => clearInterval(timer);
  }, [clock, everyMs, since]);
  return now;
}
