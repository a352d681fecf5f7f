import { expect } from '@playwright/test';
import { createLeverCandidate } from './office/candidates.ts';
import { test } from './office/office.ts';
import { cardOf, lookAtPage, openOptions } from './office/options.ts';
import { openPanel, sendButton, stepDone } from './office/panel.ts';

test('the endpoint map is mended field by field, saved, and tried', async ({ office }) => {
  const options = await openOptions(await office.mei(), 'vendors');
  const trial = cardOf(options, 'Try an endpoint');
  const outcome = trial.getByRole('region', { name: 'What came of it' });
  const tryIt = async () => {
    await trial.getByLabel('Endpoint', { exact: true }).selectOption({ label: 'List assessments' });
    await trial.getByRole('button', { name: 'Try it' }).press('Enter');
  };
  await tryIt();
  await expect(outcome).toContainText('Status 200');
  await expect(outcome).toContainText('Senior SWE');

  const list = options.getByRole('group', { name: 'List assessments' });
  const path = list.getByLabel('Path');
  const right = await path.inputValue();
  const form = options.locator('form').filter({ has: list });
  const save = async () => {
    await form.getByRole('button', { name: 'Save', exact: true }).press('Enter');
    await expect(form.getByText('Saved', { exact: true })).toBeVisible();
  };
  await path.fill('tests');
  await expect(path).toHaveAttribute('aria-invalid', 'true');
  await expect(list.getByText('A path starts with a slash.')).toBeVisible();
  await expect(trial.getByText('The saved map is tried.')).toBeVisible();
  await list.scrollIntoViewIfNeeded();
  await lookAtPage(options, 'options-endpoint-map');

  await path.fill('/nothing-is-here');
  await save();
  await tryIt();
  await expect(outcome).toContainText('Status 404');
  await outcome.scrollIntoViewIfNeeded();
  await lookAtPage(options, 'options-endpoint-refused');

  await path.fill(right);
  await save();
  await tryIt();
  await expect(outcome).toContainText('Status 200');
  // What would reach somebody is shown and not sent.
  await trial.getByLabel('Endpoint', { exact: true }).selectOption({ label: 'Invite' });
  await trial.getByLabel('Assessment ID').fill(office.world.seeds.coderbyte.seniorSwe);
  await trial.getByLabel('E-mail of a candidate').fill('nobody@example.com');
  await trial.getByRole('button', { name: 'Try it' }).press('Enter');
  await expect(outcome).toContainText('Nothing was sent.');
  const journal = office.world.journal.list().filter(({ simulator }) => simulator === 'coderbyte');
  expect(JSON.stringify(journal)).not.toContain('nobody@example.com');
  await options.close();
});

test('the company’s own words reach the candidate, once the link stands in them', async ({ office }) => {
  const { world } = office;
  await office.holdFor(0);
  const options = await openOptions(await office.mei(), 'mail');
  const card = cardOf(options, 'Words of the invitation');
  const isOwn = card.getByRole('switch', { name: 'Use our own words' });
  const text = card.getByLabel('Text', { exact: true });
  const save = async () => {
    await card.getByRole('button', { name: 'Save', exact: true }).press('Enter');
    await expect(card.getByText('Saved', { exact: true })).toBeVisible();
  };
  await isOwn.press('Space');
  await card.getByLabel('Subject').fill('{company} asks you to take {assessment}');
  await text.fill('Dear {name},\n\nplease begin soon.');
  await expect(card.getByText('The text needs {link}, or candidates cannot begin.')).toBeVisible();
  await text.fill('Dear {name},\n\nplease begin soon: {link}\n\nYours, <b>the team</b>');
  await expect(card.getByRole('region', { name: 'Preview' })).toContainText('Dear Ada,');
  await lookAtPage(options, 'options-own-words');
  await save();

  const ada = createLeverCandidate(world, { name: 'Wanda Words', tags: ['Backend take-home'] });
  const page = await office.rosa.context.newPage();
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await sendButton(panel).click();
  await expect(stepDone(panel, 'Sent', 'Backend take-home')).toBeVisible();
  const mails = world.mail.mails().filter(({ to }) => to.includes(ada.email));
  expect(mails).toHaveLength(1);
  const [mail] = mails;
  expect(mail?.subject).toMatch(/ asks you to take Backend take-home$/);
  expect(mail?.text).toContain('Dear Wanda,');
  expect(mail?.text).toContain('<b>the team</b>');
  expect(mail?.links.some((link) => link.startsWith('https://byteboard.dev/i/'))).toBe(true);
  await page.close();

  await options.bringToFront();
  await isOwn.press('Space');
  await save();
  await options.close();
});
