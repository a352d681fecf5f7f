import { expect, type Page } from '@playwright/test';
import { createGreenhouseCandidate, createLeverCandidate } from './office/candidates.ts';
import { test } from './office/office.ts';
import { happened, openPanel } from './office/panel.ts';

let page: Page;
test.beforeEach(async ({ office }) => {
  page = await office.rosa.context.newPage();
});
test.afterEach(() => page.close());

test('a recruiter archives a candidate of Lever from the panel, with the keyboard alone, and brings them back', async ({
  office,
}) => {
  const { world } = office;
  const ada = createLeverCandidate(world, { name: 'Arlo Change' });
  const archived = () => world.lever.account.opportunities.get(ada.opportunityId)?.archived ?? null;
  await page.goto(ada.url);
  const panel = await openPanel(page);
  const menu = panel.getByRole('button', { name: 'More for this candidate' });
  await menu.press('Enter');
  await panel.getByRole('button', { name: 'Archive...' }).press('Enter');
  const question = panel.getByRole('form', { name: 'Archive Arlo Change?' });
  const reason = question.getByRole('combobox', { name: 'Reason' });
  await expect(reason).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await expect(menu).toBeFocused();
  expect(archived()).toBeNull();

  await menu.press('Enter');
  await panel.getByRole('button', { name: 'Archive...' }).press('Enter');
  await expect(reason).toBeFocused();
  await reason.press('ArrowDown');
  await reason.press('ArrowDown');
  await reason.press('Enter');
  await expect(reason).not.toHaveValue('');
  const chosen = await reason.inputValue();
  await question.getByRole('button', { name: 'Archive' }).press('Enter');
  await expect(panel.getByText('Archived', { exact: true })).toBeVisible();
  await expect(happened(panel, `Rosa Ibarra archived the candidate: ${chosen}.`)).toBeVisible();
  expect(archived()).not.toBeNull();

  await menu.press('Enter');
  await panel.getByRole('button', { name: 'Bring back...' }).press('Enter');
  await panel.getByRole('button', { name: 'Bring back', exact: true }).press('Enter');
  await expect(panel.getByText('Archived', { exact: true })).toBeHidden();
  await expect(happened(panel, 'Rosa Ibarra brought the candidate back.')).toBeVisible();
  expect(archived()).toBeNull();
});

test('a recruiter moves a candidate of Greenhouse to the next stage', async ({ office }) => {
  const { world } = office;
  const ada = createGreenhouseCandidate(world, { name: 'Nora Change', tags: [] });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await expect(panel.getByText('Phone Screen stage')).toBeVisible();
  await panel.getByRole('button', { name: 'More for this candidate' }).click();
  await panel.getByRole('button', { name: 'Move to next stage...' }).click();
  await panel.getByRole('button', { name: 'Move on', exact: true }).click();
  await expect(panel.getByText('Assessment stage')).toBeVisible();
  await expect(happened(panel, 'Rosa Ibarra moved the candidate on from "Phone Screen" to the next stage.')).toBeVisible();
});
