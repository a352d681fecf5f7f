import { expect } from '@playwright/test';
import { createGreenhouseCandidate, createLeverCandidate, createOpportunity } from './office/candidates.ts';
import { test } from './office/office.ts';
import {
  chooseAssessment,
  clickWhilePageMovesOn,
  happened,
  invitationIn,
  openPanel,
  sendButton,
  undoButton,
} from './office/panel.ts';
import { invitationsTo, noteOn } from './office/vendor-journal.ts';

/** They look for what is there for some seconds only, which a machine that stands still may miss more than once. */
test.describe.configure({ retries: 2 });

/** Everything that a click may cause has happened when the note about it is written: it follows from the invitation. */

for (const [ats, create] of [
  ['Lever', createLeverCandidate],
  ['Greenhouse', createGreenhouseCandidate],
] as const) {
  test(`an assessment is sent from ${ats}: held first, then invited once, then noted`, async ({ office }) => {
    const { world, rosa } = office;
    await office.holdFor(6);
    const ada = create(world, { name: `Ada ${ats}` });
    const page = await rosa.context.newPage();
    await page.goto(ada.url);
    const panel = await openPanel(page);
    await expect(panel.getByText(`To ${ada.email}`)).toBeVisible();
    await sendButton(panel).click();
    await expect(undoButton(panel)).toHaveText(/Sending in [1-6] s - Undo/);
    expect(invitationsTo(world, ada.email)).toHaveLength(0);
    await expect(invitationIn(panel)).toContainText('Sent', { timeout: 15_000 });
    await expect(happened(panel, `Senior SWE was sent to ${ada.email}.`)).toBeVisible();
    const note = await noteOn(world, ada.email);
    expect(note).toMatch(/Senior SWE sent to .* Sent by Rosa Ibarra\. Tagalong TA-[0-9a-f]+/);
    expect(invitationsTo(world, ada.email)).toHaveLength(1);
    await page.close();
  });
}

test('Undo within the hold sends nothing, and the candidate can be sent to again', async ({ office }) => {
  const { world, rosa } = office;
  await office.holdFor(8);
  const ada = createLeverCandidate(world, { name: 'Undine Fox' });
  const page = await rosa.context.newPage();
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await sendButton(panel).click();
  await undoButton(panel).click();
  // The two clicks are on their way at the same time: the server may hear of the second first.
  await expect(
    happened(panel, /^(Rosa Ibarra undid sending Senior SWE|Undone before it was sent: nothing goes out)\.$/),
  ).toBeVisible();
  await expect(undoButton(panel)).toBeHidden();
  await office.holdFor(0);
  await sendButton(panel).click();
  await noteOn(world, ada.email);
  expect(invitationsTo(world, ada.email)).toHaveLength(1);
  await page.close();
});

test('the hold outlives going to another candidate and back, and is undone from there', async ({ office }) => {
  const { world, rosa } = office;
  await office.holdFor(20);
  const ada = createLeverCandidate(world, { name: 'Wanda Dering' });
  const other = createLeverCandidate(world, { name: 'Otto Stern' });
  const page = await rosa.context.newPage();
  await page.goto(ada.url);
  await sendButton(await openPanel(page)).click();
  await undoButton(await openPanel(page)).waitFor();
  await page.goto(other.url);
  const elsewhere = await openPanel(page);
  await expect(elsewhere.getByRole('heading', { name: other.name })).toBeVisible();
  await expect(undoButton(elsewhere)).toBeHidden();
  await page.goto(ada.url);
  const back = await openPanel(page);
  await undoButton(back).click();
  await expect(happened(back, 'Rosa Ibarra undid sending Senior SWE.')).toBeVisible();
  expect(invitationsTo(world, ada.email)).toHaveLength(0);
  await page.close();
});

test('another tab shows the hold too, and either tab can undo it', async ({ office }) => {
  const { world, rosa } = office;
  await office.holdFor(20);
  const ada = createLeverCandidate(world, { name: 'Twila Tabb' });
  const [first, second] = [await rosa.context.newPage(), await rosa.context.newPage()];
  await first.goto(ada.url);
  await second.goto(ada.url);
  const [one, two] = [await openPanel(first), await openPanel(second)];
  await sendButton(two).waitFor();
  await sendButton(one).click();
  await expect(undoButton(two)).toHaveText(/^Sending in \d+ s - Undo$/, { timeout: 2000 });
  await undoButton(two).click();
  await expect(sendButton(one)).toBeVisible({ timeout: 2000 });
  expect(invitationsTo(world, ada.email)).toHaveLength(0);
  await first.close();
  await second.close();
});

for (const how of ['SIGTERM', 'SIGKILL'] as const) {
  test(`a server that is restarted (${how}) during the hold still sends, once`, async ({ office }) => {
    const { world, rosa, stage } = office;
    await office.holdFor(3);
    const ada = createLeverCandidate(world, { name: `Rhea ${how.slice(3)}` });
    const page = await rosa.context.newPage();
    await page.goto(ada.url);
    const panel = await openPanel(page);
    await sendButton(panel).click();
    // The server has it, not only this tab.
    await expect(happened(panel, 'Rosa Ibarra clicked Send for Senior SWE.')).toBeVisible();
    await stage.restart(how);
    await noteOn(world, ada.email);
    await expect(invitationIn(panel)).toContainText('Sent');
    expect(invitationsTo(world, ada.email)).toHaveLength(1);
    await page.close();
  });
}

test('a double click sends once', async ({ office }) => {
  const { world, rosa } = office;
  await office.holdFor(1);
  const ada = createLeverCandidate(world, { name: 'Dora Bell' });
  const page = await rosa.context.newPage();
  await page.goto(ada.url);
  await sendButton(await openPanel(page)).dblclick();
  await noteOn(world, ada.email);
  expect(invitationsTo(world, ada.email)).toHaveLength(1);
  await page.close();
});

test('two tabs that click at the same moment send once', async ({ office }) => {
  const { world, rosa } = office;
  await office.holdFor(1);
  const ada = createLeverCandidate(world, { name: 'Tessa Twin' });
  const [first, second] = [await rosa.context.newPage(), await rosa.context.newPage()];
  await first.goto(ada.url);
  await second.goto(ada.url);
  const panels = [await openPanel(first), await openPanel(second)];
  for (const panel of panels) await sendButton(panel).waitFor();
  await clickTogether(panels.map(sendButton));
  await noteOn(world, ada.email);
  for (const panel of panels) await expect(invitationIn(panel)).toContainText('Sent');
  expect(invitationsTo(world, ada.email)).toHaveLength(1);
  await first.close();
  await second.close();
});

test('when two recruiters send at the same moment one invitation goes out, and the second is told by whom', async ({
  office,
}) => {
  const { world, rosa } = office;
  await office.holdFor(2);
  const ben = await office.ben();
  const ada = createLeverCandidate(world, { name: 'Petra Pair' });
  const [hers, his] = [await rosa.context.newPage(), await ben.context.newPage()];
  await hers.goto(ada.url);
  await his.goto(ada.url);
  const panels = [await openPanel(hers), await openPanel(his)];
  for (const panel of panels) await sendButton(panel).waitFor();
  await clickTogether(panels.map(sendButton));
  const told = () =>
    Promise.all(panels.map((panel) => panel.getByText(/(Rosa Ibarra|Ben Okafor) already sent Senior SWE/).count()));
  await expect.poll(async () => (await told()).some((count) => count > 0)).toBe(true);
  await noteOn(world, ada.email);
  expect(invitationsTo(world, ada.email)).toHaveLength(1);
  await hers.close();
  await his.close();
});

test('a recruiter sees that a colleague is sending, and may undo it', async ({ office }) => {
  const { world, rosa } = office;
  await office.holdFor(20);
  const ben = await office.ben();
  const ada = createGreenhouseCandidate(world, { name: 'Cora League' });
  const [hers, his] = [await rosa.context.newPage(), await ben.context.newPage()];
  await hers.goto(ada.url);
  await his.goto(ada.url);
  const [rosas, bens] = [await openPanel(hers), await openPanel(his)];
  await sendButton(rosas).waitFor();
  await sendButton(bens).click();
  await expect(undoButton(rosas)).toHaveText(/^Ben Okafor is sending in \d+ s - Undo$/, { timeout: 2000 });
  await undoButton(rosas).click();
  await expect(happened(bens, 'Rosa Ibarra undid sending Senior SWE.')).toBeVisible();
  expect(invitationsTo(world, ada.email)).toHaveLength(0);
  await hers.close();
  await his.close();
});

test('for a second application of the same person the recruiter is told who sent it already, and for which job', async ({
  office,
}) => {
  const { world, rosa } = office;
  await office.holdFor(0);
  const ada = createLeverCandidate(world, { name: 'Duo Applicant' });
  const again = createOpportunity(world, { contactId: ada.contactId, postingId: world.seeds.lever.postings.data });
  const [page, other] = [await rosa.context.newPage(), await rosa.context.newPage()];
  await other.goto(again.url);
  await sendButton(await openPanel(other)).waitFor();
  await page.goto(ada.url);
  await sendButton(await openPanel(page)).click();
  await noteOn(world, ada.email);
  const reason = 'Not sent: Rosa Ibarra already sent Senior SWE to this person for Senior Backend Engineer.';
  const panel = await openPanel(other);
  await sendButton(panel).click();
  await expect(panel.getByText(reason).first()).toBeVisible();
  await other.reload();
  await expect((await openPanel(other)).getByText(reason).first()).toBeVisible();
  expect(invitationsTo(world, ada.email)).toHaveLength(1);
  await page.close();
  await other.close();
});

test('the same person in the other ATS is not invited a second time', async ({ office }) => {
  const { world, rosa } = office;
  await office.holdFor(0);
  const email = 'both.systems@mail.example';
  const inLever = createLeverCandidate(world, { name: 'Bea Systems', email });
  const inGreenhouse = createGreenhouseCandidate(world, { name: 'Bea Systems', email: 'Both.Systems@mail.example' });
  const page = await rosa.context.newPage();
  await page.goto(inLever.url);
  await sendButton(await openPanel(page)).click();
  await noteOn(world, email);
  await page.goto(inGreenhouse.url);
  const panel = await openPanel(page);
  await expect(panel.getByText(/already sent Senior SWE to this person for Senior Backend Engineer/).first()).toBeVisible();
  await sendButton(panel).click();
  await expect(panel.getByText('Choose an assessment first.')).toBeVisible();
  expect(invitationsTo(world, email)).toHaveLength(1);
  await page.close();
});

test('a click that belongs to the candidate shown before the page moved on sends nothing and says so', async ({ office }) => {
  const { world, rosa } = office;
  await office.holdFor(0);
  const shown = createLeverCandidate(world, { name: 'Shona Before' });
  const page = await rosa.context.newPage();
  await page.goto(shown.url);
  const nextPath = (await page.getByRole('link', { name: 'Next candidate' }).getAttribute('href')) ?? '';
  // The next one is known here already, so that the panel can name whom it means.
  await page.goto(`https://hire.lever.co${nextPath}`);
  const nextName = await (await openPanel(page)).getByRole('heading', { level: 2 }).innerText();
  await page.goto(shown.url);
  const panel = await openPanel(page);
  await sendButton(panel).waitFor();
  await clickWhilePageMovesOn(page, sendButton(panel));
  await expect(panel.getByText(`The page has moved on to ${nextName}. Nothing was sent.`)).toBeVisible();
  await expect(panel.getByRole('heading', { name: nextName })).toBeVisible();
  expect(page.url()).toContain(nextPath);
  expect(invitationsTo(world, shown.email)).toHaveLength(0);
  await page.close();
});

test('a candidate without an e-mail address gets nothing until an address is entered, which serves this invitation', async ({
  office,
}) => {
  const { world, rosa } = office;
  await office.holdFor(0);
  for (const [number, create] of [createLeverCandidate, createGreenhouseCandidate].entries()) {
    const ada = create(world, { name: 'Nell Nomail', email: null });
    const address = `nell.${number}@mail.example`;
    const page = await rosa.context.newPage();
    await page.goto(ada.url);
    const panel = await openPanel(page);
    await sendButton(panel).click();
    await expect(panel.getByText('Enter an address such as ada@example.com.')).toBeVisible();
    await panel.getByLabel('E-mail address').fill(address);
    await sendButton(panel).click();
    await expect(happened(panel, `Senior SWE was sent to ${address}.`)).toBeVisible();
    expect(invitationsTo(world, address)).toHaveLength(1);
    await page.close();
  }
});

test('"Only add the tag" puts the tag on the candidate and invites nobody', async ({ office }) => {
  const { world, rosa } = office;
  const ada = createLeverCandidate(world, { name: 'Tagalina Only', tags: [] });
  const page = await rosa.context.newPage();
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await chooseAssessment(panel, 'Senior SWE');
  await panel.getByRole('button', { name: 'Only add the tag' }).click();
  await expect(happened(panel, 'The tag "Senior SWE" is on the candidate.')).toBeVisible();
  expect(world.lever.account.opportunities.get(ada.opportunityId)?.tags).toContain('Senior SWE');
  expect(invitationsTo(world, ada.email)).toHaveLength(0);
  await page.close();
});

/** Starts every click before any has been answered. */
async function clickTogether(buttons: ReturnType<typeof sendButton>[]): Promise<void> {
  await Promise.all(buttons.map((button) => button.dispatchEvent('click')));
}
