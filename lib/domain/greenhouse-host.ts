/**
 * Where recruiters work in Greenhouse, as far as it can be known beforehand. Greenhouse documents app and app2 to app5; app6 to app15
 * and app.eu are taken from another extension's manifest and were never tried.
 */
export const GREENHOUSE_HOSTS: readonly string[] = [
  'app.greenhouse.io',
  ...Array.from({ length: 14 }, (_, index) => `app${index + 2}.greenhouse.io`),
  'app.eu.greenhouse.io',
];

/** Greenhouse's single-label hosts where recruiters do not work. Any other may be a company's own address. */
const OTHER_SITES = /^(www|(job-)?boards(-api)?|api|harvest(docs)?|auth|my|support|developers|onboarding|mcp|status)\./;
const COMPANY_HOST = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.greenhouse\.io$/;

/** True for `<company>.greenhouse.io`: an address that no manifest can name beforehand, and none of Greenhouse's own. */
export function isCompanyHost(host: string): boolean {
  return COMPANY_HOST.test(host) && !OTHER_SITES.test(host) && !GREENHOUSE_HOSTS.includes(host);
}

export function isGreenhouseHost(host: string): boolean {
  return GREENHOUSE_HOSTS.includes(host) || isCompanyHost(host);
}

/** Three digits at the end of every id of an account that does not live on Greenhouse's first silo. */
const SILO_SUFFIX = /^\d{7,16}(\d{3})$/;

/**
 * On which host an account's pages are, by the ids of one of its applications. Inferred from ids that at least eight public projects
 * show: app2's end in 002, app4's in 004, those of the EU in 101; ids of app.greenhouse.io end as they like and are shorter, so that both
 * ids must be long and end alike. Null when they say nothing.
 */
export function hostOfIds(ids: readonly string[]): string | null {
  const suffixes = new Set(ids.map((id) => SILO_SUFFIX.exec(id)?.[1]));
  const [suffix] = suffixes;
  if (suffixes.size !== 1 || ids.length < 2 || !suffix) return null;
  if (suffix === '101') return 'app.eu.greenhouse.io';
  return /^00[2-9]$/.test(suffix) ? `app${Number(suffix)}.greenhouse.io` : null;
}

/** A profile's address on another host of Greenhouse; unchanged when either is none. */
export function onGreenhouseHost(profileUrl: string, host: string): string {
  const url = URL.parse(profileUrl);
  if (url?.protocol !== 'https:' || !isGreenhouseHost(url.hostname) || !isGreenhouseHost(host)) return profileUrl;
  url.host = host;
  return url.href;
}
