import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import type { RulesView } from '../../../lib/contract/settings.ts';
import type { World } from '../../simulators/world.ts';
import { type ExtensionBrowser, openChromium } from '../../support/browser-with-extension.ts';
import { findBrowsers } from '../../support/find-browsers.ts';
import { type Stage, startStage } from '../../support/stage.ts';
import { connectBrowser } from './connect-browser.ts';

/** Where the tests work: a company with a server, the simulated world around it, and browsers that are connected to it. */
export interface Office {
  stage: Stage;
  world: World;
  /** The browser of Rosa, a recruiter. */
  rosa: ExtensionBrowser;
  /** A browser of its own for somebody else, not connected yet. Closed with the office. */
  openBrowser(look?: { colorScheme?: 'light' | 'dark' }): Promise<ExtensionBrowser>;
  /** The browser of Ben, another recruiter; opened when it is first asked for. */
  ben(): Promise<ExtensionBrowser>;
  /** The browser of Mei, an admin; opened when it is first asked for. */
  mei(): Promise<ExtensionBrowser>;
  /** How long a recruiter's send is held before it goes out. */
  holdFor(seconds: number): Promise<void>;
}

/** One office for all files, because everything in it takes seconds to start: each test brings candidates of its own. */
export const test = base.extend<object, { office: Office }>({
  office: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern.
    async ({}, use) => {
      await using stack = new AsyncDisposableStack();
      await use(await openOffice(stack));
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

async function openOffice(stack: AsyncDisposableStack): Promise<Office> {
  const { chromium } = findBrowsers({ firefox: false });
  const stage = await startStage({
    name: 'e2e',
    // A day's work of many recruiters within minutes: at Greenhouse's real allowance the tests would wait for it, and rightly so.
    world: { greenhouse: { rateLimit: 10_000 }, hackerrank: { settings: { callsPerSecond: null } }, codesignal: {} },
    setUp: { rules: { tagRecheckSeconds: 1 } },
  });
  stack.defer(() => stage.close());
  const { world } = stage;
  const extension = await copyBuild(stack);

  const openBrowser: Office['openBrowser'] = async (look) => {
    const browser = await openChromium({
      executablePath: chromium,
      httpsPort: world.httpsPort,
      hosts: world.pageHosts,
      headless: true,
      extension,
      ...look,
    });
    stack.defer(() => browser.close());
    return browser;
  };
  const openFor = async (name: string, role: 'recruiter' | 'admin' = 'recruiter') => {
    const browser = await openBrowser();
    await connectBrowser(browser, { serverUrl: stage.server.address, code: await stage.newCode(role), name });
    return browser;
  };

  let ben: Promise<ExtensionBrowser> | undefined;
  let mei: Promise<ExtensionBrowser> | undefined;
  return {
    stage,
    world,
    rosa: await openFor('Rosa Ibarra'),
    openBrowser,
    ben() {
      ben ??= openFor('Ben Okafor');
      return ben;
    },
    mei() {
      mei ??= openFor('Mei Tanaka', 'admin');
      return mei;
    },
    async holdFor(holdSeconds) {
      const rules = await stage.api<RulesView>('GET', '/api/rules');
      await stage.api('PUT', '/api/rules', { ...rules, holdSeconds });
    },
  };
}

/** A build that is made beside the tests must not pull the files away under the browsers. */
async function copyBuild(stack: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tagalong-extension-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  await cp('.output/chrome-mv3', folder, { recursive: true });
  return folder;
}
