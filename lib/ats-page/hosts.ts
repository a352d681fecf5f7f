import type { AtsKind } from '../domain/ats.ts';

/**
 * Where recruiters work, as far as it can be known beforehand. Greenhouse documents app and app2 to app5; app6 to app15
 * and app.eu are taken from another extension's manifest and were never tried.
 */
export const ATS_HOSTS: readonly string[] = [
  'app.greenhouse.io',
  ...Array.from({ length: 14 }, (_, index) => `app${index + 2}.greenhouse.io`),
  'app.eu.greenhouse.io',
  'hire.lever.co',
  'hire.sandbox.lever.co',
  'hire.eu.lever.co',
];

/** The same as match patterns for the manifest. */
export const ATS_MATCHES: string[] = ATS_HOSTS.map((host) => `https://${host}/*`);

/** Greenhouse's single-label hosts where recruiters do not work. Any other may be a company's own address. */
const OTHER_SITES = /^(www|(job-)?boards(-api)?|api|harvest(docs)?|auth|my|support|developers|onboarding|mcp|status)\./;
const COMPANY_HOST = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.greenhouse\.io$/;

/** Which ATS serves its pages for recruiters from this host? Company addresses such as `acme.greenhouse.io` count. */
export function atsOfHost(host: string): AtsKind | null {
  if (/^hire\.(sandbox\.|eu\.)?lever\.co$/.test(host)) return 'lever';
  return host === 'app.eu.greenhouse.io' || mayBeCompanys(host) ? 'greenhouse' : null;
}

/** True for `<company>.greenhouse.io`: an address that no manifest can name beforehand, and none of Greenhouse's own. */
export function isCompanyHost(host: string): boolean {
  return mayBeCompanys(host) && !ATS_HOSTS.includes(host);
}

function mayBeCompanys(host: string): boolean {
  return COMPANY_HOST.test(host) && !OTHER_SITES.test(host);
}
