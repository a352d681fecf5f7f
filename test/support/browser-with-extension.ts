import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type BrowserContext, chromium, type Frame, type Page } from '@playwright/test';

export interface ExtensionBrowser {
  context: BrowserContext;
  extensionId: string;
  close(): Promise<void>;
}

/** Without these a headless Chromium spends its time asking hosts that a closed network refuses. */
const QUIET_FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
];

/**
 * A Chromium with the built extension, to which the ATS's own host names lead to the simulated ones and all others nowhere.
 * `httpsPort` is where the simulated pages are served.
 */
export async function openChromium(options: {
  executablePath: string;
  httpsPort: number;
  hosts: readonly string[];
  headless: boolean;
  colorScheme?: 'light' | 'dark';
  viewport?: { width: number; height: number } | null;
  /** Folder of the unpacked extension; the build's own when absent. */
  extension?: string;
}): Promise<ExtensionBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'tagalong-chromium-'));
  const extension = resolve(options.extension ?? '.output/chrome-mv3');
  const rules = [
    ...options.hosts.map((host) => `MAP ${host}:443 127.0.0.1:${options.httpsPort}`),
    'MAP * ~NOTFOUND',
    'EXCLUDE 127.0.0.1',
    'EXCLUDE localhost',
  ];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: options.executablePath,
    headless: options.headless,
    chromiumSandbox: false,
    ignoreHTTPSErrors: true,
    viewport: options.viewport === undefined ? { width: 1280, height: 900 } : options.viewport,
    ...(options.colorScheme ? { colorScheme: options.colorScheme } : {}),
    args: [
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
      ...QUIET_FLAGS,
      `--host-resolver-rules=${rules.join(',')}`,
    ],
  });
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker', { timeout: 30_000 }));
  return {
    context,
    extensionId: new URL(worker.url()).host,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The panel's frame inside an ATS page, as soon as it is there. It sits in a closed shadow root; the page cannot see it, we can. */
export async function panelFrame(page: Page, timeoutMs = 15_000): Promise<Frame> {
  const isPanel = (frame: Frame) => frame.url().startsWith('chrome-extension://') && frame.url().includes('/panel.html');
  const here = page.frames().find(isPanel);
  if (here) return here;
  return await new Promise((resolveFrame, reject) => {
    const finish = () => {
      clearTimeout(timer);
      page.off('framenavigated', look);
    };
    const look = (frame: Frame) => {
      if (!isPanel(frame)) return;
      finish();
      resolveFrame(frame);
    };
    const timer = setTimeout(() => {
      finish();
      reject(new Error(`No panel appeared on ${page.url()} within ${timeoutMs} ms`));
    }, timeoutMs);
    page.on('framenavigated', look);
    const late = page.frames().find(isPanel);
    if (late) look(late);
  });
}
