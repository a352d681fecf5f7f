import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import { SCREENS } from '../components/panel/panel-states.ts';
import { findBrowsers } from '../support/find-browsers.ts';
import { ACTS } from './acts.ts';

/**
 * Takes a picture of every screen of the panel, light and dark, and runs axe on each: `node test/preview/shoot.ts [name ...]`. The
 * pictures and one sheet per scheme lie in `.output/preview/`. Ends with a non-zero code when axe finds anything.
 */
const OUT = join(import.meta.dirname, '../../.output/preview');
const WIDTH_PX = 360;
const PER_SHEET = 12;
/** The panel says so itself when nobody answers. */
const EXPECTED = /did not answer/;
const wanted = process.argv.slice(2);
const names = [...Object.keys(SCREENS), ...Object.keys(ACTS), 'tab'].filter(
  (name) => wanted.length === 0 || wanted.includes(name),
);

await mkdir(OUT, { recursive: true });
const configFile = join(import.meta.dirname, 'vite.config.ts');
await build({ configFile });
const server = await preview({ configFile, preview: { host: '127.0.0.1', port: 4173, strictPort: false } });
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

/** The same Page: axe's package and Playwright's test runner each bring their own copy of the types. */
type AxePage = ConstructorParameters<typeof AxeBuilder>[0]['page'];

let faults = 0;
for (const colorScheme of ['light', 'dark'] as const) {
  const context = await browser.newContext({
    colorScheme,
    viewport: { width: WIDTH_PX, height: 700 },
    deviceScaleFactor: 2,
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => report(`${error}`));
  page.on('console', (message) => message.type() === 'error' && !EXPECTED.test(message.text()) && report(message.text()));
  for (const name of names) await shoot(page, name, colorScheme);
  await sheet(context, colorScheme);
  await context.close();
}
await browser.close();
await server.close();
process.stdout.write(`${names.length * 2} pictures, ${faults} faults\n`);
process.exitCode = faults === 0 ? 0 : 1;

function report(text: string): void {
  faults += 1;
  process.stdout.write(`${text}\n`);
}

async function shoot(page: Page, name: string, colorScheme: string): Promise<void> {
  const act = ACTS[name];
  await page.setViewportSize({ width: WIDTH_PX, height: 700 });
  await page.goto(
    `${address}?screen=${act?.screen ?? (name === 'tab' ? 'sent' : name)}${name === 'tab' ? '&tab' : ''}&send=${act?.send ?? ''}`,
  );
  await page.locator('html[data-size]').waitFor();
  if (name === 'loading') await page.locator('[data-skeleton]').first().waitFor();
  await act?.run(page);
  const [width = WIDTH_PX, height = 700] = ((await page.locator('html').getAttribute('data-size')) ?? '').split('x').map(Number);
  await page.setViewportSize({ width, height });
  await page.screenshot({ path: join(OUT, `${name}-${colorScheme}.png`) });
  await checkNarrow(page, name, width);
  const { violations } = await new AxeBuilder({ page: page as AxePage })
    .setLegacyMode(true)
    .disableRules(['page-has-heading-one'])
    .analyze();
  for (const { id, nodes } of violations)
    report(`axe ${name} ${colorScheme}: ${id} ${nodes.map((node) => node.html).join(' | ')}`);
}

/** On a 320 px screen, and with text twice as large, nothing may be cut off or need sideways scrolling. */
async function checkNarrow(page: Page, name: string, width: number): Promise<void> {
  if (width < WIDTH_PX) return;
  await page.setViewportSize({ width: 320, height: 700 });
  const at320 = await page.evaluate(sidewaysPx);
  await page.setViewportSize({ width: WIDTH_PX, height: 700 });
  const tag = await page.addStyleTag({ content: 'html { font-size: 200% }' });
  const at200 = await page.evaluate(sidewaysPx);
  await tag.evaluate((style) => style.parentNode?.removeChild(style));
  if (at320 > 0 || at200 > 0) report(`${name}: ${at320} px too wide at 320 px, ${at200} px at 200 %`);
}

/** Runs in the page: by how much anything that scrolls is wider than its box. */
function sidewaysPx(): number {
  const boxes = [document.documentElement, ...document.querySelectorAll('main, main > div:not(.sr-only)')];
  return Math.max(...boxes.map((box) => box.scrollWidth - box.clientWidth));
}

/** The pictures of one scheme side by side, as many on a sheet as can still be read. */
async function sheet(context: BrowserContext, colorScheme: string): Promise<void> {
  const page = await context.newPage();
  await page.setViewportSize({ width: 1532, height: 600 });
  for (let first = 0; first < names.length; first += PER_SHEET) {
    const file = join(OUT, `sheet-${colorScheme}-${first / PER_SHEET + 1}`);
    await writeFile(`${file}.html`, sheetHtml(names.slice(first, first + PER_SHEET), colorScheme));
    await page.goto(`file://${file}.html`);
    await page.screenshot({ path: `${file}.png`, fullPage: true, scale: 'css' });
  }
  await page.close();
}

function sheetHtml(shown: string[], colorScheme: string): string {
  const back = colorScheme === 'dark' ? '#0d0e11;color:#ccc' : '#d9dce2';
  const figures = shown.map((name) => `<figure><figcaption>${name}</figcaption><img src="${name}-${colorScheme}.png"></figure>`);
  return `<!doctype html><body style="margin:16px;columns:4;column-gap:16px;font:12px sans-serif;background:${back}">
    <style>figure{margin:0 0 16px;break-inside:avoid}img{max-width:360px}img[src^=tab]{height:32px}</style>${figures.join('')}`;
}
