import { browser } from 'wxt/browser';
import { atsOfHost } from '../ats-page/hosts.ts';
import { readPage } from '../ats-page/read-page.ts';
import { isCompanyHost } from '../domain/greenhouse-host.ts';
import { isLoopback } from './server-address.ts';

/** Reads and asks for access to sites. Components of popup and options get it as a prop, like the backend. */
export interface SiteAccess {
  /**
   * Asks the browser for access to the companion server's address. Call it first thing in a click handler: browsers only
   * ask on a user's gesture. False when the person said no. Throws TypeError for an address that is no URL. A server on this
   * machine is not asked about: it lets extensions in by itself (CORS), and the token does not leave the machine.
   */
  allowServer(serverUrl: string): Promise<boolean>;
  /** The same for one company's own Greenhouse address, given as `company` or `company.greenhouse.io`. */
  allowCompanySite(company: string): Promise<boolean>;
  /** The same for the ATS hosts of the manifest, which Firefox lets people withhold. */
  allowAtsSites(): Promise<boolean>;
  /** What the tab in front has for the panel; null when it is no page of an ATS that we may work on. */
  pageInFront(): Promise<'candidate' | 'contradiction' | 'nobody' | null>;
  /** False when the browser withholds any of them. */
  hasAtsSites(): Promise<boolean>;
  /** Company subdomains of Greenhouse that were allowed, as host names. */
  companySites(): Promise<string[]>;
}

/** The match pattern of an address. Patterns have no port: access to a host means all of its ports. */
export function originPattern(address: string): string {
  const url = new URL(address);
  return `${url.protocol}//${url.hostname}/*`;
}

/** `acme`, `acme.greenhouse.io` or a pasted address of it -> `acme.greenhouse.io`; null when it is none or one of Greenhouse's own. */
export function companyHost(company: string): string | null {
  const name = company
    .trim()
    .toLowerCase()
    .replace(/^https:\/\//, '')
    .replace(/\/.*$/, '')
    .replace(/\.greenhouse\.io$/, '');
  const host = `${name}.greenhouse.io`;
  return isCompanyHost(host) ? host : null;
}

export function createSiteAccess(): SiteAccess {
  const required = () => browser.runtime.getManifest().host_permissions ?? [];
  const request = (origins: string[]) => browser.permissions.request({ origins });
  return {
    allowServer: (serverUrl) => (isLoopback(serverUrl) ? Promise.resolve(true) : request([originPattern(serverUrl)])),
    allowCompanySite(company) {
      const host = companyHost(company);
      return host ? request([`https://${host}/*`]) : Promise.resolve(false);
    },
    allowAtsSites: () => request(required()),
    async pageInFront() {
      const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
      if (atsOfHost(URL.parse(tab?.url ?? '')?.hostname ?? '') === null) return null;
      const { kind } = readPage(tab?.url);
      return kind === 'in-document' ? 'candidate' : kind;
    },
    hasAtsSites: () => browser.permissions.contains({ origins: required() }),
    async companySites() {
      const { origins = [] } = await browser.permissions.getAll();
      return origins.filter(isCompanyOrigin).map((origin) => new URL(origin.replace('/*', '/')).hostname);
    },
  };
}

/** True for `https://<company>.greenhouse.io/*`. */
export function isCompanyOrigin(origin: string): boolean {
  const [, host = ''] = /^https:\/\/([a-z0-9.-]+)\/\*$/.exec(origin) ?? [];
  return isCompanyHost(host);
}
