import type { ExtensionBrowser } from '../../support/browser-with-extension.ts';

/** As much of what chrome://extensions can do as is used here. */
interface DeveloperPrivate {
  addHostPermission(extensionId: string, host: string): Promise<void>;
}

/**
 * As a person who adds the site under "Site access" in chrome://extensions. That alone lets nobody in: but the browser answers the
 * extension's next `permissions.request` for it with "yes", without the question in a window of its own that no test can click.
 */
export async function trustSite({ context, extensionId }: ExtensionBrowser, host: string): Promise<void> {
  const page = await context.newPage();
  await page.goto('chrome://extensions');
  await page.evaluate(
    async ([id, pattern]) => {
      const { chrome } = globalThis as unknown as { chrome: { developerPrivate: DeveloperPrivate } };
      await chrome.developerPrivate.addHostPermission(id, pattern);
    },
    [extensionId, `https://${host}/*`] as const,
  );
  await page.close();
}

/** As a person who takes the site back. */
export async function withdrawSite({ context, extensionId }: ExtensionBrowser, host: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(`chrome-extension://${extensionId}/popup.html`);
  await page.evaluate(async (origin) => {
    const { chrome } = globalThis as unknown as { chrome: { permissions: { remove(what: object): Promise<boolean> } } };
    await chrome.permissions.remove({ origins: [origin] });
  }, `https://${host}/*`);
  await page.close();
}
