import type { CallFailure } from '../outbound/outcome.ts';

/** The ATS said no, which it does before it does anything. Everything else may pass by itself, or may have happened. */
export function isRefusal({ kind }: Pick<CallFailure, 'kind'>): boolean {
  return kind === 'unauthorised' || kind === 'forbidden' || kind === 'not-found' || kind === 'refused';
}
