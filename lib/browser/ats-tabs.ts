import { browser } from 'wxt/browser';
import { atsOfHost } from '../ats-page/hosts.ts';
import { isCompanyOrigin } from './site-access.ts';

const CONTENT_SCRIPT = '/content-scripts/ats-page.js';

/** Every ATS address that we may work on now, as match patterns: those of the manifest and those that were allowed since. */
async function allowedPatterns(): Promise<string[]> {
  const { origins = [] } = await browser.permissions.getAll();
  return origins.filter((origin) => atsOfHost(hostOf(origin)) !== null);
}

/**
 * Brings the panel into ATS tabs that were open before we were: after install, update, or when a site was allowed. Where a
 * copy runs already the new one takes its place. Tabs that cannot be scripted (error pages) are left alone.
 */
export async function injectIntoOpenTabs(): Promise<void> {
  const url = await allowedPatterns();
  if (url.length === 0) return;
  const tabs = await browser.tabs.query({ url });
  const inject = (tabId: number) => browser.scripting.executeScript({ target: { tabId }, files: [CONTENT_SCRIPT] });
  const done = await Promise.allSettled(tabs.map((tab) => (tab.id === undefined ? [] : inject(tab.id))));
  for (const one of done) if (one.status === 'rejected') console.error('tagalong: a tab could not be reached', one.reason);
}

let registering: Promise<void> = Promise.resolve();

/**
 * Makes the content script run on the company addresses that are allowed, and on no other. The browser keeps that over its own restart, and
 * forgets it when the extension is updated; so it is repeated after each. One after the other, since two at once would register twice.
 * https://developer.chrome.com/docs/extensions/reference/api/scripting#type-RegisteredContentScript
 */
export function registerCompanySites(): Promise<void> {
  registering = registering.catch(() => {}).then(registerAllowed);
  return registering;
}

async function registerAllowed(): Promise<void> {
  const wanted = (await allowedPatterns()).filter(isCompanyOrigin);
  const scripts = wanted.map((origin) => ({
    id: hostOf(origin),
    matches: [origin],
    js: [CONTENT_SCRIPT],
    runAt: 'document_end' as const,
    persistAcrossSessions: true,
  }));
  const registered = await browser.scripting.getRegisteredContentScripts();
  const old = registered.map(({ id }) => id);
  if (old.length > 0) await browser.scripting.unregisterContentScripts({ ids: old });
  if (scripts.length > 0) await browser.scripting.registerContentScripts(scripts);
}

/** Puts the keyboard into the panel of the tab in front, if it has one. Returns that tab. */
export async function focusPanelInFront(): Promise<number | undefined> {
  const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  if (tab?.id === undefined || !tab.url || atsOfHost(new URL(tab.url).hostname) === null) return undefined;
  await browser.tabs.sendMessage(tab.id, { tagalong: 'focus' }, { frameId: 0 });
  return tab.id;
}

function hostOf(pattern: string): string {
  return URL.parse(pattern)?.hostname ?? '';
}
