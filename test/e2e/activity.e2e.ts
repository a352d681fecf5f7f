import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';
import { createLeverCandidate } from './office/candidates.ts';
import { test } from './office/office.ts';
import { cardOf, lookAtPage, openOptions, tabTo } from './office/options.ts';
import { openPanel, sendButton } from './office/panel.ts';
import { noteOn } from './office/vendor-journal.ts';

test('the activity tells who sent what to whom, is searched by keyboard, and goes out as a file of what was found', async ({
  office,
}) => {
  const { world, rosa } = office;
  await office.holdFor(0);
  const ada = createLeverCandidate(world, { name: 'Acta Vity' });
  const candidate = await rosa.context.newPage();
  await candidate.goto(ada.url);
  await sendButton(await openPanel(candidate)).click();
  await noteOn(world, ada.email);
  await candidate.close();

  const page = await openOptions(await office.mei(), 'activity');
  const found = cardOf(page, 'What happened');
  const entries = found.getByRole('listitem');
  await tabTo(page, found.getByLabel('Search'));
  await page.keyboard.type('no such thing');
  await expect(found.getByText('Nothing matches these filters.')).toBeVisible();
  await tabTo(page, found.getByLabel('Who'));
  await page.keyboard.type('Rosa');
  await expect(found.getByLabel('Who')).toHaveValue(/./);
  await found.getByRole('button', { name: 'Clear filters' }).press('Enter');
  const sent = entries.filter({ hasText: ada.name });
  await expect(sent.filter({ hasText: /Invitation asked for.*Rosa Ibarra/ })).toContainText('Rosa Ibarra clicked Send');
  await expect(sent.filter({ hasText: 'Invitation sent' })).toContainText('Tagalong');

  // All that happened to this candidate, by a press on the name.
  await sent.filter({ hasText: 'Invitation asked for' }).getByRole('button', { name: ada.name }).press('Enter');
  await expect(entries.filter({ hasNotText: ada.name })).toHaveCount(0);
  await sent.filter({ hasText: 'Invitation sent' }).getByRole('button', { name: 'What changed' }).press('Enter');
  const changed = found.getByRole('table').first();
  await expect(changed).toContainText('write a note');
  await expect(changed).not.toContainText(/write-note|\dT\d/);
  await lookAtPage(page, 'options-activity-candidate');

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).press('Enter'),
  ]);
  expect(download.suggestedFilename()).toBe('tagalong-activity.csv');
  const [head, ...rows] = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
  expect(head).toContain('seq,at,who');
  expect(rows.length).toBe(await entries.count());
  expect(rows.some((row) => row.includes('Rosa Ibarra') && row.includes(ada.name))).toBe(true);
  await page.close();
});
