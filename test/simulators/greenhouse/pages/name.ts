import type { Candidate } from '../world/records.ts';

/** What the pages call a candidate; a person without a name is listed like this. */
export function toName({ firstName, lastName }: Pick<Candidate, 'firstName' | 'lastName'>): string {
  return [firstName, lastName].filter(Boolean).join(' ') || '(No name)';
}
