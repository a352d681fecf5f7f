import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { type ExtensionBrowser, openChromium } from '../support/browser-with-extension.ts';
import { findBrowsers } from '../support/find-browsers.ts';
import { pairBrowser } from '../support/pair-browser.ts';
import { type Stage, startStage } from '../support/stage.ts';
import { greenhousePlayer, leverPlayer } from './ats-player.ts';
import { CheckList } from './check-list.ts';
import { playLinkVendors } from './link-vendors.ts';
import { playMainJob } from './main-job.ts';

/**
 * `npm run demo`: simulated Greenhouse, Lever and vendors, the real server on its embedded database, and a Chromium with the extension on a
 * candidate. With `--headless` it performs the main job by itself on both ATSs and ends with a count.
 */
const FOLDER = '.output/demo';
const RECRUITER = 'Rita Recruiter';

async function main(): Promise<void> {
  const headless = process.argv.includes('--headless');
  mkdirSync(FOLDER, { recursive: true });
  const { chromium } = findBrowsers({ firefox: false });
  buildExtension();
  // Short waits, so that nobody sits through the real ones: five minutes of grace, half a minute for a late tag.
  const rules = headless ? { leavingGraceMinutes: 0.05, tagRecheckSeconds: 2 } : {};
  const stage = await startStage({ name: 'demo', setUp: { rules }, world: { lever: { rateLimit: null } } });
  try {
    const browser = await openChromium({
      executablePath: chromium,
      httpsPort: stage.world.httpsPort,
      hosts: stage.world.pageHosts,
      headless,
      ...(headless ? {} : { viewport: null }),
    });
    if (headless) await playBoth(stage, browser);
    else await letPlay(stage, browser);
    await browser.close();
  } finally {
    await stage.close();
  }
}

/** Only when it is not there yet, so that the demo starts at once the second time; `npm run build` makes it anew. */
function buildExtension(): void {
  if (existsSync('.output/chrome-mv3/manifest.json') && !process.argv.includes('--build')) return;
  const { status } = spawnSync('wxt', ['build'], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The extension could not be built.');
}

async function playBoth(stage: Stage, browser: ExtensionBrowser): Promise<void> {
  const list = new CheckList();
  list.heading('Set-up');
  await list.step('the extension connects with a one-time code', async () => {
    const code = await stage.newCode('recruiter');
    const page = await pairBrowser(browser.context, {
      extensionId: browser.extensionId,
      serverUrl: stage.server.address,
      code,
      name: RECRUITER,
    });
    await page.getByText(RECRUITER).first().waitFor();
    await page.close();
    return `connected as ${RECRUITER}`;
  });
  const scene = { context: browser.context, world: stage.world, list, folder: FOLDER };
  for (const ats of [leverPlayer(stage.world), greenhousePlayer(stage.world)]) await playMainJob({ ...scene, ats });
  await playLinkVendors({ ...scene, ats: leverPlayer(stage.world) }, stage);
  process.stdout.write(`\nPictures: ${FOLDER}/\n${list.passed} passed, ${list.failed} failed\n`);
  process.exitCode = list.failed === 0 ? 0 : 1;
}

async function letPlay(stage: Stage, browser: ExtensionBrowser): Promise<void> {
  const code = await stage.newCode('admin');
  await pairBrowser(browser.context, {
    extensionId: browser.extensionId,
    serverUrl: stage.server.address,
    code,
    name: RECRUITER,
  });
  for (const ats of [greenhousePlayer(stage.world), leverPlayer(stage.world)]) {
    const page = await browser.context.newPage();
    await page.goto(ats.pageOf(ats.people.byHand));
  }
  process.stdout.write(
    [
      '',
      'Two candidates are open, one in Greenhouse and one in Lever. Click the tab at the right edge of the page.',
      `Play the ATSs, the vendors and the candidate at ${stage.world.urls.control}`,
      `Tagalong's server is ${stage.server.address}; its API is described at ${stage.server.address}/openapi.json`,
      'Close the browser or press Ctrl+C to end.',
      '',
    ].join('\n'),
  );
  await new Promise<void>((resolve) => {
    browser.context.once('close', () => resolve());
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

await main().catch((error: unknown) => {
  process.stdout.write(
    `\nThe demo could not run: ${error instanceof Error ? error.message : String(error)}\n\n0 passed, 1 failed\n`,
  );
  process.exitCode = 1;
});
