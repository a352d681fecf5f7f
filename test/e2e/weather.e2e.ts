import { expect, type Page } from '@playwright/test';
import { panelFrame } from '../support/browser-with-extension.ts';
import { createGreenhouseCandidate, createLeverCandidate } from './office/candidates.ts';
import { connectBrowser } from './office/connect-browser.ts';
import { test } from './office/office.ts';
import { happened, invitationIn, openPanel, panelFrames, sendButton, stepDone } from './office/panel.ts';
import { invitationsTo, invitationTo, noteOn } from './office/vendor-journal.ts';
import { readDatabase, reloadExtension, stopWorker } from './office/worker.ts';

let page: Page;
test.beforeEach(async ({ office }) => {
  page = await office.rosa.context.newPage();
});
test.afterEach(() => page.close());

test("when the browser stops the extension's background, the next change is still seen within 5 seconds", async ({ office }) => {
  const { world, rosa } = office;
  await office.holdFor(0);
  const ada = createLeverCandidate(world, { name: 'Wes Worker' });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await sendButton(panel).click();
  await noteOn(world, ada.email);
  await expect(stepDone(panel, 'Sent')).toBeVisible();
  await stopWorker(rosa, page);
  world.coderbyte.play.start({ assessmentId: world.seeds.coderbyte.seniorSwe, email: ada.email });
  await expect(stepDone(panel, 'Started')).toBeVisible({ timeout: 5000 });
});

test('while the server is away the panel shows the last known copy with its time, keeps the click, and sends it once later', async ({
  office,
}) => {
  const { world, stage } = office;
  await office.holdFor(0);
  const ada = createLeverCandidate(world, { name: 'Offa Line' });
  await page.goto(ada.url);
  await sendButton(await openPanel(page)).waitFor();
  await stage.server.stop();

  await page.reload();
  const panel = await openPanel(page);
  await expect(panel.getByRole('heading', { name: ada.name })).toBeVisible();
  await expect(panel.getByText(/^Offline: showing \d{1,2}:\d{2}/)).toBeVisible();
  await sendButton(panel).click();
  await expect(panel.getByText('Send Senior SWE to Offa Line')).toBeVisible();
  await expect(panel.getByText('Saved here, will be sent when you are back online.').first()).toBeVisible();
  await page.reload();
  await expect((await openPanel(page)).getByText('Send Senior SWE to Offa Line')).toBeVisible();
  expect(invitationsTo(world, ada.email)).toHaveLength(0);

  await stage.restart('SIGTERM');
  await noteOn(world, ada.email);
  const back = await openPanel(page);
  await expect(stepDone(back, 'Sent')).toBeVisible();
  await expect(back.getByText('Send Senior SWE to Offa Line')).toBeHidden();
  expect(invitationsTo(world, ada.email)).toHaveLength(1);
});

test('when an admin takes a colleague away, that browser shows nothing any more and keeps nothing', async ({ office }) => {
  const { world, stage } = office;
  const mona = await office.openBrowser();
  await connectBrowser(mona, {
    serverUrl: stage.server.address,
    code: await stage.newCode('recruiter'),
    name: 'Mona Leaves',
  });
  const ada = createGreenhouseCandidate(world, { name: 'Secret Person' });
  const hers = await mona.context.newPage();
  await hers.goto(ada.url);
  const panel = await openPanel(hers);
  await expect(panel.getByRole('heading', { name: ada.name })).toBeVisible();
  expect(await readDatabase(mona, 'copies')).toContain('Secret Person');

  const { members } = await stage.api<{ members: { id: string; name: string }[] }>('GET', '/api/members');
  await stage.api('DELETE', `/api/members/${members.find(({ name }) => name === 'Mona Leaves')?.id}`);
  await expect(panel.getByText('Access was revoked')).toBeVisible({ timeout: 15_000 });
  await expect(panel.getByText('Secret Person')).toBeHidden();
  expect(await readDatabase(mona, 'copies')).toBe('[]');
  expect(await readDatabase(mona, 'pairing')).not.toContain('token');
});

test('after an update of the extension the panel is back in the tabs that were open, once each', async ({ office }) => {
  const { world, stage } = office;
  const updated = await office.openBrowser();
  await connectBrowser(updated, { serverUrl: stage.server.address, code: await stage.newCode('recruiter'), name: 'Upton Date' });
  const inLever = createLeverCandidate(world, { name: 'Levi Reload' });
  const inGreenhouse = createGreenhouseCandidate(world, { name: 'Greta Reload' });
  const pages = [];
  for (const { url } of [inLever, inGreenhouse]) {
    const tab = await updated.context.newPage();
    await tab.goto(url);
    await panelFrame(tab);
    pages.push({ tab, before: panelFrames(tab)[0] });
  }
  await reloadExtension(updated);
  for (const [index, { tab, before }] of pages.entries()) {
    await expect.poll(() => panelFrames(tab).filter((frame) => frame !== before).length, { timeout: 15_000 }).toBe(1);
    const panel = await openPanel(tab);
    const name = [inLever, inGreenhouse][index]?.name ?? '';
    await expect(panel.getByRole('heading', { name })).toBeVisible();
    expect(await tab.locator('tagalong-panel').count()).toBe(1);
    expect(panelFrames(tab)).toHaveLength(1);
  }
});

test('when the vendor refuses, the panel says so in words, and sending again works', async ({ office }) => {
  const { world } = office;
  await office.holdFor(0);
  const ada = createLeverCandidate(world, { name: 'Refa Used' });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  world.coderbyte.direct.failNext({
    method: 'POST',
    path: '/invitations$',
    kind: 'status',
    status: 422,
    body: { error: 'email is blocked' },
  });
  await sendButton(panel).click();
  const card = invitationIn(panel);
  await expect(card.getByText('Not sent', { exact: false }).first()).toBeVisible();
  await card.getByRole('button', { name: 'Send again' }).click();
  await noteOn(world, ada.email);
  await expect(stepDone(panel, 'Sent')).toBeVisible();
});

test("when the vendor's answer is lost, nothing is repeated: the panel says it is not certain and offers both ways out", async ({
  office,
}) => {
  const { world } = office;
  await office.holdFor(0);
  const ada = createLeverCandidate(world, { name: 'Una Certain' });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  world.coderbyte.direct.failNext({ method: 'POST', path: '/invitations$', kind: 'reset', when: 'after' });
  await sendButton(panel).click();
  await invitationTo(world, ada.email);
  const card = invitationIn(panel);
  await expect(
    card.getByText(/^It is not certain that Senior SWE was sent: .* Check with the vendor, or send again\.$/),
  ).toBeVisible();
  await expect(card.getByRole('button', { name: 'Send again' })).toBeVisible();
  await card.getByRole('button', { name: 'It was sent' }).click();
  await expect(stepDone(panel, 'Sent')).toBeVisible();
  await expect(happened(panel, /marked|was sent/)).toBeVisible();
  expect(invitationsTo(world, ada.email)).toHaveLength(1);
});
