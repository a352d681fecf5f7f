import type { Frame } from '@playwright/test';
import type { ConnectionView } from '../../lib/contract/settings.ts';
import { panelFrame } from '../support/browser-with-extension.ts';
import type { Stage } from '../support/stage.ts';
import { ensure } from './check-list.ts';
import type { Scene } from './main-job.ts';

const SOON_MS = 30_000;
const PERSON = { name: 'Ada Moreno', email: 'ada.moreno@mail.example' };

/**
 * The same with vendors that have no API: Coderbyte with an empty endpoint map (a link goes out, its webhooks move the life cycle, unverified),
 * and Byteboard (a link goes out, a person enters the result).
 */
export async function playLinkVendors(scene: Scene, stage: Stage): Promise<void> {
  const { list, world, context, folder } = scene;
  list.heading('Vendors without an API, on Lever');
  const page = await context.newPage();
  const recruitersPage = `https://hire.lever.co/candidates/${world.seeds.lever.opportunities.ada}`;
  await list.step('Coderbyte without an endpoint map sends a link by our e-mail', async () => {
    await emptyTheMap(stage);
    await page.goto(recruitersPage);
    const frame = await panelFrame(page);
    await send(frame, 'Senior SWE');
    const link = await linkMailedTo(scene, /Senior SWE/);
    ensure(link.startsWith('https://coderbyte.com/assess/'), `the link is ${link}`);
    return `a mail to ${PERSON.email} with the link`;
  });
  await list.step('its webhooks are shown as reported, not verified, without a score', async () => {
    // In the same tab: on two machines, and on no others, the run stood still where a second one was opened and closed.
    await page.goto(await linkMailedTo(scene, /Senior SWE/));
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('button', { name: /submit/i }).click();
    await page.goto(recruitersPage);
    const frame = await panelFrame(page);
    await frame
      .getByText(/reported by Coderbyte, not verified/)
      .first()
      .waitFor({ timeout: SOON_MS });
    const report = frame.getByRole('link', { name: /Open report/ });
    await report.waitFor({ timeout: SOON_MS });
    ensure(
      (await report.getAttribute('href'))?.startsWith('https://coderbyte.com/report/') === true,
      'the report is somewhere else',
    );
    await page.screenshot({ path: `${folder}/Link-1-unverified.png` });
    return 'with a report link at coderbyte.com';
  });
  await list.step('Byteboard sends a link, and the result is entered by hand', async () => {
    const frame = await panelFrame(page);
    await frame.getByRole('button', { name: 'Send another assessment' }).click();
    await send(frame, 'Backend take-home');
    await linkMailedTo(scene, /Backend take-home/);
    const card = frame.getByRole('region', { name: /Backend take-home/ });
    await card.getByRole('button', { name: 'Enter result' }).click({ timeout: SOON_MS });
    await card.getByLabel('Rating', { exact: true }).selectOption('Strong');
    await card.getByRole('button', { name: 'Save result' }).click();
    await frame
      .getByText(/entered by/)
      .first()
      .waitFor({ timeout: SOON_MS });
    const notes = () =>
      scene.ats.notesOn({ id: world.seeds.lever.opportunities.ada, ...PERSON }).filter((note) => note.includes('rated Strong'));
    await world.journal.waitFor(() => notes().length > 0 || undefined, 'a note with the rating', SOON_MS);
    await page.screenshot({ path: `${folder}/Link-2-rating.png` });
    return `"${notes()[0]}"`;
  });
  await page.close();
}

async function send(frame: Frame, name: string): Promise<void> {
  const picker = frame.getByRole('combobox', { name: 'Assessment' });
  await picker.click();
  await picker.fill(name);
  await frame
    .getByRole('option', { name: new RegExp(name) })
    .first()
    .click();
  await frame.getByRole('button', { name: 'Send invitation' }).click();
}

async function linkMailedTo({ world }: Scene, subject: RegExp): Promise<string> {
  return await world.journal.waitFor(
    (rows) => {
      const mail = rows.find(
        (row) => row.simulator === 'mail' && row.what === 'received' && subject.test(String(row.detail.subject)),
      );
      const links = mail?.detail.links;
      return Array.isArray(links) ? String(links[0]) : undefined;
    },
    `a mail about ${subject.source}`,
    SOON_MS,
  );
}

/** What a company without Coderbyte's pages about its API has. */
async function emptyTheMap(stage: Stage): Promise<void> {
  const { coderbyte } = stage.company.connections;
  const { settings } = await stage.api<ConnectionView>('GET', `/api/connections/${coderbyte.id}`);
  await stage.api('PATCH', `/api/connections/${coderbyte.id}`, { settings: { ...settings, map: { endpoints: {} } } });
  const { id, externalId } = stage.company.assessments.seniorSwe;
  const linkTemplate = `https://coderbyte.com/assess/${externalId}?email={email}`;
  await stage.api('PATCH', `/api/assessments/${id}`, { linkTemplate, handover: 'our e-mail' });
}
