import { spawnSync } from 'node:child_process';
import { expect, type Page } from '@playwright/test';
import type { ApplicationView } from '../../lib/contract/panel.ts';
import { findBrowsers } from '../support/find-browsers.ts';
import { type FirefoxBrowser, openFirefox } from '../support/firefox-with-extension.ts';
import { createGreenhouseCandidate, createLeverCandidate } from './office/candidates.ts';
import { type Office, test } from './office/office.ts';
import { invitationsTo, noteOn } from './office/vendor-journal.ts';

/**
 * In Firefox no test can look inside the panel. So it is used blindly, as by a hand that knows where the buttons are: by
 * coordinates from the panel's upper left corner. What came of it is read from the panel's size, from the server
 * and from the simulators.
 */
const CONNECT = { x: 51, y: 149 };
const SEND = { x: 70, y: 226 };
const UNDO = { x: 180, y: 131 };
const ZIP = '.output/e2e/firefox.zip';

let firefox: FirefoxBrowser;
let page: Page;

/** The first one connects the browser for the others. */
test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ office }) => {
  const options = ['--source-dir', '.output/firefox-mv3', '--artifacts-dir', '.output/e2e', '--filename', 'firefox.zip'];
  const { status, stderr } = spawnSync('web-ext', ['build', ...options, '--overwrite-dest'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The Firefox build could not be packed: ${stderr}`);
  const { world } = office;
  const executablePath = findBrowsers({ firefox: true }).firefox ?? '';
  firefox = await openFirefox({ executablePath, httpsPort: world.httpsPort, hosts: world.pageHosts, zip: ZIP });
});
test.afterAll(() => firefox?.close());
test.beforeEach(async () => {
  page = await firefox.context.newPage();
});
test.afterEach(() => page.close());

test('Firefox loads the packed build; the tab on a Lever page leads to the connection', async ({ office }) => {
  const ada = createLeverCandidate(office.world, { name: 'Fenna Lever' });
  await page.goto(ada.url);
  await openByClick();
  await page.screenshot({ path: '.output/screens/firefox-not-connected.png' });
  const opened = firefox.context.waitForEvent('page');
  await clickAt(CONNECT);
  const options = await opened;
  // Key by key: what Playwright fills in at once, React does not hear of in Firefox's extension pages.
  await options.getByLabel('Server address').pressSequentially(office.stage.server.address);
  await options.getByLabel('Pairing code').pressSequentially(await office.stage.newCode('recruiter'));
  await options.getByLabel('Your name').pressSequentially('Fiona Fox');
  await options.getByRole('button', { name: 'Connect' }).click();
  await expect(options.getByText('You are connected, Fiona Fox')).toBeVisible();
  // It stays open: Playwright waits in vain for the end of an extension's page.
});

test('a click on Send in Firefox invites once, from a Lever page', async ({ office }) => {
  const { world } = office;
  await office.holdFor(1);
  const ada = createLeverCandidate(world, { name: 'Freya Sender' });
  await page.goto(ada.url);
  await sendByClick();
  expect(await noteOn(world, ada.email)).toContain('Sent by Fiona Fox.');
  expect(invitationsTo(world, ada.email)).toHaveLength(1);
  await expect.poll(async () => (await viewOf(office, ada.opportunityId)).invitations[0]?.state).toBe('sent');
  await page.screenshot({ path: '.output/screens/firefox-sent.png' });
});

test('a click on Undo in Firefox sends nothing', async ({ office }) => {
  const { world } = office;
  await office.holdFor(30);
  const ada = createLeverCandidate(world, { name: 'Frida Undo' });
  await page.goto(ada.url);
  await sendByClick();
  await expect.poll(async () => (await viewOf(office, ada.opportunityId)).invitations[0]?.state).toBe('held');
  await page.screenshot({ path: '.output/screens/firefox-held.png' });
  // Until the row stands where the form stood, a click there means nothing.
  await expect(async () => {
    await clickAt(UNDO);
    const { happenings } = await viewOf(office, ada.opportunityId);
    expect(happenings.map(({ text }) => text)).toContain('Fiona Fox undid sending Senior SWE.');
  }).toPass();
  expect(invitationsTo(world, ada.email)).toHaveLength(0);
});

test("the panel shows on Greenhouse's pages in Firefox too", async ({ office }) => {
  const ada = createGreenhouseCandidate(office.world, { name: 'Floris Green' });
  await page.goto(ada.url);
  await openByClick();
  await expect.poll(heightOf).toBeGreaterThan(250);
  await page.screenshot({ path: '.output/screens/firefox-greenhouse.png' });
  await page.goto('https://app.greenhouse.io/people');
  await expect(page.getByRole('heading', { name: 'Candidates' })).toBeVisible();
  expect(await page.locator('tagalong-panel').count()).toBe(0);
});

async function boxOf() {
  const box = await page.locator('tagalong-panel').boundingBox();
  if (!box) throw new Error('The panel takes no room');
  return box;
}

async function heightOf(): Promise<number> {
  return (await boxOf()).height;
}

async function clickAt({ x, y }: { x: number; y: number }): Promise<void> {
  const box = await boxOf();
  await page.mouse.click(box.x + x, box.y + y);
}

/** The tab is 32 px high as soon as it is drawn. */
async function openByClick(): Promise<void> {
  await expect.poll(heightOf).toBe(32);
  await clickAt({ x: 40, y: 16 });
  await expect.poll(async () => (await boxOf()).width).toBe(360);
  await expect.poll(heightOf).toBeGreaterThan(150);
}

/** It is open, as it was left, and as high as the send form makes it. */
async function sendByClick(): Promise<void> {
  await expect.poll(heightOf).toBeGreaterThan(250);
  await clickAt(SEND);
}

async function viewOf({ stage }: Office, applicationId: string): Promise<ApplicationView> {
  return await stage.api<ApplicationView>('GET', `/api/panel?ats=lever&host=hire.lever.co&applicationId=${applicationId}`);
}
