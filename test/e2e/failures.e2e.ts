import { expect } from '@playwright/test';
import { createLeverCandidate } from './office/candidates.ts';
import { type Office, test } from './office/office.ts';
import { cardOf, lookAtPage, openOptions, tabTo } from './office/options.ts';
import { happened, openPanel, sendButton, stepDone } from './office/panel.ts';
import { lookAt } from './office/screens.ts';
import { invitationsTo, noteOn } from './office/vendor-journal.ts';

test('a note that Lever refused is listed with its reason, tried again by keyboard, and is off the list and the badge then', async ({
  office,
}) => {
  const mei = await office.mei();
  const before = await countOpen(office);
  const ada = await sendWithoutNote(office, 'Nell Refused');
  const page = await openOptions(mei, 'failures');
  const list = cardOf(page, 'What failed');
  const item = list.getByRole('listitem').filter({ hasText: ada.name });
  await expect(item.getByRole('heading')).toHaveText(/^Not done: .*note/);
  await expect(item).toContainText('Lever');
  const badge = page.getByRole('navigation').getByRole('link', { name: /^Failures/ });
  await expect(badge).toContainText(`${before + 1} open`);
  await lookAtPage(page, 'options-failures-open');

  const popup = await mei.context.newPage();
  await popup.setViewportSize({ width: 340, height: 560 });
  await popup.goto(`chrome-extension://${mei.extensionId}/popup.html`);
  await expect(popup.getByText(/\d+ things? failed and waits? for an admin\./)).toBeVisible();
  await lookAt(popup, { name: 'popup-failures' });
  await popup.close();

  await page.bringToFront();
  await tabTo(page, item.getByRole('button', { name: /^Try again/ }));
  await page.keyboard.press('Enter');
  await noteOn(office.world, ada.email);
  await expect(item).toBeHidden();
  await expect(badge).toHaveText(before === 0 ? 'Failures' : `Failures${before} open`);
  // Who goes on by keyboard goes on in this card, not at the top of the page.
  await expect(list.locator(':focus')).toBeAttached();
  expect(invitationsTo(office.world, ada.email)).toHaveLength(1);
  await page.close();
});

test('what nobody will mend is discarded with a comment, and stays readable as discarded', async ({ office }) => {
  const ada = await sendWithoutNote(office, 'Dora Discard');
  const page = await openOptions(await office.mei(), 'failures');
  const list = cardOf(page, 'What failed');
  const item = list.getByRole('listitem').filter({ hasText: ada.name });
  const discard = item.getByRole('button', { name: /^Discard:/ });
  await tabTo(page, discard);
  await page.keyboard.press('Enter');
  const comment = item.getByLabel('Why nobody will mend it');
  await expect(comment).toBeFocused();
  await tabTo(page, item.getByRole('button', { name: 'Cancel' }));
  await page.keyboard.press('Enter');
  await expect(discard).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(item.getByText('Say why, for those who look later.')).toBeVisible();
  await lookAtPage(page, 'options-failures-discard');
  await comment.fill('Written by hand.');
  await comment.press('Enter');
  await expect(item).toBeHidden();
  await list.getByLabel('Show').selectOption('discarded');
  await expect(item).toContainText('Discarded by Mei Tanaka: Written by hand.');
  await page.close();
});

test('a webhook can be looked at again: what it would do is shown and nothing is done; run again, nothing happens twice', async ({
  office,
}) => {
  const { world, rosa } = office;
  await office.holdFor(0);
  const ada = createLeverCandidate(world, { name: 'Rhea Replay', tags: [] });
  const candidate = await rosa.context.newPage();
  await candidate.goto(ada.url);
  const panel = await openPanel(candidate);
  await expect(panel.getByText('Phone screen stage')).toBeVisible();
  world.lever.play.move({ opportunityId: ada.opportunityId, stageId: world.seeds.lever.stages.assessment });
  await expect(happened(panel, 'Not sent: no assessment tag.')).toBeVisible();
  await world.settle();

  const page = await openOptions(await office.mei(), 'failures');
  const webhook = cardOf(page, 'Webhooks as they came in')
    .getByRole('listitem')
    .filter({ hasText: ada.name })
    .filter({ hasText: 'candidateStageChange' })
    .first();
  const writes = () => world.journal.list().filter(({ kind, what }) => kind === 'api' && !what.startsWith('GET ')).length;
  const before = writes();
  const what = () => candidate.getByRole('list').allTextContents();
  const shownBefore = await what();
  await tabTo(page, webhook.getByRole('button', { name: /^Show what it would do/ }));
  await page.keyboard.press('Enter');
  await expect(webhook.getByRole('list', { name: 'Because' })).not.toBeEmpty();
  await webhook.getByRole('button', { name: 'Show what was sent' }).click();
  await expect(webhook.locator('pre')).toContainText(ada.opportunityId);
  await webhook.scrollIntoViewIfNeeded();
  await lookAtPage(page, 'options-webhook-again');
  expect(await what()).toEqual(shownBefore);

  await webhook.getByRole('button', { name: /^Run again:/ }).click();
  await webhook.getByRole('button', { name: 'Run again', exact: true }).click();
  await expect(webhook.getByText('run again once')).toBeVisible();
  await expect(webhook.getByText('Taken in').first()).toBeVisible();
  await expect(happened(panel, 'Not sent: no assessment tag.')).toBeVisible();
  expect(invitationsTo(world, ada.email)).toHaveLength(0);
  expect(writes()).toBe(before);
  await page.close();
  await candidate.close();
});

/** How much waits since other tests. */
async function countOpen({ stage }: Office): Promise<number> {
  return (await stage.api<{ counts: { open: number } }>('GET', '/api/failures')).counts.open;
}

/** Rosa sends; the invitation goes out, and Lever refuses the note about it for good. */
async function sendWithoutNote(office: Office, name: string) {
  const { world, rosa } = office;
  await office.holdFor(0);
  const ada = createLeverCandidate(world, { name });
  const refused = { code: 'ValidationError', message: 'Notes are closed for this opportunity.' };
  world.lever.direct.failNext({
    method: 'POST',
    path: `${ada.opportunityId}/notes$`,
    answer: { kind: 'status', status: 400, body: refused },
  });
  const page = await rosa.context.newPage();
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await sendButton(panel).click();
  await stepDone(panel, 'Sent').waitFor();
  await expect(happened(panel, /(note about Senior SWE was not written)/)).toBeVisible();
  await page.close();
  return ada;
}
