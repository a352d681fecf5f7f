import type { BrowserContext, Page } from '@playwright/test';
import en from '../../locales/en.json' with { type: 'json' };

/**
 * Connects the extension the way a person does: the options page, the server's address, a code and a name. The browser's own question for
 * access to the server's address is a native window that no script can click, so its answer alone is given beforehand.
 */
export async function pairBrowser(
  context: BrowserContext,
  given: { extensionId: string; serverUrl: string; code: string; name: string },
): Promise<Page> {
  await context.addInitScript(() => {
    const { chrome } = globalThis as { chrome?: { permissions?: { request: () => Promise<boolean> } } };
    if (chrome?.permissions) chrome.permissions.request = () => Promise.resolve(true);
  });
  const page = await context.newPage();
  await page.goto(`chrome-extension://${given.extensionId}/options.html`);
  const words = en.admin.connect;
  await page.getByLabel(words.address).fill(given.serverUrl);
  await page.getByLabel(words.code).fill(given.code);
  await page.getByLabel(words.name, { exact: true }).fill(given.name);
  await page.getByRole('button', { name: words.button, exact: true }).click();
  await page.getByLabel(words.code).waitFor({ state: 'detached' });
  return page;
}
