import { expect, type Page } from '@playwright/test';
import { createGreenhouseCandidate, createLeverCandidate } from './office/candidates.ts';
import { type Office, test } from './office/office.ts';
import { chooseAssessment, happened, invitationIn, openPanel, sendButton, stepDone } from './office/panel.ts';
import { invitationsTo, invitationTo, noteOn, noteWith } from './office/vendor-journal.ts';

/** The panel follows what the server knows within this. */
const LIVE = { timeout: 2000 };

/** A machine that stands still may miss that more than once. */
test.describe.configure({ retries: 2 });

let page: Page;
test.beforeEach(async ({ office }) => {
  page = await office.rosa.context.newPage();
});
test.afterEach(() => page.close());

test('a candidate who enters the assessment stage in Lever is invited by the rule, and the open panel follows to the result and on', async ({
  office,
}) => {
  const { world } = office;
  const { stages } = world.seeds.lever;
  const ada = createLeverCandidate(world, { name: 'Amina Flow' });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await expect(panel.getByText('Phone screen stage')).toBeVisible();

  world.lever.play.move({ opportunityId: ada.opportunityId, stageId: stages.assessment });
  await invitationTo(world, ada.email);
  await expect(stepDone(panel, 'Sent')).toBeVisible(LIVE);
  await expect(panel.getByText('Assessment stage')).toBeVisible();
  await expect(happened(panel, 'Sending Senior SWE: entered "Assessment" with the tag "Senior SWE".')).toBeVisible();
  expect(await noteOn(world, ada.email)).toContain('Rule: send on entering "Assessment" with the tag "Senior SWE".');

  await takeTheTest(office, ada.email, async () => {
    await expect(stepDone(panel, 'Started')).toBeVisible(LIVE);
  });
  await expectGoodResult(page);
  await noteWith(world, '82 of 100');
  expect(invitationsTo(world, ada.email)).toHaveLength(1);

  await panel.getByRole('button', { name: 'Move to Onsite' }).click();
  await expect(panel.getByText('Onsite stage')).toBeVisible();
  expect(world.lever.account.opportunities.get(ada.opportunityId)?.stage).toBe(stages.onsite);
});

test('the same in Greenhouse: stage entry, invitation, result, move to Onsite', async ({ office }) => {
  const { world } = office;
  const { backend } = world.seeds.greenhouse.stages;
  const ada = createGreenhouseCandidate(world, { name: 'Gina Flow' });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await expect(panel.getByText('Phone Screen stage')).toBeVisible();

  world.greenhouse.move({ applicationId: ada.applicationId, stageId: backend.Assessment });
  await invitationTo(world, ada.email);
  await expect(stepDone(panel, 'Sent')).toBeVisible(LIVE);
  await takeTheTest(office, ada.email, async () => {
    await expect(stepDone(panel, 'Started')).toBeVisible(LIVE);
  });
  await expectGoodResult(page);

  await panel.getByRole('button', { name: 'Move to Onsite' }).click();
  await expect(panel.getByText('Onsite stage')).toBeVisible();
  const moved = world.greenhouse.world.applications.get(ada.applicationId);
  expect(world.greenhouse.world.currentStage(moved)?.name).toBe('Onsite');
  expect(invitationsTo(world, ada.email)).toHaveLength(1);
});

test("the vendor's report opens in a tab of its own that learns nothing of the ATS's page", async ({ office }) => {
  const { world } = office;
  await office.holdFor(0);
  const ada = createLeverCandidate(world, { name: 'Rita Port' });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await sendButton(panel).click();
  await noteOn(world, ada.email);
  await takeTheTest(office, ada.email);
  const opened = page.context().waitForEvent('page');
  await panel.getByRole('link', { name: /^Open report/ }).click();
  const report = await opened;
  expect(new URL(report.url()).origin).toBe('https://coderbyte.com');
  expect(await report.evaluate(() => [window.opener === null, document.referrer])).toEqual([true, '']);
  await report.close();
});

test('a flagged result asks for a look and neither passes nor rejects anybody', async ({ office }) => {
  const { world } = office;
  await office.holdFor(0);
  const ada = createLeverCandidate(world, { name: 'Flora Flagg' });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await sendButton(panel).click();
  await noteOn(world, ada.email);
  await takeTheTest(office, ada.email, undefined, { finalScore: 95, cheated: true });
  await expect(panel.getByText('Integrity: flagged for review')).toBeVisible();
  expect(world.lever.account.opportunities.get(ada.opportunityId)).toMatchObject({
    stage: world.seeds.lever.stages.phoneScreen,
    archived: null,
  });
});

test('without a tag nothing is sent on stage entry; the panel says why and one click mends it', async ({ office }) => {
  const { world } = office;
  await office.holdFor(0);
  const ada = createLeverCandidate(world, { name: 'Notta Gatall', tags: [] });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await expect(panel.getByText('Phone screen stage')).toBeVisible();
  world.lever.play.move({ opportunityId: ada.opportunityId, stageId: world.seeds.lever.stages.assessment });
  await expect(happened(panel, 'Not sent: no assessment tag.')).toBeVisible();
  expect(invitationsTo(world, ada.email)).toHaveLength(0);
  await panel.getByRole('region', { name: 'What happened' }).getByRole('button', { name: 'Send now' }).click();
  // Where the job has no assessment of its own yet, the mend leads to the choice.
  if (await panel.getByPlaceholder('Choose an assessment').isVisible()) {
    await chooseAssessment(panel, 'Senior SWE');
    await sendButton(panel).click();
  }
  await noteOn(world, ada.email);
  expect(invitationsTo(world, ada.email)).toHaveLength(1);
  expect(world.lever.account.opportunities.get(ada.opportunityId)?.tags).toContain('Senior SWE');
});

test("a Byteboard take-home goes out as the company's own e-mail, and its signed report arrives in the panel", async ({
  office,
}) => {
  const { world } = office;
  await office.holdFor(0);
  const ada = createGreenhouseCandidate(world, { name: 'Bea Tahome', tags: [] });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await chooseAssessment(panel, 'Backend take-home');
  await sendButton(panel).click();
  await expect(stepDone(panel, 'Sent', 'Backend take-home')).toBeVisible();
  const mails = world.mail.mails().filter(({ to }) => to.includes(ada.email));
  expect(mails).toHaveLength(1);
  const link = mails[0]?.links.find((url) => url.startsWith('https://byteboard.dev/i/')) ?? '';
  const invitation = new URL(link).pathname.split('/').pop() ?? '';
  await world.byteboard.grade({ invitation, rating: 'Leaning Strong' });
  const card = invitationIn(panel, 'Backend take-home');
  await expect(card.getByText('Leaning Strong').first()).toBeVisible();
  await expect(card.getByText('Code Quality')).toBeVisible();
});

test('a vendor without an API: the recruiter copies the link, and later enters the rating', async ({ office }) => {
  const { world, stage } = office;
  await office.holdFor(0);
  await stage.api('POST', '/api/assessments', {
    vendorConnectionId: stage.company.connections.byteboard.id,
    externalId: 'code-review',
    name: 'Code review',
    tag: 'Code review',
    linkTemplate: 'https://byteboard.dev/i/{invitation}',
    handover: 'copy link',
  });
  const ada = createGreenhouseCandidate(world, { name: 'Lin Kopie', tags: ['Code review'] });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await expect(panel.getByText('You copy the link and send it yourself.')).toBeVisible();
  await panel.getByRole('button', { name: 'Create link' }).click();
  await expect(stepDone(panel, 'Link ready', 'Code review')).toBeVisible();

  await panel.getByRole('button', { name: 'Copy link' }).click();
  const link = await panel.getByLabel("The candidate's personal link").inputValue();
  expect(link).toMatch(/^https:\/\/byteboard\.dev\/i\/[\w-]+$/);
  await expect(invitationIn(panel, 'Code review').getByText('Link copied. It belongs to this candidate alone.')).toBeVisible();
  const field = page.getByRole('textbox', { name: 'Tag' });
  await field.press('ControlOrMeta+v');
  await expect(field).toHaveValue(link);

  await panel.getByRole('button', { name: 'Enter result' }).click();
  const save = panel.getByRole('button', { name: 'Save result' });
  // The panel grows around the form; faster than any hand, a click may come before that.
  await expect(save).toBeInViewport({ ratio: 1 });
  await save.click();
  await expect(panel.getByText('Enter a rating, a score or a verdict.')).toBeVisible();
  await panel.getByLabel('Rating', { exact: true }).selectOption('Strong');
  await panel.getByRole('button', { name: 'Add a skill' }).click();
  await panel.getByLabel('Skill', { exact: true }).fill('Code quality');
  await panel.getByLabel('Rating of this skill').selectOption('Leaning Strong');
  await panel.getByLabel('Notes').fill('Small steps, each with a test.');
  await panel.getByRole('button', { name: 'Save result' }).click();

  const card = invitationIn(panel, 'Code review');
  await expect(card.getByText('entered by Rosa Ibarra')).toBeVisible();
  await expect(card.getByText('Strong', { exact: true })).toBeVisible();
  await expect(card.getByText('Code quality')).toBeVisible();
  await expect(card.getByText('Small steps, each with a test.')).toBeVisible();
  const note = await noteWith(world, 'rated Strong');
  expect(note).toContain('Entered by Rosa Ibarra.');
  expect(note).not.toContain('byteboard.dev');
});

/** Starts and finishes the test at the vendor's; `afterStart` runs between. */
async function takeTheTest(
  { world }: Office,
  email: string,
  afterStart?: () => Promise<void>,
  result: { finalScore?: number; cheated?: boolean } = {},
): Promise<void> {
  const who = { assessmentId: world.seeds.coderbyte.seniorSwe, email };
  world.coderbyte.play.start(who);
  await afterStart?.();
  world.coderbyte.play.submit({ ...who, ...result });
}

async function expectGoodResult(on: Page): Promise<void> {
  const card = invitationIn(await openPanel(on));
  await expect(card.getByText('82 / 100')).toBeVisible(LIVE);
  await expect(card.getByText('Passed')).toBeVisible();
  await expect(card.getByText(/\(mark 70/)).toBeVisible();
  await expect(card.getByText('Merge Overlapping Intervals')).toBeVisible();
  await expect(card.getByText('Integrity: nothing flagged')).toBeVisible();
  const report = new URL((await card.getByRole('link', { name: /^Open report/ }).getAttribute('href')) ?? '');
  expect([report.protocol, report.host]).toEqual(['https:', 'coderbyte.com']);
}
