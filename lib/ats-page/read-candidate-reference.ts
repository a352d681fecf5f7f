import type { CandidateReference } from '../domain/candidate-reference.ts';
import { readGreenhousePage } from './greenhouse.ts';
import { readLeverPage } from './lever.ts';

/**
 * Which candidate does the page at this address show? Null for every other page, for plain http, and for text that is no
 * address at all. Never throws: it runs on whatever a tab says its address is.
 */
export function readCandidateReference(address: string | undefined): CandidateReference | null {
  const url = URL.parse(address ?? '');
  if (url?.protocol !== 'https:') return null;
  return readGreenhousePage(url) ?? readLeverPage(url);
}
