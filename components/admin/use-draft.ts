import { useState } from 'react';
import { useUnsaved } from './use-unsaved.ts';

export interface Draft<Values> {
  values: Values;
  /** The fields that differ from what is saved, in the order of the form. */
  changed: (keyof Values & string)[];
  isChanged: boolean;
  set(part: Partial<Values>): void;
  /** Back to what is saved. */
  reset(): void;
}

/** What a form holds: edits laid over what is saved, so that fresh data from the server never overwrites what somebody typed. */
export function useDraft<Values extends object>(saved: Values): Draft<Values> {
  const [edits, setEdits] = useState<Partial<Values>>({});
  const values = { ...saved, ...edits };
  const changed = namesOf(saved).filter((name) => !isSame(saved[name], values[name]));
  useUnsaved(changed.length > 0);
  return {
    values,
    changed,
    isChanged: changed.length > 0,
    set: (part) => setEdits((before) => ({ ...before, ...part })),
    reset: () => setEdits({}),
  };
}

function namesOf<Values extends object>(values: Values): (keyof Values & string)[] {
  return Object.keys(values) as (keyof Values & string)[];
}

function isSame(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || JSON.stringify(a) === JSON.stringify(b);
}
