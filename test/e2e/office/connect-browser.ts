import type { ExtensionBrowser } from '../../support/browser-with-extension.ts';

export interface Pairing {
  serverUrl: string;
  /** As an admin makes it. */
  code: string;
  name: string;
}

/** Connects a browser with its company's server. */
export async function connectBrowser({ context, extensionId }: ExtensionBrowser, pairing: Pairing): Promise<void> {
  const page = await context.newPage();
  await page.goto(`chrome-extension://${extensionId}/options.html`);
  const answer = await page.evaluate((data) => {
    const { runtime } = (globalThis as unknown as { chrome: { runtime: { sendMessage(message: object): Promise<unknown> } } })
      .chrome;
    return runtime.sendMessage({ id: 1, type: 'pair', data, timestamp: Date.now() });
  }, pairing);
  if (!JSON.stringify(answer).includes('"member"')) throw new Error(`Not connected: ${JSON.stringify(answer)}`);
  await page.close();
}
