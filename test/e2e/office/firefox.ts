import { spawnSync } from 'node:child_process';
import { expect, type Page } from '@playwright/test';
import { findBrowsers } from '../../support/find-browsers.ts';
import { type FirefoxBrowser, openFirefox } from '../../support/firefox-with-extension.ts';
import type { Office } from './office.ts';

/*
 * In Firefox no test can look inside the panel. So it is used blindly, as by a hand that knows where the buttons are: by
 * coordinates from the panel's upper left corner. What came of it is read from the panel's size, from the server
 * and from the simulators.
 */

interface Point {
  x: number;
  y: number;
}

export const SEND: Point = { x: 70, y: 226 };
const CONNECT: Point = { x: 51, y: 149 };
const ZIP = '.output/e2e/firefox.zip';

/** A Firefox with the packed build, for the office's simulated pages. */
export async function openOfficeFirefox({ world }: Office): Promise<FirefoxBrowser> {
  const options = ['--source-dir', '.output/firefox-mv3', '--artifacts-dir', '.output/e2e', '--filename', 'firefox.zip'];
  const { status, stderr } = spawnSync('web-ext', ['build', ...options, '--overwrite-dest'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The Firefox build could not be packed: ${stderr}`);
  const executablePath = findBrowsers({ firefox: true }).firefox ?? '';
  return await openFirefox({ executablePath, httpsPort: world.httpsPort, hosts: world.pageHosts, zip: ZIP });
}

/** From the panel of a candidate page that is not connected yet. Resolves with the options page that the click opened. */
export async function connectFirefox(
  firefox: FirefoxBrowser,
  { page, serverUrl, code, name }: { page: Page; serverUrl: string; code: string; name: string },
): Promise<Page> {
  const opened = firefox.context.waitForEvent('page');
  await clickAt(page, CONNECT);
  const options = await opened;
  // Key by key: what Playwright fills in at once, React does not hear of in Firefox's extension pages.
  await options.getByLabel('Server address').pressSequentially(serverUrl);
  await options.getByLabel('Pairing code').pressSequentially(code);
  await options.getByLabel('Your name').pressSequentially(name);
  await options.getByRole('button', { name: 'Connect' }).click();
  await expect(options.getByLabel('Pairing code')).toBeHidden();
  // It stays open: Playwright waits in vain for the end of an extension's page.
  return options;
}

async function boxOf(page: Page) {
  const box = await page.locator('tagalong-panel').boundingBox();
  if (!box) throw new Error('The panel takes no room');
  return box;
}

export async function heightOf(page: Page): Promise<number> {
  return (await boxOf(page)).height;
}

export async function clickAt(page: Page, { x, y }: Point): Promise<void> {
  const box = await boxOf(page);
  await page.mouse.click(box.x + x, box.y + y);
}

/** The tab is 32 px high as soon as it is drawn. */
export async function openByClick(page: Page): Promise<void> {
  await expect.poll(() => heightOf(page)).toBe(32);
  await clickAt(page, { x: 40, y: 16 });
  await expect.poll(async () => (await boxOf(page)).width).toBe(360);
  await expect.poll(() => heightOf(page)).toBeGreaterThan(150);
}

/** It is open, as it was left, and as high as the send form makes it. */
export async function sendByClick(page: Page): Promise<void> {
  await expect.poll(() => heightOf(page)).toBeGreaterThan(250);
  await clickAt(page, SEND);
}
