import { expect, type Page } from '@playwright/test';
import type { ApplicationView } from '../../lib/contract/panel.ts';
import type { FirefoxBrowser } from '../support/firefox-with-extension.ts';
import { createGreenhouseCandidate, createLeverCandidate } from './office/candidates.ts';
import { clickAt, connectFirefox, heightOf, openByClick, openOfficeFirefox, sendByClick } from './office/firefox.ts';
import { type Office, test } from './office/office.ts';
import { invitationsTo, noteOn } from './office/vendor-journal.ts';

const UNDO = { x: 180, y: 131 };

let firefox: FirefoxBrowser;
let page: Page;

/** The first one connects the browser for the others. */
test.describe.configure({ mode: 'serial', retries: 4 });

test.beforeAll(async ({ office }) => {
  firefox = await openOfficeFirefox(office);
});
test.afterAll(() => firefox?.close());
test.beforeEach(async () => {
  page = await firefox.context.newPage();
});
test.afterEach(() => page.close());

test('Firefox loads the packed build; the tab on a Lever page leads to the connection', async ({ office }) => {
  const ada = createLeverCandidate(office.world, { name: 'Fenna Lever' });
  await page.goto(ada.url);
  await openByClick(page);
  await page.screenshot({ path: '.output/screens/firefox-not-connected.png' });
  const serverUrl = office.stage.server.address;
  const options = await connectFirefox(firefox, {
    page,
    serverUrl,
    code: await office.stage.newCode('recruiter'),
    name: 'Fiona Fox',
  });
  await expect(options.getByText('You are connected, Fiona Fox')).toBeVisible();
});

test('a click on Send in Firefox invites once, from a Lever page', async ({ office }) => {
  const { world } = office;
  await office.holdFor(1);
  const ada = createLeverCandidate(world, { name: 'Freya Sender' });
  await page.goto(ada.url);
  await sendByClick(page);
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
  await sendByClick(page);
  await expect.poll(async () => (await viewOf(office, ada.opportunityId)).invitations[0]?.state).toBe('held');
  await page.screenshot({ path: '.output/screens/firefox-held.png' });
  // Until the row stands where the form stood, a click there means nothing.
  await expect(async () => {
    await clickAt(page, UNDO);
    const { happenings } = await viewOf(office, ada.opportunityId);
    expect(happenings.map(({ text }) => text)).toContain('Fiona Fox undid sending Senior SWE.');
  }).toPass();
  expect(invitationsTo(world, ada.email)).toHaveLength(0);
});

test("the panel shows on Greenhouse's pages in Firefox too", async ({ office }) => {
  const ada = createGreenhouseCandidate(office.world, { name: 'Floris Green' });
  await page.goto(ada.url);
  await openByClick(page);
  await expect.poll(() => heightOf(page)).toBeGreaterThan(250);
  await page.screenshot({ path: '.output/screens/firefox-greenhouse.png' });
  await page.goto('https://app.greenhouse.io/people');
  await expect(page.getByRole('heading', { name: 'Candidates' })).toBeVisible();
  expect(await page.locator('tagalong-panel').count()).toBe(0);
});

async function viewOf({ stage }: Office, applicationId: string): Promise<ApplicationView> {
  return await stage.api<ApplicationView>('GET', `/api/panel?ats=lever&host=hire.lever.co&applicationId=${applicationId}`);
}
