import { expect } from '@playwright/test';
import type { ExtensionBrowser } from '../../support/browser-with-extension.ts';

export interface Pairing {
  serverUrl: string;
  /** As an admin makes it. */
  code: string;
  name: string;
}

/** Connects a browser with its company's server, on the options page, as a person does. */
export async function connectBrowser({ context, extensionId }: ExtensionBrowser, pairing: Pairing): Promise<void> {
  const page = await context.newPage();
  await page.addInitScript(allowWhenAsked);
  await page.goto(`chrome-extension://${extensionId}/options.html`);
  await page.getByLabel('Server address').fill(pairing.serverUrl);
  await page.getByLabel('Pairing code').fill(pairing.code);
  await page.getByLabel('Your name').fill(pairing.name);
  await page.getByRole('button', { name: 'Connect' }).click();
  await expect(page.getByLabel('Pairing code')).toBeHidden();
  await page.close();
}

/**
 * The answer "Allow" to `permissions.request`, and nothing else: the browser asks in a window of its own, which no test can
 * click. That the server can be reached all the same is the server's doing (it lets extensions in by CORS).
 */
function allowWhenAsked(): void {
  const { chrome, browser = chrome } = globalThis as unknown as Record<
    'chrome' | 'browser',
    { permissions?: object } | undefined
  >;
  for (const api of [chrome, browser]) if (api?.permissions) Object.assign(api.permissions, { request: async () => true });
}
