import type { CandidateReference } from '../domain/candidate-reference.ts';
import { readGreenhousePage } from './greenhouse.ts';
import { atsOfHost } from './hosts.ts';
import { readLeverPage } from './lever.ts';

/**
 * Which candidate does the page at this address show? Null for every other page, for plain http, for hosts that are no
 * ATS, and for text that is no address at all. Never throws: it runs on whatever a tab says its address is.
 */
export function readCandidateReference(address: string | undefined): CandidateReference | null {
  const url = URL.parse(address ?? '');
  if (url?.protocol !== 'https:') return null;
  const ats = atsOfHost(url.hostname);
  if (ats === 'greenhouse') return readGreenhousePage(url);
  return ats === 'lever' ? readLeverPage(url) : null;
}
