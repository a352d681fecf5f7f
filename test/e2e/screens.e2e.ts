import { expect, type Frame, type Page } from '@playwright/test';
import { createApplication, createGreenhouseCandidate, createLeverCandidate } from './office/candidates.ts';
import { connectBrowser } from './office/connect-browser.ts';
import { type Office, test } from './office/office.ts';
import {
  chooseAssessment,
  clickWhilePageMovesOn,
  closePanel,
  happened,
  openPanel,
  sendButton,
  stepDone,
  undoButton,
} from './office/panel.ts';
import { lookAt } from './office/screens.ts';
import { invitationTo, noteOn } from './office/vendor-journal.ts';

/** Every state of the panel in an ATS's page, brought about as it comes about in life. Resolves with the frame that shows it. */
const STATES: Record<string, (office: Office, page: Page) => Promise<Frame>> = {
  tab: async ({ world }, page) => {
    await page.goto(createLeverCandidate(world, { name: 'Ines Duarte' }).url);
    return closePanel(page);
  },
  loading: async ({ world }, page) => {
    const ada = createLeverCandidate(world, { name: 'Luca Ferri' });
    world.lever.direct.failNext({ path: ada.opportunityId, answer: { kind: 'hang' }, times: 5 });
    await page.goto(ada.url);
    const panel = await openPanel(page);
    await expect(panel.getByText('Loading the candidate')).toBeAttached();
    return panel;
  },
  'no-tag': async ({ world }, page) => {
    const ada = createLeverCandidate(world, { name: 'Tomasz Zielinski', tags: [] });
    await page.goto(ada.url);
    world.lever.play.move({ opportunityId: ada.opportunityId, stageId: world.seeds.lever.stages.assessment });
    const panel = await openPanel(page);
    await expect(happened(panel, 'Not sent: no assessment tag.')).toBeVisible();
    return panel;
  },
  chooser: async ({ world }, page) => {
    const { candidateId } = createGreenhouseCandidate(world, { name: 'Grace Okonkwo' });
    createApplication(world, { candidateId, job: 'design' });
    await page.goto(`https://app.greenhouse.io/people/${candidateId}`);
    const panel = await openPanel(page);
    await expect(panel.getByText('Several applications. Choose the one you mean.')).toBeVisible();
    return panel;
  },
  ready: async ({ world }, page) => {
    await page.goto(createGreenhouseCandidate(world, { name: 'Maya Lindqvist' }).url);
    const panel = await openPanel(page);
    await sendButton(panel).waitFor();
    return panel;
  },
  held: async (office, page) => {
    await office.holdFor(60);
    await page.goto(createLeverCandidate(office.world, { name: 'Hugo Martel' }).url);
    const panel = await openPanel(page);
    await sendButton(panel).click();
    await undoButton(panel).waitFor();
    await expect(happened(panel, /Rosa Ibarra/)).toBeVisible();
    return panel;
  },
  sent: async (office, page) => (await sendTo(office, page, 'Sara Benali')).panel,
  started: async (office, page) => {
    const { panel, who } = await sendTo(office, page, 'Stefan Koch');
    office.world.coderbyte.play.start(who);
    await stepDone(panel, 'Started').waitFor();
    return panel;
  },
  result: async ({ world }, page) => {
    const { applications, candidates, stages } = world.seeds.greenhouse;
    await page.goto(`https://app.greenhouse.io/people/${candidates.ada}?application_id=${applications.ada}`);
    const panel = await openPanel(page);
    world.greenhouse.move({ applicationId: applications.ada, stageId: stages.backend.Assessment });
    const who = { assessmentId: world.seeds.coderbyte.seniorSwe, email: 'ada@example.com' };
    await invitationTo(world, who.email);
    await noteOn(world, who.email);
    world.coderbyte.play.start(who);
    await stepDone(panel, 'Started').waitFor();
    world.coderbyte.play.submit({ ...who, finalScore: 84 });
    await panel.getByRole('button', { name: 'Move to Onsite' }).waitFor();
    // The page itself shows what the panel brought about: the stage and the note.
    await page.reload();
    const after = await openPanel(page);
    await after.getByRole('button', { name: 'Move to Onsite' }).waitFor();
    return after;
  },
  rating: async (office, page) => {
    const { world } = office;
    await office.holdFor(0);
    const ada = createGreenhouseCandidate(world, { name: 'Priya Nair', tags: [] });
    await page.goto(ada.url);
    const panel = await openPanel(page);
    await chooseAssessment(panel, 'Backend take-home');
    await sendButton(panel).click();
    await stepDone(panel, 'Sent', 'Backend take-home').waitFor();
    const mail = world.mail.mails().find(({ to }) => to.includes(ada.email));
    const link = mail?.links.find((url) => url.startsWith('https://byteboard.dev/i/')) ?? '';
    await world.byteboard.grade({ invitation: new URL(link).pathname.split('/').pop() ?? '', rating: 'Leaning Strong' });
    await expect(panel.getByText('Code Quality')).toBeVisible();
    return panel;
  },
  failed: async (office, page) => {
    await office.holdFor(0);
    office.world.coderbyte.direct.failNext({
      method: 'POST',
      path: '/invitations$',
      kind: 'status',
      status: 422,
      body: { error: 'This address is blocked' },
    });
    await page.goto(createLeverCandidate(office.world, { name: 'Viktor Blom' }).url);
    const panel = await openPanel(page);
    await sendButton(panel).click();
    await panel.getByRole('button', { name: 'Send again' }).first().waitFor();
    return panel;
  },
  unconfirmed: async (office, page) => {
    await office.holdFor(0);
    office.world.coderbyte.direct.failNext({ method: 'POST', path: '/invitations$', kind: 'reset', when: 'after' });
    await page.goto(createLeverCandidate(office.world, { name: 'Aiko Tanabe' }).url);
    const panel = await openPanel(page);
    await sendButton(panel).click();
    await panel.getByRole('button', { name: 'It was sent' }).waitFor();
    return panel;
  },
  'moved-on': async (office, page) => {
    const shown = createLeverCandidate(office.world, { name: 'Paula Reyes' });
    await page.goto(shown.url);
    const next = (await page.getByRole('link', { name: 'Next candidate' }).getAttribute('href')) ?? '';
    await page.goto(`https://hire.lever.co${next}`);
    await (await openPanel(page)).getByRole('heading', { level: 2 }).waitFor();
    await page.goto(shown.url);
    const panel = await openPanel(page);
    await clickWhilePageMovesOn(page, sendButton(panel));
    await expect(panel.getByText(/^The page has moved on to .* Nothing was sent\./)).toBeVisible();
    return panel;
  },
  offline: async ({ world, stage }, page) => {
    await page.goto(createGreenhouseCandidate(world, { name: 'Omar Haddad' }).url);
    const panel = await openPanel(page);
    await sendButton(panel).waitFor();
    await stage.server.stop();
    await expect(panel.getByText(/^Offline: showing/)).toBeVisible();
    await sendButton(panel).click();
    await expect(panel.getByText('Send Senior SWE to Omar Haddad')).toBeVisible();
    return panel;
  },
};

for (const [state, bringAbout] of Object.entries(STATES)) {
  test(`the panel can be read by everybody, in light and dark: ${state}`, async ({ office }) => {
    const page = await office.rosa.context.newPage();
    try {
      const panel = await bringAbout(office, page);
      await lookAt(page, { name: `panel-${state}`, panel });
    } finally {
      office.world.lever.direct.clearFailures();
      if (state === 'offline') await office.stage.restart('SIGTERM');
      await page.close();
    }
  });
}

test('the popup can be read by everybody: not connected, nothing waiting, an invitation held', async ({ office }) => {
  const { world, stage } = office;
  const browser = await office.openBrowser();
  const page = await browser.context.newPage();
  await page.setViewportSize({ width: 340, height: 560 });
  const popup = `chrome-extension://${browser.extensionId}/popup.html`;
  await page.goto(popup);
  await expect(page.getByRole('button', { name: 'Connect' })).toBeVisible();
  await lookAt(page, { name: 'popup-not-connected' });

  await connectBrowser(browser, { serverUrl: stage.server.address, code: await stage.newCode('recruiter'), name: 'Priya Popup' });
  await office.holdFor(60);
  const other = await browser.context.newPage();
  await other.goto(createLeverCandidate(world, { name: 'Nadia Voss' }).url);
  const panel = await openPanel(other);
  await sendButton(panel).click();
  await undoButton(panel).waitFor();
  await page.goto(popup);
  const undo = page.getByRole('button', { name: 'Undo the invitation to Nadia Voss' });
  await expect(undo).toBeVisible();
  await lookAt(page, { name: 'popup-held' });
  await undo.click();
  await expect(happened(panel, 'Priya Popup undid sending Senior SWE.')).toBeVisible();
  await browser.close();
});

test('the options page can be read by everybody, section by section', async ({ office }) => {
  // 13 sections, each twice: 20 s where nothing else runs, three times that beside other work.
  test.setTimeout(90_000);
  const { stage } = office;
  const browser = await office.openBrowser();
  const page = await browser.context.newPage();
  const options = `chrome-extension://${browser.extensionId}/options.html`;
  await page.goto(options);
  await expect(page.getByLabel('Server address')).toBeVisible();
  await lookAt(page, { name: 'options-connect' });
  await connectBrowser(browser, { serverUrl: stage.server.address, code: await stage.newCode('admin'), name: 'Mei Tanaka' });
  for (const section of [
    'overview',
    'greenhouse',
    'lever',
    'vendors',
    'assessments',
    'stages',
    'rules',
    'mail',
    'people',
    'failures',
    'activity',
    'erasure',
    'about',
  ]) {
    await page.goto(`${options}#${section}`);
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('status').filter({ hasText: 'Loading' })).toBeHidden();
    await page.waitForLoadState('networkidle');
    await lookAt(page, { name: `options-${section}` });
  }
  await browser.close();
});

/** Sends to somebody new in Lever and waits until the note about it is written. */
async function sendTo(office: Office, page: Page, name: string) {
  const { world } = office;
  await office.holdFor(0);
  const { url, email } = createLeverCandidate(world, { name });
  await page.goto(url);
  const panel = await openPanel(page);
  await sendButton(panel).click();
  await noteOn(world, email);
  await stepDone(panel, 'Sent').waitFor();
  return { panel, who: { assessmentId: world.seeds.coderbyte.seniorSwe, email } };
}
