import type { BackgroundProtocol } from '../../lib/contract/messages.ts';

type PopupMessage = 'getStatus' | 'getWaiting' | 'undoFromPopup' | 'openOptions';

/** What the popup asks the background. A refusal is an answer; a rejected promise means that the background cannot be reached. */
export type PopupBackend = {
  [Name in PopupMessage]: (...args: Parameters<BackgroundProtocol[Name]>) => Promise<ReturnType<BackgroundProtocol[Name]>>;
};

/**
 * Which ATS sites the browser lets us work on. Asking has to be the first thing in a click. Without access to its site the browser keeps
 * the address of the tab in front to itself, so a company's own address that no admin has named is typed in.
 */
export interface PopupSites {
  /** What the tab in front has for the panel; null when it is no page of an ATS that we may work on. */
  pageInFront(): Promise<'candidate' | 'contradiction' | 'nobody' | null>;
  /** False when the browser withholds Greenhouse or Lever, as Firefox lets people do. */
  hasAtsSites(): Promise<boolean>;
  allowAtsSites(): Promise<boolean>;
  /** `acme` or `acme.greenhouse.io`; false when it is no such address or the person said no. */
  allowCompanySite(company: string): Promise<boolean>;
  /** Company addresses of Greenhouse that were allowed, as host names. */
  companySites(): Promise<string[]>;
}
