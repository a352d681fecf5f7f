import { useEffect, useState } from 'react';

/** False at first, true once `delayMs` have passed: what is quick enough shows no sign of waiting at all. */
export function useDelayed(delayMs: number): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsOver(true), delayMs);
    return () => clearTimeout(timer);
  }, [delayMs]);
  return isOver;
}
