import { expect } from '@playwright/test';
import { createLeverCandidate } from './office/candidates.ts';
import { test } from './office/office.ts';
import { cardOf, lookAtPage, openOptions, tabTo } from './office/options.ts';
import { openPanel, sendButton, stepDone } from './office/panel.ts';
import { lookAt } from './office/screens.ts';
import { noteOn } from './office/vendor-journal.ts';
import { readDatabase } from './office/worker.ts';

test('an admin erases a candidate by keyboard: only after the word, and the open panel of a colleague and its copy are gone', async ({
  office,
}) => {
  const { world, rosa } = office;
  await office.holdFor(0);
  const ada = createLeverCandidate(world, { name: 'Erna Gone' });
  const candidate = await rosa.context.newPage();
  await candidate.goto(ada.url);
  const panel = await openPanel(candidate);
  await sendButton(panel).click();
  await noteOn(world, ada.email);
  await stepDone(panel, 'Sent').waitFor();
  expect(await readDatabase(rosa, 'copies')).toContain(ada.name);

  const page = await openOptions(await office.mei(), 'erasure');
  const card = cardOf(page, 'Erase a candidate');
  await tabTo(page, card.getByLabel('ATS', { exact: true }));
  await page.keyboard.type('Lever');
  await tabTo(page, card.getByRole('textbox', { name: 'Address of the candidate’s page' }));
  await page.keyboard.type('https://hire.lever.co/settings');
  await page.keyboard.press('Enter');
  await expect(card.getByText('That is not the address of a candidate’s page at this ATS.')).toBeVisible();
  await lookAtPage(page, 'options-erasure-refused');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(ada.url);
  await page.keyboard.press('Enter');
  await expect(card.getByText(ada.name)).toBeVisible();
  await expect(card.getByText(/^One open invitation/)).toBeVisible();
  const word = card.getByRole('textbox', { name: /to confirm$/ });
  await expect(word).toBeFocused();
  const erase = card.getByRole('button', { name: 'Erase for ever' });
  await tabTo(page, erase);
  await page.keyboard.press('Enter');
  await expect(card.getByText('Type the word erase.')).toBeVisible();
  await lookAtPage(page, 'options-erasure-ask');
  await expect(panel.getByRole('heading', { name: ada.name })).toBeVisible();
  await word.press('e');
  await page.keyboard.type('rase');
  await tabTo(page, erase);
  await page.keyboard.press('Enter');

  const past = cardOf(page, 'Erased so far').getByRole('listitem').first();
  await expect(past).toContainText('Erased by Mei Tanaka');
  await expect(past.getByRole('button', { name: /^What lies elsewhere/ })).toBeVisible({ timeout: 20_000 });
  await past.getByRole('button', { name: /^What lies elsewhere/ }).press('Enter');
  await expect(page.getByText(ada.name)).toHaveCount(0);
  await lookAtPage(page, 'options-erasure-done');
  await page.close();

  await expect(panel.getByText(/^This candidate was erased here on/)).toBeVisible();
  await expect(panel.getByText(ada.name)).toHaveCount(0);
  await candidate.bringToFront();
  await lookAt(candidate, { name: 'panel-erased', panel });
  await expect.poll(() => readDatabase(rosa, 'copies')).not.toContain(ada.name);
  expect(await readDatabase(rosa, 'outbox')).not.toContain(ada.name);
  // A visit later brings nobody back.
  await candidate.reload();
  await expect((await openPanel(candidate)).getByText(/^This candidate was erased here on/)).toBeVisible();
  expect(await readDatabase(rosa, 'copies')).not.toContain(ada.name);
  await candidate.close();
});
