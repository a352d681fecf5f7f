import { expect } from '@playwright/test';
import { createLeverCandidate } from './office/candidates.ts';
import { test } from './office/office.ts';
import { openPanel } from './office/panel.ts';
import { invitationsTo, invitationTo } from './office/vendor-journal.ts';

test('a recruiter sends the assessment that the tag names, and sees it sent', async ({ office }) => {
  const { world, rosa } = office;
  await office.holdFor(2);
  const ada = createLeverCandidate(world, { name: 'Ada Moreno' });
  const page = await rosa.context.newPage();
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await expect(panel.getByText('Ada Moreno')).toBeVisible();
  await panel.getByRole('button', { name: 'Send invitation' }).click();
  await expect(panel.getByRole('button', { name: /^Sending in \d+ s - Undo$/ })).toBeVisible();
  await invitationTo(world, ada.email);
  await expect(panel.getByRole('region', { name: 'Invitation: Senior SWE' })).toContainText('Sent');
  expect(invitationsTo(world, ada.email)).toHaveLength(1);
});
