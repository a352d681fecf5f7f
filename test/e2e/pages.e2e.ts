import { expect, type Page } from '@playwright/test';
import { panelFrame } from '../support/browser-with-extension.ts';
import { createGreenhouseCandidate, createLeverCandidate } from './office/candidates.ts';
import { setCompanyHosts } from './office/company-hosts.ts';
import { connectBrowser } from './office/connect-browser.ts';
import { test } from './office/office.ts';
import { closePanel, openPanel, panelFrames, sendButton, tabOf } from './office/panel.ts';
import { createReviewed, reviewAfter } from './office/reviewed.ts';
import { lookAt } from './office/screens.ts';
import { trustSite, withdrawSite } from './office/site-grants.ts';
import { invitationsTo, noteOn } from './office/vendor-journal.ts';
import { reloadExtension } from './office/worker.ts';

let page: Page;
test.beforeEach(async ({ office }) => {
  page = await office.rosa.context.newPage();
});
test.afterEach(() => page.close());

type Ids = { candidateId: number; applicationId: number };
const forms = {
  'the merge page': ({ candidateId, applicationId }: Ids) => `/people/${candidateId}/merge?application_id=${applicationId}`,
  'an interview kit': ({ candidateId, applicationId }: Ids) => `/guides/7/people/${candidateId}?application_id=${applicationId}`,
  'an interview in a kit': ({ candidateId, applicationId }: Ids) =>
    `/guides/7/people/${candidateId}/interview?application_id=${applicationId}`,
  'an application alone': ({ applicationId }: Ids) => `/applications/${applicationId}`,
  'the other name of a candidate': ({ candidateId }: Ids) => `/candidates/${candidateId}`,
  'the other names of the parameters': ({ candidateId, applicationId }: Ids) =>
    `/people/${candidateId}?job_application_id=${applicationId}&person_id=${candidateId}`,
};
for (const [form, toPath] of Object.entries(forms)) {
  test(`the panel knows the candidate of a Greenhouse address: ${form}`, async ({ office }) => {
    const { name, ...ids } = createGreenhouseCandidate(office.world, { name: 'Edith Forms' });
    await page.goto(`https://app.greenhouse.io${toPath(ids)}`);
    const panel = await openPanel(page);
    await expect(panel.getByRole('heading', { name })).toBeVisible();
    await expect(sendButton(panel)).toBeVisible();
  });
}

for (const path of ['plans', 'sdash', 'scorecards', 'people?candidate_id=', 'plans/candidates']) {
  test(`there is no panel on a list or page that names nobody: ${path}`, async ({ office }) => {
    const { candidateId, url } = createGreenhouseCandidate(office.world, { name: 'Lista Page' });
    const { backend } = office.world.seeds.greenhouse.jobs;
    const paths: Record<string, string> = {
      'people?candidate_id=': `/people?candidate_id=${candidateId}&page=2`,
      'plans/candidates': `/plans/${backend}/candidates?hiring_plan_id=${backend}&type=active&page=1`,
    };
    await page.goto(`https://app.greenhouse.io${paths[path] ?? `/${path}/${backend}`}`);
    // The content script has had its turn when it has one on a candidate in another tab of the same browser.
    const other = await office.rosa.context.newPage();
    await other.goto(url);
    await panelFrame(other);
    await other.close();
    expect(panelFrames(page)).toHaveLength(0);
  });
}

test('an address that names two candidates shows neither, says so and offers nothing to send', async ({ office }) => {
  const one = createGreenhouseCandidate(office.world, { name: 'Uno Primero' });
  const two = createGreenhouseCandidate(office.world, { name: 'Dos Segundo' });
  for (const path of [
    `/people/${one.candidateId}?application_id=${one.applicationId}&application_id=${two.applicationId}`,
    `/people/${one.candidateId}/applications/${one.applicationId}?application_id=${two.applicationId}`,
    `/people/${one.candidateId}?application_id=${one.applicationId}&candidate_id=${two.candidateId}`,
  ]) {
    await page.goto(`https://app.greenhouse.io${path}`);
    const tab = tabOf(await closePanel(page));
    await expect(tab).toHaveAccessibleName('Open Tagalong: Needs you');
    const panel = await openPanel(page);
    await expect(panel.getByRole('heading', { name: 'This page names two candidates' })).toBeVisible();
    await expect(sendButton(panel)).toHaveCount(0);
    await expect(panel.getByText(/Primero|Segundo/)).toHaveCount(0);
  }
  await lookAt(page, { name: 'panel-contradiction', panel: await openPanel(page) });
  await page.goto(one.url);
  await expect((await openPanel(page)).getByRole('heading', { name: one.name })).toBeVisible();
});

test('ids that do not belong together are told apart by the server', async ({ office }) => {
  const one = createGreenhouseCandidate(office.world, { name: 'Una Sola' });
  const two = createGreenhouseCandidate(office.world, { name: 'Otra Persona' });
  await page.goto(`https://app.greenhouse.io/applications/${one.applicationId}?person_id=${two.candidateId}`);
  const panel = await openPanel(page);
  await expect(panel.getByRole('heading', { name: 'Nothing to show for this candidate' })).toBeVisible();
  await expect(sendButton(panel)).toHaveCount(0);
});

for (const swap of ['view', 'link'] as const) {
  test(`Application Review swaps the candidate in place, and panel and button go with them (new ${swap})`, async ({ office }) => {
    const [before, ben, cara] = createReviewed(office.world, ['Xenia Before', 'Ben Lee', 'Cara Diaz']);
    await office.holdFor(0);
    await page.goto(reviewAfter(before, swap));
    const panel = await openPanel(page);
    await expect(panel.getByRole('heading', { name: ben.name })).toBeVisible();
    await expect(panel.getByRole('button', { name: 'Send to Ben Lee' })).toBeVisible();
    await page.getByRole('link', { name: 'Skip to the next' }).click();
    await expect(panel.getByRole('heading', { name: cara.name })).toBeVisible();
    const send = panel.getByRole('button', { name: 'Send to Cara Diaz' });
    await expect(send).toBeVisible();
    if (swap === 'view') await lookAt(page, { name: 'panel-review', panel });
    await send.click();
    await noteOn(office.world, cara.email);
    expect(invitationsTo(office.world, cara.email)).toHaveLength(1);
    expect(invitationsTo(office.world, ben.email)).toHaveLength(0);
  });
}

test('Application Review moves on between seeing and clicking: nothing is sent to anybody', async ({ office }) => {
  const [before, ben, cara] = createReviewed(office.world, ['Yara Before', 'Bert Moved', 'Carl Moved']);
  await office.holdFor(0);
  // Both have been seen before, so that the refusal can say to whom the page has moved.
  await page.goto(reviewAfter(ben));
  await expect((await openPanel(page)).getByRole('heading', { name: cara.name })).toBeVisible();
  await page.goto(reviewAfter(before));
  const panel = await openPanel(page);
  const send = panel.getByRole('button', { name: 'Send to Bert Moved' });
  await send.waitFor();
  // The panel is busy for a moment, as on a slow machine; the click lands on what is still shown.
  await send.evaluate((element: HTMLElement) => {
    setTimeout(() => {
      const until = performance.now() + 1000;
      while (performance.now() < until);
      element.click();
    });
  });
  await page.getByRole('link', { name: 'Skip to the next' }).dispatchEvent('click');
  await expect(panel.getByText('The page has moved on to Carl Moved. Nothing was sent.')).toBeVisible();
  await expect(panel.getByRole('heading', { name: cara.name })).toBeVisible();
  // Something real afterwards: a send before it would have arrived by now.
  await panel.getByRole('button', { name: 'Only add the tag' }).click();
  await expect(panel.getByText('The tag "Senior SWE" is on the candidate.').first()).toBeVisible();
  for (const { email } of [ben, cara]) expect(invitationsTo(office.world, email)).toHaveLength(0);
});

test('a page that lies about whom it shows only gets that person shown, by name', async ({ office }) => {
  const [before, ben] = createReviewed(office.world, ['Zoe Before', 'Bea Shown']);
  const other = createGreenhouseCandidate(office.world, { name: 'Otto Elsewhere' });
  await page.goto(reviewAfter(before));
  const panel = await openPanel(page);
  await expect(panel.getByRole('button', { name: 'Send to Bea Shown' })).toBeVisible();
  const lie = (href: string) =>
    page.evaluate((to) => document.querySelector('[data-provides="app-review"] header a')?.setAttribute('href', to), href);
  await lie(new URL(other.url).pathname + new URL(other.url).search);
  await expect(panel.getByRole('button', { name: 'Send to Otto Elsewhere' })).toBeVisible();
  await lie('/people/999999999?application_id=999999999');
  await expect(panel.getByText('Greenhouse does not show this application to Tagalong.')).toBeVisible();
  await expect(sendButton(panel)).toHaveCount(0);
  await lie('https://evil.example/people/1?application_id=1');
  await expect.poll(() => panelFrames(page).length).toBe(1);
  await expect(panel.getByText(/Otto|Bea/)).toHaveCount(0);
  for (const { email } of [ben, other]) expect(invitationsTo(office.world, email)).toHaveLength(0);
});

test('when nobody is left to review, the panel leaves', async ({ office }) => {
  const [before] = createReviewed(office.world, ['Ulla Before', 'Last Left']);
  await page.goto(reviewAfter(before));
  await panelFrame(page);
  await page.evaluate(() => document.querySelector('[data-provides="app-review"]')?.remove());
  await expect.poll(() => page.locator('tagalong-panel').count()).toBe(0);
});

test('on a company’s own address the panel comes with the permission, stays over an update, and goes with it', async ({
  office,
}) => {
  const { world, stage } = office;
  const host = 'northwind.greenhouse.io';
  await setCompanyHosts(office, [host]);
  const browser = await office.openBrowser();
  await connectBrowser(browser, { serverUrl: stage.server.address, code: await stage.newCode('recruiter'), name: 'Nora Wind' });
  const ada = createGreenhouseCandidate(world, { name: 'Ada Subdomain' });
  const url = ada.url.replace('app.greenhouse.io', host);
  const candidate = await browser.context.newPage();
  await candidate.goto(url);
  const popup = await browser.context.newPage();
  await popup.setViewportSize({ width: 340, height: 560 });
  await popup.goto(`chrome-extension://${browser.extensionId}/popup.html`);
  const allow = popup.getByRole('button', { name: `Allow on ${host}` });
  await expect(allow).toBeVisible();
  await lookAt(popup, { name: 'popup-own-address' });
  expect(await candidate.locator('tagalong-panel').count()).toBe(0);

  await trustSite(browser, host);
  await popup.bringToFront();
  await allow.click();
  await expect(popup.getByText(`Also works on ${host}`)).toBeVisible();
  await expect(allow).toBeHidden();
  // The tab that was open before is not forgotten.
  const panel = await openPanel(candidate);
  await expect(panel.getByRole('heading', { name: ada.name })).toBeVisible();
  await candidate.screenshot({ path: '.output/screens/page-own-address.png' });

  await popup.close();
  await candidate.close();
  await reloadExtension(browser);
  const after = await browser.context.newPage();
  await expect(async () => {
    await after.goto(url);
    await expect(after.locator('tagalong-panel')).toHaveCount(1, { timeout: 2000 });
  }).toPass();

  await withdrawSite(browser, host);
  await expect(async () => {
    await after.goto(url);
    await expect(after.getByRole('heading', { name: ada.name })).toBeVisible();
    expect(panelFrames(after)).toHaveLength(0);
  }).toPass();
  await after.goto(ada.url);
  await panelFrame(after);
  await browser.close();
  await setCompanyHosts(office, []);
});

test('in Lever the panel comes with the flyover above the list, goes from one to the next and back, and leaves with it', async ({
  office,
}) => {
  const first = createLeverCandidate(office.world, { name: 'Flora Flyover' });
  const second = createLeverCandidate(office.world, { name: 'Frank Flyover' });
  await page.goto('https://hire.lever.co/candidates?stage=phone-screen');
  expect(panelFrames(page)).toHaveLength(0);
  await page.locator('main').getByRole('link', { name: first.name }).click();
  const panel = await openPanel(page);
  const shown = panel.getByRole('heading', { level: 2 }).first();
  await expect(shown).toHaveText(first.name);
  const neighbours = page.locator('.flyover-controls');
  const isSecondNext = (await neighbours.getByRole('link', { name: 'Next candidate' }).getAttribute('href'))?.includes(
    second.opportunityId,
  );
  const [there, back] = isSecondNext ? ['Next', 'Previous'] : ['Previous', 'Next'];
  await neighbours.getByRole('link', { name: `${there} candidate` }).click();
  await expect(shown).toHaveText(second.name);
  await neighbours.getByRole('link', { name: `${back} candidate` }).click();
  await expect(shown).toHaveText(first.name);
  await page.getByRole('link', { name: 'Close' }).click();
  await expect.poll(() => panelFrames(page).length).toBe(0);
});

test('in Lever the panel knows a candidate on every host and below the profile, and nobody by the id of an interview', async ({
  office,
}) => {
  const ada = createLeverCandidate(office.world, { name: 'Inter Viewed' });
  for (const address of [
    `https://hire.eu.lever.co/candidates/${ada.opportunityId}`,
    `https://hire.sandbox.lever.co/opportunities/${ada.opportunityId}?tab=notes#top`,
    `https://hire.lever.co/candidates/${ada.opportunityId}/interview/5a9b2c1e-0000-4bba-a671-8a3d73477145`,
  ]) {
    await page.goto(address);
    await expect((await openPanel(page)).getByRole('heading', { name: ada.name })).toBeVisible();
  }
  await page.goto(`https://hire.lever.co/interviews/${ada.opportunityId}`);
  const other = await office.rosa.context.newPage();
  await other.goto(ada.url);
  await panelFrame(other);
  await other.close();
  expect(panelFrames(page)).toHaveLength(0);
});
