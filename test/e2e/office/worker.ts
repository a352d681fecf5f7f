import type { Worker } from '@playwright/test';
import type { ExtensionBrowser } from '../../support/browser-with-extension.ts';

/** As much of Chromium's extension API as the tests use inside the background. */
interface ExtensionApi {
  commands: { onCommand: { dispatch(name: string): void } };
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
