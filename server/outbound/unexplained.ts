import type { CallFailure } from './outcome.ts';

/** A refusal without a sentence of its own: said by its number alone, or by pointing at another address. Null for every other failure. */
export function unexplained(failure: CallFailure): 'silent' | 'moved' | null {
  if (failure.kind !== 'refused') return null;
  if ([301, 307, 308].includes(failure.status)) return 'moved';
  return failure.detail.trim() === '' || failure.detail === statusAlone(failure.status) ? 'silent' : null;
}

/** The detail of an answer whose body says nothing. */
export function statusAlone(status: number): string {
  return `status ${status}`;
}
