import { expect, type Page } from '@playwright/test';
import { panelFrame } from '../support/browser-with-extension.ts';
import { createApplication, createGreenhouseCandidate, createLeverCandidate } from './office/candidates.ts';
import { test } from './office/office.ts';
import { closePanel, openPanel, panelFrames, tabOf } from './office/panel.ts';
import { pressOpenShortcut } from './office/worker.ts';

let page: Page;
test.beforeEach(async ({ office }) => {
  page = await office.rosa.context.newPage();
});
test.afterEach(() => page.close());

const leverForms = {
  '/candidates/<id>': (id: string) => `https://hire.lever.co/candidates/${id}`,
  '/opportunities/<id>': (id: string) => `https://hire.lever.co/opportunities/${id}`,
};
for (const [form, toUrl] of Object.entries(leverForms)) {
  test(`the tab appears by itself on Lever's ${form} and opens on a click`, async ({ office }) => {
    const { name, opportunityId } = createLeverCandidate(office.world, { name: 'Edith Clarke' });
    await page.goto(toUrl(opportunityId));
    await expectTabThatOpens(name, 'Senior Backend Engineer · Phone screen stage');
  });
}

type Ids = { candidateId: number; applicationId: number };
const greenhouseForms = {
  '/people/<id>?application_id=<id>': ({ candidateId, applicationId }: Ids) =>
    `https://app.greenhouse.io/people/${candidateId}?application_id=${applicationId}`,
  '/people/<id>/applications/<id>': ({ candidateId, applicationId }: Ids) =>
    `https://app2.greenhouse.io/people/${candidateId}/applications/${applicationId}`,
  '/people/<id>/applications/<id>/redesign': ({ candidateId, applicationId }: Ids) =>
    `https://app.eu.greenhouse.io/people/${candidateId}/applications/${applicationId}/redesign`,
  '/people/<id> of somebody with one application': ({ candidateId }: Ids) => `https://app.greenhouse.io/people/${candidateId}`,
};
for (const [form, toUrl] of Object.entries(greenhouseForms)) {
  test(`the tab appears by itself on Greenhouse's ${form} and opens on a click`, async ({ office }) => {
    const ids = createGreenhouseCandidate(office.world, { name: 'Edith Clarke' });
    await page.goto(toUrl(ids));
    await expectTabThatOpens(ids.name, 'Backend Engineer · Phone Screen stage');
  });
}

test('where the address names a person with several applications, the panel asks which one is meant', async ({ office }) => {
  const { world } = office;
  const grace = createGreenhouseCandidate(world, { name: 'Grace Murray' });
  createApplication(world, { candidateId: grace.candidateId, job: 'design' });
  await page.goto(`https://app.greenhouse.io/people/${grace.candidateId}`);
  const panel = await openPanel(page);
  await expect(panel.getByText('Several applications. Choose the one you mean.')).toBeVisible();
  await panel.getByRole('button', { name: /Product Designer/ }).click();
  await expect(panel.getByText('Product Designer · Application Review stage')).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Send to Grace' })).toBeVisible();
  await panel.getByRole('button', { name: 'Other applications' }).click();
  await expect(panel.getByRole('button', { name: /Backend Engineer/ })).toBeVisible();
});

test('the panel follows the page from candidate to candidate without a reload, and leaves with the last one', async ({
  office,
}) => {
  const first = createLeverCandidate(office.world, { name: 'Mary Cartwright' });
  const second = createLeverCandidate(office.world, { name: 'Emmy Noether' });
  await page.goto(first.url);
  const panel = await openPanel(page);
  await expect(panel.getByText(first.name)).toBeVisible();
  await goWithoutLoading(new URL(second.url).pathname);
  await expect(panel.getByText(second.name)).toBeVisible();
  await expect(panel.getByText(first.name)).toBeHidden();
  await page.goBack();
  await expect(panel.getByText(first.name)).toBeVisible();
  await page.getByRole('link', { name: 'Close' }).click();
  await expect.poll(() => panelFrames(page).length).toBe(0);
});

for (const url of [
  'https://hire.lever.co/candidates',
  'https://hire.lever.co/settings/integrations',
  'https://app.greenhouse.io/people',
  'https://app.greenhouse.io/alljobs',
]) {
  test(`there is no panel on ${url}, which shows nobody`, async ({ office }) => {
    const { url: candidateUrl } = createLeverCandidate(office.world, { name: 'Sofia Kovalevskaya' });
    await page.goto(url);
    // The content script has had its turn when it has one on a candidate in another tab of the same browser.
    const other = await office.rosa.context.newPage();
    await other.goto(candidateUrl);
    await panelFrame(other);
    await other.close();
    expect(panelFrames(page)).toHaveLength(0);
    expect(await page.locator('tagalong-panel').count()).toBe(0);
  });
}

test('the shortcut opens the panel and puts the keyboard into it; Escape gives it back to the page', async ({ office }) => {
  const ada = createGreenhouseCandidate(office.world, { name: 'Hertha Ayrton' });
  await page.goto(ada.url);
  await closePanel(page);
  const field = page.getByRole('textbox', { name: 'Tag' });
  await field.focus();
  await page.bringToFront();
  await pressOpenShortcut(office.rosa);
  const panel = await panelFrame(page);
  await expect(panel.getByRole('main', { name: 'Tagalong' })).toBeFocused();
  await expect.poll(() => panel.evaluate(() => document.hasFocus())).toBe(true);
  await page.keyboard.press('Tab');
  await expect(panel.getByRole('button', { name: 'More', exact: true })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(field).toBeFocused();
  await page.keyboard.type('Referral');
  await expect(field).toHaveValue('Referral');
});

test('everything in the panel is reached with the Tab key, in reading order', async ({ office }) => {
  const ada = createLeverCandidate(office.world, { name: 'Joan Clarke' });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await expect(panel.getByRole('button', { name: 'Send invitation' })).toBeVisible();
  await panel.getByRole('main', { name: 'Tagalong' }).focus();
  const reached: string[] = [];
  while (reached.at(-1) !== 'More options' && reached.length < 12) {
    await page.keyboard.press('Tab');
    reached.push(await panel.locator(':focus').evaluate(nameOf));
  }
  expect(reached).toEqual([
    'More',
    'Close the panel',
    'More for this candidate',
    'Assessment',
    'Send invitation',
    'Only add the tag',
    'More options',
  ]);
});

test('a page that takes the panel away gets it back', async ({ office }) => {
  const ada = createLeverCandidate(office.world, { name: 'Ida Rhodes' });
  await page.goto(ada.url);
  await panelFrame(page);
  await page.evaluate(() => document.querySelector('tagalong-panel')?.remove());
  await expect.poll(() => page.locator('tagalong-panel').count()).toBe(1);
  await expect(tabOf(await closePanel(page))).toBeVisible();
});

test("the page's own layout does not move for the panel", async ({ office }) => {
  const ada = createGreenhouseCandidate(office.world, { name: 'Kay McNulty' });
  await page.goto(ada.url);
  await closePanel(page);
  const layout = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('main, .card, .columns > div')].map((part) => JSON.stringify(part.getBoundingClientRect())),
    );
  const before = await layout();
  await openPanel(page);
  expect(await layout()).toEqual(before);
});

async function expectTabThatOpens(name: string, line: string): Promise<void> {
  const panel = await closePanel(page);
  await expect(tabOf(panel)).toHaveAccessibleName('Open Tagalong: Ready');
  await tabOf(panel).click();
  await expect(panel.getByRole('heading', { name })).toBeVisible();
  await expect(panel.getByText(line)).toBeVisible();
}

/** As the page's own "next" does it. */
async function goWithoutLoading(path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
}

function nameOf(element: Element): string {
  const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element.textContent;
  return element.getAttribute('aria-label') ?? label ?? '';
}
