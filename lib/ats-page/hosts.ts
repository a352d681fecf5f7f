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

/** Which ATS serves its pages for recruiters from this host? Company addresses such as `acme.greenhouse.io` count. */
export function atsOfHost(host: string): AtsKind | null {
  if (/^hire\.(sandbox\.|eu\.)?lever\.co$/.test(host)) return 'lever';
  if (/^(app\.eu|[a-z0-9-]+)\.greenhouse\.io$/.test(host) && !OTHER_SITES.test(host)) return 'greenhouse';
  return null;
}
