import type { CandidateReference } from '../domain/candidate-reference.ts';
import { readGreenhousePage } from './greenhouse.ts';
import { atsOfHost } from './hosts.ts';
import { readLeverPage } from './lever.ts';
import { NOBODY, type PageReading } from './page-reading.ts';

/**
 * Which candidate does the page at this address show? Nobody for every other page, for plain http, for hosts that are no
 * ATS, and for text that is no address at all. Never throws: it runs on whatever a tab says its address is.
 */
export function readPage(address: string | undefined): PageReading {
  const url = URL.parse(address ?? '');
  if (url?.protocol !== 'https:') return NOBODY;
  const ats = atsOfHost(url.hostname);
  if (ats === 'greenhouse') return readGreenhousePage(url);
  return ats === 'lever' ? readLeverPage(url) : NOBODY;
}

/** The candidate of an address that names exactly one; null for all others. */
export function readCandidateReference(address: string | undefined): CandidateReference | null {
  const reading = readPage(address);
  return reading.kind === 'candidate' ? reading.reference : null;
}

/**
 * Whom a page's own document names, where the address cannot: the link of Application Review's head to the person's profile. It must
 * lead to Greenhouse; the person counts as shown on the host of the page.
 *
 * A hint, and no more. A hostile page, or a content script that it has taken over, may put any id there. All that follows is that the
 * panel shows another person: the server looks the id up like any other and answers only what this member may see; the panel and its
 * buttons name the person; a command goes out only while document and panel still mean the same application, and the
 * page can press no button of ours. So the worst that a lie does is what typing another address does.
 */
export function readHint(page: Extract<PageReading, { kind: 'in-document' }>, hint: unknown): PageReading {
  const url = typeof hint === 'string' ? URL.parse(hint, `https://${page.host}`) : null;
  const reading = readPage(url?.href);
  if (reading.kind === 'contradiction') return { kind: 'contradiction', ats: page.ats };
  if (reading.kind !== 'candidate' || reading.reference.ats !== page.ats) return NOBODY;
  return { kind: 'candidate', reference: { ...reading.reference, host: page.host } };
}
