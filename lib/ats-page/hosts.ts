import type { AtsKind } from '../domain/ats.ts';
import { GREENHOUSE_HOSTS, isGreenhouseHost } from '../domain/greenhouse-host.ts';

/** Where recruiters work, as far as it can be known beforehand; a company's own Greenhouse address comes in at run time. */
export const ATS_HOSTS: readonly string[] = [...GREENHOUSE_HOSTS, 'hire.lever.co', 'hire.sandbox.lever.co', 'hire.eu.lever.co'];

/** The same as match patterns for the manifest. */
export const ATS_MATCHES: string[] = ATS_HOSTS.map((host) => `https://${host}/*`);

/** Which ATS serves its pages for recruiters from this host? Company addresses such as `acme.greenhouse.io` count. */
export function atsOfHost(host: string): AtsKind | null {
  if (/^hire\.(sandbox\.|eu\.)?lever\.co$/.test(host)) return 'lever';
  return isGreenhouseHost(host) ? 'greenhouse' : null;
}
