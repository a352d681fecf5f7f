import type { BackgroundProtocol } from '../../lib/contract/messages.ts';

type AdminMessage = 'getStatus' | 'pair' | 'unpair' | 'callApi';

/** What the options page asks the background. A refusal is an answer; a rejected promise means that the background cannot be reached. */
export type AdminBackend = {
  [Name in AdminMessage]: (...args: Parameters<BackgroundProtocol[Name]>) => Promise<ReturnType<BackgroundProtocol[Name]>>;
};

/** This browser's leave to work on the company's own Greenhouse addresses. Asking has to be the first thing in a click. */
export interface AdminSites {
  allowCompanySite(host: string): Promise<boolean>;
  /** Those that were allowed, as host names. */
  companySites(): Promise<string[]>;
}

/** Asks the browser for access to the server's origin. Has to be called before anything is awaited in a click. */
export type RequestOrigin = (origin: string) => Promise<boolean>;
