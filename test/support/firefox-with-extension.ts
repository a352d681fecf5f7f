import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, firefox } from '@playwright/test';

/** As in wxt.config.ts. */
const EXTENSION_ID = 'tagalong@tagalong.example';
/** Fixed by a preference, so that the test knows where the extension's pages are. */
const EXTENSION_UUID = '5f0c9a52-6a0e-4a57-9d0e-0d8f5b1c7a11';

export interface FirefoxBrowser {
  context: BrowserContext;
  extensionOrigin: string;
  close(): Promise<void>;
}

/**
 * A Firefox with the unsigned build, to which the ATS's own host names lead to the simulated ones. Playwright cannot look inside an extension's
 * frame there, but it clicks by coordinates and takes pictures; what came of it is read at the server and the simulators.
 */
export async function openFirefox(options: {
  executablePath: string;
  httpsPort: number;
  hosts: readonly string[];
  zip: string;
}): Promise<FirefoxBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'tagalong-firefox-'));
  await mkdir(join(profile, 'extensions'), { recursive: true });
  await cp(options.zip, join(profile, 'extensions', `${EXTENSION_ID}.xpi`));
  const context = await firefox.launchPersistentContext(profile, {
    channel: 'moz-firefox',
    executablePath: options.executablePath,
    headless: true,
    ignoreHTTPSErrors: true,
    viewport: { width: 1280, height: 900 },
    firefoxUserPrefs: {
      'xpinstall.signatures.required': false,
      'extensions.autoDisableScopes': 0,
      'extensions.enabledScopes': 5,
      'network.dns.localDomains': options.hosts.join(','),
      'network.socket.forcePort': `443=${options.httpsPort}`,
      // The answer "Allow" to what the extension asks for on a click: the prompt is the browser's own, where no test can click.
      'extensions.webextOptionalPermissionPrompts': false,
      'extensions.webextensions.uuids': JSON.stringify({ [EXTENSION_ID]: EXTENSION_UUID }),
    },
  });
  return {
    context,
    extensionOrigin: `moz-extension://${EXTENSION_UUID}`,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
