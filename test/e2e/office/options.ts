import { expect, type Locator, type Page } from '@playwright/test';
import type { ExtensionBrowser } from '../../support/browser-with-extension.ts';
import { lookAt } from './screens.ts';

/** A section of the options page in a new tab, when all of it is there. */
export async function openOptions(browser: ExtensionBrowser, section: string): Promise<Page> {
  const page = await browser.context.newPage();
  await page.goto(`chrome-extension://${browser.extensionId}/options.html#${section}`);
  await settled(page);
  return page;
}

/** Nothing is being loaded any more. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: 'Loading' })).toBeHidden();
  await page.waitForLoadState('networkidle');
}

/** The part of the page with this heading. */
export function cardOf(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true });
}

/** As by hand: Tab, again and again, until this has the focus. */
export async function tabTo(page: Page, wanted: Locator, { most = 80 } = {}): Promise<void> {
  const isThere = () => wanted.evaluate((element) => element === document.activeElement);
  for (let pressed = 0; pressed < most; pressed += 1) {
    if (await isThere()) return;
    await page.keyboard.press('Tab');
  }
  await expect(wanted, `reached with ${most} times Tab`).toBeFocused({ timeout: 1 });
}

/** Pictures and axe, as wide as a desk's screen, then as narrow as a telephone's, which is 1280 px at 400 %: nothing may go beyond the edge. */
export async function lookAtPage(page: Page, name: string): Promise<void> {
  await lookAt(page, { name });
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 900 });
  await page.screenshot({ path: `.output/screens/${name}-narrow.png`, fullPage: true, animations: 'disabled' });
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(beyond, `${name} at 320 px`).toBeLessThanOrEqual(0);
  if (before) await page.setViewportSize(before);
}
