import { expect, type Page } from '@playwright/test';
import { connectHackerrank } from '../support/connect-hackerrank.ts';
import { createGreenhouseCandidate, createLeverCandidate } from './office/candidates.ts';
import { type Office, test } from './office/office.ts';
import { cardOf, lookAtPage, openOptions, tabTo } from './office/options.ts';
import { chooseAssessment, happened, invitationIn, openPanel, sendButton, stepDone } from './office/panel.ts';
import { lookAt } from './office/screens.ts';
import { invitationsTo, noteOn } from './office/vendor-journal.ts';

let page: Page;
test.beforeEach(async ({ office }) => {
  page = await office.rosa.context.newPage();
  await office.holdFor(0);
});
test.afterEach(() => page.close());

test('HackerRank: from the click to the verified result in the panel', async ({ office }) => {
  const { world, stage } = office;
  const vendor = await connectHackerrank({ world, company: stage.company }, { advanced: 'Qualified' });
  const ada = createGreenhouseCandidate(world, { name: 'Hanna Rank', tags: [] });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await chooseAssessment(panel, vendor.assessment.name);
  await sendButton(panel).click();
  await expect(stepDone(panel, 'Sent', vendor.assessment.name)).toBeVisible();
  await noteOn(world, ada.email);
  const { id: candidateId } = vendor.last(ada.email);
  vendor.hackerrank.play.start({ candidateId });
  vendor.hackerrank.play.submit({ candidateId, score: 82 });
  const card = invitationIn(panel, vendor.assessment.name);
  await expect(stepDone(panel, 'Result', vendor.assessment.name)).toBeVisible();
  await expect(card.getByText(/^82/).first()).toBeVisible();
  expect(vendor.candidatesOf(ada.email)).toHaveLength(1);
  await lookAt(page, { name: 'panel-hackerrank', panel });

  const options = await openOptions(await office.mei(), 'vendors');
  const words = options.getByRole('region', { name: /outcome|became/i }).last();
  await words.scrollIntoViewIfNeeded();
  await lookAtPage(options, 'options-outcome-words');
  await options.close();
  // Others look at a company without it.
  await stage.api('DELETE', `/api/assessments/${vendor.assessment.id}`);
  await stage.api('DELETE', `/api/connections/${vendor.connection.id}`);
});

test('who was invited at HackerRank by hand is not invited twice: the card leads to that invitation, by keyboard', async ({
  office,
}) => {
  const { world, stage } = office;
  const vendor = await connectHackerrank({ world, company: stage.company });
  const { assessment, hackerrank, tests } = vendor;
  const ada = createGreenhouseCandidate(world, { name: 'Hanna Byhand', tags: [] });
  hackerrank.play.invite({ testId: tests.backend, email: ada.email, fullName: ada.name });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await chooseAssessment(panel, assessment.name);
  await sendButton(panel).press('Enter');
  const card = invitationIn(panel, assessment.name);
  await expect(card.getByText(/already has an open invitation at HackerRank, .* Attach that one instead/)).toBeVisible();
  await tabTo(page, card.getByRole('button', { name: 'Find it at HackerRank' }));
  await page.keyboard.press('Enter');
  const attach = card.getByRole('status').getByRole('button', { name: 'Attach' });
  await attach.waitFor();
  await lookAt(page, { name: 'panel-invited-outside', panel });
  await tabTo(page, attach);
  await page.keyboard.press('Enter');
  await expect(stepDone(panel, 'Sent', assessment.name)).toBeVisible();
  expect(vendor.candidatesOf(ada.email)).toHaveLength(1);
  await stage.api('DELETE', `/api/assessments/${assessment.id}`);
  await stage.api('DELETE', `/api/connections/${vendor.connection.id}`);
});

for (const kind of ['HackerRank', 'CodeSignal']) {
  test(`the form that connects ${kind} can be read by everybody`, async ({ office }) => {
    const options = await openOptions(await office.mei(), 'vendors');
    await options.getByRole('button', { name: new RegExp(`(Connect|Add).*${kind}`) }).press('Enter');
    const form = options.getByRole('form').or(options.locator('form')).filter({ hasText: 'API' }).last();
    await form.scrollIntoViewIfNeeded();
    await lookAtPage(options, `options-connect-${kind.toLowerCase()}`);
    await options.close();
  });
}

test('an invitation that was made at Coderbyte by hand is found from the panel and followed to its result', async ({
  office,
}) => {
  const { world } = office;
  const ada = createLeverCandidate(world, { name: 'Otis Outside' });
  const who = { assessmentId: world.seeds.coderbyte.seniorSwe, email: ada.email };
  world.coderbyte.play.invite({ ...who, name: ada.name });
  world.coderbyte.play.start(who);
  await world.settle();
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'More options' }).press('Enter');
  await panel.getByRole('button', { name: 'Invited at Coderbyte by hand?' }).press('Enter');
  const found = panel.getByRole('status').getByRole('listitem');
  await expect(found).toContainText(ada.email);
  await lookAt(page, { name: 'panel-outside', panel });
  await found.getByRole('button', { name: 'Attach' }).press('Enter');
  await expect(stepDone(panel, 'Started')).toBeVisible();
  world.coderbyte.play.submit({ ...who, finalScore: 77 });
  await expect(invitationIn(panel).getByText('77 / 100')).toBeVisible();
  expect(invitationsTo(world, ada.email)).toHaveLength(0);
});

test('nobody was invited by hand: that is said, and nothing else changes', async ({ office }) => {
  const ada = createLeverCandidate(office.world, { name: 'Nils Nowhere' });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  // By keyboard: the panel grows as the options unfold, and no hand is quick enough to press a button in the middle of that.
  await panel.getByRole('button', { name: 'More options' }).press('Enter');
  await panel.getByRole('button', { name: 'Invited at Coderbyte by hand?' }).press('Enter');
  await expect(
    panel.getByText('Nothing is known of an invitation to Senior SWE that was made at Coderbyte itself.'),
  ).toBeVisible();
  await expect(sendButton(panel)).toBeVisible();
});

test('two assessment tags: both go out with one click, each once', async ({ office }) => {
  const { world } = office;
  const ada = createLeverCandidate(world, { name: 'Beth Both', tags: ['Senior SWE', 'Backend take-home'] });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  const both = panel.getByRole('button', { name: 'Send both' });
  await both.waitFor();
  await lookAt(page, { name: 'panel-both', panel });
  await both.press('Enter');
  await expect(stepDone(panel, 'Sent')).toBeVisible();
  await expect(stepDone(panel, 'Sent', 'Backend take-home')).toBeVisible();
  expect(invitationsTo(world, ada.email)).toHaveLength(1);
  expect(world.mail.mails().filter(({ to }) => to.includes(ada.email))).toHaveLength(1);
  await lookAt(page, { name: 'panel-both-sent', panel });
});

test('a result that is revised after a move by rule asks for a look, and a click says that somebody looked', async ({
  office,
}) => {
  const { world } = office;
  const { stages } = world.seeds.lever;
  await setAdvance(office, true);
  const ada = createLeverCandidate(world, { name: 'Rev Ised' });
  const who = { assessmentId: world.seeds.coderbyte.seniorSwe, email: ada.email };
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await expect(panel.getByText('Phone screen stage')).toBeVisible();
  world.lever.play.move({ opportunityId: ada.opportunityId, stageId: stages.assessment });
  await noteOn(world, ada.email);
  world.coderbyte.play.start(who);
  world.coderbyte.play.submit({ ...who, finalScore: 82 });
  await expect(panel.getByText('Onsite stage')).toBeVisible();
  await setAdvance(office, false);
  world.coderbyte.play.score({ ...who, finalScore: 55 });
  world.coderbyte.play.thumb({ ...who, recommendation: 'thumb_down' });
  const review = panel.getByText(/on an earlier result, 82\. The result is now 55\. Please check\./).first();
  await expect(review).toBeVisible();
  await lookAt(page, { name: 'panel-review-notice', panel });
  await panel.getByRole('button', { name: 'Done, I checked' }).press('Enter');
  await expect(panel.getByRole('button', { name: 'Done, I checked' })).toBeHidden();
  await expect(happened(panel, /has checked the move after the changed result/)).toBeVisible();
  expect(world.lever.account.opportunities.get(ada.opportunityId)?.stage).toBe(stages.onsite);
});

test('extra time is set beforehand by keyboard, and shows nowhere but in its own question', async ({ office }) => {
  const ada = createLeverCandidate(office.world, { name: 'Extra Time' });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'More for this candidate' }).press('Enter');
  await panel.getByRole('button', { name: 'Extra time...' }).press('Enter');
  const form = panel.getByRole('form', { name: 'Extra time for this candidate' });
  await form.getByLabel('At every test').selectOption('50');
  await lookAt(page, { name: 'panel-extra-time', panel });
  await form.getByRole('button', { name: 'Save' }).press('Enter');
  await expect(form).toBeHidden();
  await expect(panel.getByText(/50 ?%/)).toHaveCount(0);
  await panel.getByRole('button', { name: 'More for this candidate' }).press('Enter');
  await panel.getByRole('button', { name: 'Extra time...' }).press('Enter');
  await expect(form.getByLabel('At every test')).toHaveValue('50');
});

test('one-time links: pasted, one sent to each candidate, and said when there are none left', async ({ office }) => {
  const { world, stage } = office;
  const pooled = await stage.api<{ id: string }>('POST', '/api/assessments', {
    vendorConnectionId: stage.company.connections.byteboard.id,
    externalId: 'pooled',
    name: 'Pooled project',
    kind: 'take-home project',
    tag: 'Pooled project',
    linkTemplate: null,
    linkFrom: 'pool',
    handover: 'our e-mail',
  });
  const options = await openOptions(await office.mei(), 'assessments');
  const pool = options.getByRole('button', { name: 'One-time links of Pooled project' });
  const field = options.getByPlaceholder('https://');
  // Without links it stands open, for that is what is missing.
  await tabTo(options, field);
  await options.keyboard.type('https://byteboard.dev/i/only-one');
  await options.keyboard.press('Tab');
  await options.keyboard.press('Enter');
  await expect(field).toHaveValue('');
  await pool.scrollIntoViewIfNeeded();
  await lookAtPage(options, 'options-pool');
  await expect(options.getByText('only-one')).toHaveCount(0);
  await options.close();

  const first = createGreenhouseCandidate(world, { name: 'Pola First', tags: ['Pooled project'] });
  await page.goto(first.url);
  const panel = await openPanel(page);
  await sendButton(panel).click();
  await expect(stepDone(panel, 'Sent', 'Pooled project')).toBeVisible();
  const mail = world.mail.mails().find(({ to }) => to.includes(first.email));
  expect(mail?.links).toContain('https://byteboard.dev/i/only-one');

  const second = createGreenhouseCandidate(world, { name: 'Paul Second', tags: ['Pooled project'] });
  await page.goto(second.url);
  const empty = await openPanel(page);
  await expect(empty.getByText('No links left for Pooled project. An admin can add some.').first()).toBeVisible();
  await lookAt(page, { name: 'panel-pool-empty', panel: empty });
  expect(world.mail.mails().filter(({ to }) => to.includes(second.email))).toHaveLength(0);
  await stage.api('DELETE', `/api/assessments/${pooled.id}`);
});

test('another system is told: its secret shows once, also when it is replaced after a warning', async ({ office }) => {
  const options = await openOptions(await office.mei(), 'vendors');
  const card = cardOf(options, 'Tell other systems');
  const add = card.getByRole('button', { name: 'Add an address' });
  await tabTo(options, add, { most: 200 });
  await options.keyboard.press('Enter');
  await tabTo(options, card.getByLabel('Name'));
  await options.keyboard.type('Warehouse');
  await tabTo(options, card.getByLabel('Address'));
  await options.keyboard.type('https://10.0.0.1/in');
  await options.keyboard.press('Enter');
  await expect(card.getByLabel('Address')).toHaveAttribute('aria-invalid', 'true');
  await card.scrollIntoViewIfNeeded();
  await lookAtPage(options, 'options-hook-refused');
  await card.getByLabel('Address').fill('https://hooks.northwind.example/in');
  await card.getByLabel('Address').press('Enter');
  const secret = card.getByRole('textbox', { name: 'Signing secret' });
  await expect(secret).toHaveValue(/^whsec_/);
  const first = await secret.inputValue();
  await lookAtPage(options, 'options-hook-secret');

  await options.reload();
  await expect(card.getByRole('heading', { name: 'Warehouse' })).toBeVisible();
  await expect(secret).toHaveCount(0);
  await card.getByRole('button', { name: 'Replace secret of Warehouse' }).press('Enter');
  await expect(card.getByText(`The secret that ends in ${first.slice(-4)} stops working at once`)).toBeVisible();
  await card.scrollIntoViewIfNeeded();
  await lookAtPage(options, 'options-hook-replace');
  await card.getByRole('button', { name: 'Replace secret', exact: true }).press('Enter');
  await expect(secret).toHaveValue(/^whsec_/);
  expect(await secret.inputValue()).not.toBe(first);
  await expect(card.getByText('stops working at once')).toBeHidden();
  await card.getByRole('button', { name: 'Delete Warehouse' }).press('Enter');
  await card.getByRole('button', { name: 'Delete', exact: true }).press('Enter');
  await expect(card.getByRole('heading', { name: 'Warehouse' })).toBeHidden();
  await options.close();
});

/** As an admin: whether a pass moves the candidate on. */
async function setAdvance({ stage }: Office, advanceOnPass: boolean): Promise<void> {
  await stage.api('PUT', '/api/rules', { ...(await stage.api<object>('GET', '/api/rules')), advanceOnPass });
}
