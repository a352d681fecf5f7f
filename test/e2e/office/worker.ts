import { expect, type Page, type Worker } from '@playwright/test';
import type { ExtensionBrowser } from '../../support/browser-with-extension.ts';

/** As much of Chromium's extension API as the tests use inside the background. */
interface ExtensionApi {
  commands: { onCommand: { dispatch(name: string): void } };
  runtime: { reload(): void };
  storage: Record<'local' | 'session' | 'sync', { get(): Promise<object> }>;
}

/** The background of the extension; started again when it has been stopped. */
async function workerOf({ context }: ExtensionBrowser): Promise<Worker> {
  return context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
}

/** What the browser tells the background on Alt+Shift+A: the keys themselves belong to the browser, out of the page's and Playwright's reach. */
export async function pressOpenShortcut(browser: ExtensionBrowser): Promise<void> {
  const worker = await workerOf(browser);
  await worker.evaluate(() => {
    const { chrome } = globalThis as unknown as { chrome: ExtensionApi };
    chrome.commands.onCommand.dispatch('open-panel');
  });
}

/**
 * Ends the background as the browser does after half a minute without events: all that it held in memory is gone, its stream
 * among it. Resolves when a new one has been started by whoever needed it. `page`: any of that browser.
 */
export async function stopWorker(browser: ExtensionBrowser, page: Page): Promise<void> {
  const worker = await workerOf(browser);
  await worker.evaluate(() => Object.assign(globalThis, { isOld: true }));
  const session = await browser.context.newCDPSession(page);
  const { targetInfos } = await session.send('Target.getTargets');
  const target = targetInfos.find(({ type, url }) => type === 'service_worker' && url === worker.url());
  if (!target) throw new Error('The background is not running');
  await session.send('Target.closeTarget', { targetId: target.targetId });
  await session.detach();
  // Asking in the very moment of the restart fails, and is repeated.
  await expect(async () => expect(await worker.evaluate(() => 'isOld' in globalThis)).toBe(false)).toPass();
}

/** As an update does: old pages lose the extension, the new copy starts. */
export async function reloadExtension(browser: ExtensionBrowser): Promise<void> {
  await allowUnpackedExtensions(browser);
  const worker = await workerOf(browser);
  const ended = worker.waitForEvent('close');
  await worker.evaluate(() => {
    const { chrome } = globalThis as unknown as { chrome: ExtensionApi };
    setTimeout(() => chrome.runtime.reload());
  });
  await ended;
}

/** Chromium takes an extension from a folder without asking at its start, and later in developer mode only. */
async function allowUnpackedExtensions({ context }: ExtensionBrowser): Promise<void> {
  const page = await context.newPage();
  await page.goto('chrome://extensions');
  await page.locator('#devMode').click();
  await page.close();
}

/** All rows of one table that the extension keeps, as JSON. */
export async function readDatabase(browser: ExtensionBrowser, table: 'pairing' | 'copies' | 'outbox'): Promise<string> {
  const worker = await workerOf(browser);
  return await worker.evaluate(
    (name) =>
      new Promise<string>((resolve, reject) => {
        const opening = indexedDB.open('tagalong');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const reading = database.transaction(name).objectStore(name).getAll();
          reading.onerror = () => reject(reading.error);
          reading.onsuccess = () => {
            database.close();
            resolve(JSON.stringify(reading.result));
          };
        };
      }),
    table,
  );
}

/** All that the extension keeps where its content scripts can read it too, as JSON. */
export async function readStorage(browser: ExtensionBrowser): Promise<string> {
  const worker = await workerOf(browser);
  return await worker.evaluate(async () => {
    const { storage } = (globalThis as unknown as { chrome: ExtensionApi }).chrome;
    return JSON.stringify([await storage.local.get(), await storage.session.get(), await storage.sync.get()]);
  });
}
