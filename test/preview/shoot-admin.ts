import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import { findBrowsers } from '../support/find-browsers.ts';
import { SHOTS } from './admin-shots.ts';

/**
 * Takes a picture of every screen of the options page (1280 and 640 px) and of the popup (340 px), light and dark, runs axe on each and
 * looks for anything that runs off the side, also at 320 px: `node test/preview/shoot-admin.ts [name ...]`. The pictures lie in
 * `.output/preview/admin/`. Ends with a non-zero code when anything is found.
 */
const OUT = join(import.meta.dirname, '../../.output/preview/admin');
const WIDTHS_PX = { admin: [1280, 640], popup: [340] };
const NARROWEST_PX = 320;
/** What the page itself logs when a call fails on purpose. */
const EXPECTED = /did not answer/;

type AxePage = ConstructorParameters<typeof AxeBuilder>[0]['page'];

const wanted = process.argv.slice(2);
const shots = Object.entries(SHOTS).filter(([name]) => wanted.length === 0 || wanted.includes(name));
await mkdir(OUT, { recursive: true });
const configFile = join(import.meta.dirname, 'admin.config.ts');
await build({ configFile });
const server = await preview({ configFile, preview: { host: '127.0.0.1', port: 4183, strictPort: false } });
const address = server.resolvedUrls?.local[0];
const browser = await chromium.launch({
  executablePath: findBrowsers({ firefox: false }).chromium,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});

let taken = 0;
let faults = 0;
for (const colorScheme of ['light', 'dark'] as const) {
  const context = await browser.newContext({ colorScheme, locale: 'en-GB', timezoneId: 'UTC' });
  const page = await context.newPage();
  page.on('pageerror', (error) => report(`${error}`));
  page.on('console', (message) => message.type() === 'error' && !EXPECTED.test(message.text()) && report(message.text()));
  for (const [name, shot] of shots) {
    for (const width of WIDTHS_PX[shot.page]) {
      await page.setViewportSize({ width, height: shot.page === 'popup' ? 200 : 900 });
      await page.goto('about:blank');
      await page.goto(`${address}${shot.page}.html?as=${shot.as ?? ''}#${shot.hash ?? ''}`);
      await page.waitForLoadState('networkidle');
      await shot.act?.(page);
      await page.screenshot({ path: join(OUT, `${name}-${width}-${colorScheme}.png`), fullPage: true, animations: 'disabled' });
      taken += 1;
      await examine(page, `${name} ${width} ${colorScheme}`);
    }
  }
  await context.close();
}
await browser.close();
await server.close();
process.stdout.write(`${taken} pictures, ${faults} faults\n`);
process.exitCode = faults === 0 ? 0 : 1;

function report(text: string): void {
  faults += 1;
  process.stdout.write(`${text}\n`);
}

async function examine(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: page as AxePage }).setLegacyMode(true).analyze();
  for (const { id, nodes } of violations) report(`axe ${name}: ${id} ${nodes.map((node) => node.html).join(' | ')}`);
  await page.setViewportSize({ width: NARROWEST_PX, height: 900 });
  const overhang = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (overhang > 0) report(`${name}: ${overhang} px run off the side of ${NARROWEST_PX} px`);
}
