import type { BrowserContext, Frame, Page } from '@playwright/test';
import type { World } from '../simulators/world.ts';
import { panelFrame } from '../support/browser-with-extension.ts';
import type { AtsPlayer, Person } from './ats-player.ts';
import { type CheckList, ensure } from './check-list.ts';

const ASSESSMENT = 'Senior SWE';
/** Longer than a hold and a turn of every loop. */
const SOON_MS = 30_000;

export interface Scene {
  context: BrowserContext;
  world: World;
  ats: AtsPlayer;
  list: CheckList;
  /** Where pictures go. */
  folder: string;
}

/** The main job on one ATS, as a recruiter and as the ATS itself. Looks only at what the browser shows and at the simulators' journals. */
export async function playMainJob(scene: Scene): Promise<void> {
  const page = await scene.context.newPage();
  scene.list.heading(scene.ats.name);
  await sendByHand(scene, page);
  await readResult(scene, page);
  await sendByItself(scene, page);
  await missTheTag(scene, page);
  await withdraw(scene, page);
  await page.close();
}

async function sendByHand({ world, ats, list, folder }: Scene, page: Page): Promise<void> {
  const person = ats.people.byHand;
  let frame: Frame | undefined;
  const panel = () => {
    if (!frame) throw new Error('there is no panel');
    return frame;
  };
  await list.step('the panel appears by itself and opens on a click', async () => {
    await page.goto(ats.pageOf(person));
    frame = await openPanel(page);
    await panel().getByRole('heading', { name: person.name }).waitFor();
    return `names ${person.name}`;
  });
  await list.step('undo takes the invitation back', async () => {
    await choose(panel());
    await panel().getByRole('button', { name: 'Send invitation' }).click();
    const undo = panel().getByRole('button', { name: /Sending in \d+ s - Undo/ });
    await undo.waitFor();
    const shown = (await undo.innerText()).trim();
    await page.screenshot({ path: `${folder}/${ats.name}-1-held.png` });
    await undo.click();
    await undo.waitFor({ state: 'detached' });
    ensure(invitationsTo(world, person) === 0, 'an invitation went out all the same');
    return `"${shown}", then nothing was sent`;
  });
  await list.step('a click sends once, after the hold', async () => {
    await choose(panel());
    // Twice, as people do.
    await panel().getByRole('button', { name: 'Send invitation' }).dblclick();
    await panel()
      .getByRole('button', { name: /Sending in \d+ s - Undo/ })
      .waitFor();
    await page.goto(ats.listPage);
    await page.goto(ats.pageOf(person));
    frame = await panelFrame(page);
    await panel()
      .getByRole('region', { name: /Senior SWE/ })
      .or(panel().getByText(/Sending in/))
      .first()
      .waitFor();
    await world.journal.waitFor(() => invitationsTo(world, person) > 0 || undefined, `an invitation to ${person.email}`, SOON_MS);
    await panel()
      .getByText(/^Sent\b/)
      .first()
      .waitFor({ timeout: SOON_MS });
    ensure(invitationsTo(world, person) === 1, `${invitationsTo(world, person)} invitations`);
    return `held over a navigation, then 1 invitation to ${person.email}`;
  });
  await list.step('the tag and the note are in the ATS', async () => {
    await world.journal.waitFor(() => ats.notesOn(person).length > 0 || undefined, 'a note', SOON_MS);
    ensure(ats.addedTags(person).length === 1, `${ats.addedTags(person).length} tags were added`);
    ensure(ats.notesOn(person).length === 1, `${ats.notesOn(person).length} notes were written`);
    return `"${ats.notesOn(person)[0]}"`;
  });
}

async function readResult({ world, ats, list, folder }: Scene, page: Page): Promise<void> {
  const person = ats.people.byHand;
  await list.step('the result comes by itself', async () => {
    const frame = await panelFrame(page);
    const who = { assessmentId: world.seeds.coderbyte.seniorSwe, email: person.email };
    world.coderbyte.play.start(who);
    await frame
      .getByText(/^Started/)
      .first()
      .waitFor({ timeout: SOON_MS });
    world.coderbyte.play.submit({ ...who, finalScore: 84 });
    await frame.getByText('84 / 100').waitFor({ timeout: SOON_MS });
    await frame.getByText('Passed').first().waitFor();
    await page.screenshot({ path: `${folder}/${ats.name}-2-result.png` });
    return '84 / 100, passed';
  });
  await list.step('the result is noted once', async () => {
    const results = () => ats.notesOn(person).filter((note) => note.includes('84 of 100'));
    await world.journal.waitFor(() => results().length > 0 || undefined, 'a note with the result', SOON_MS);
    ensure(results().length === 1, `${results().length} notes`);
    return `"${results()[0]}"`;
  });
}

async function sendByItself({ world, ats, list, folder }: Scene, page: Page): Promise<void> {
  const person = ats.people.tagged;
  await list.step('entering the assessment stage with the tag sends by itself, once', async () => {
    ats.enterAssessment(person);
    await world.journal.waitFor(() => ats.notesOn(person).length > 0 || undefined, 'a note', SOON_MS);
    ensure(invitationsTo(world, person) === 1, `${invitationsTo(world, person)} invitations`);
    await page.goto(ats.pageOf(person));
    const frame = await panelFrame(page);
    await frame
      .getByText(/entered "Assessment"/)
      .first()
      .waitFor();
    await page.screenshot({ path: `${folder}/${ats.name}-3-automatic.png` });
    return `"${ats.notesOn(person)[0]}"`;
  });
}

async function missTheTag({ world, ats, list, folder }: Scene, page: Page): Promise<void> {
  const person = ats.people.untagged;
  await list.step('without a tag nothing is sent, and the panel says why and how to mend it', async () => {
    ats.enterAssessment(person);
    await page.goto(ats.pageOf(person));
    const frame = await panelFrame(page);
    const reason = frame.getByText(/^Not sent: no assessment tag/).first();
    await reason.waitFor({ timeout: SOON_MS });
    ensure(invitationsTo(world, person) === 0, 'an invitation went out');
    await frame.getByRole('button', { name: 'Send now' }).first().waitFor();
    await page.screenshot({ path: `${folder}/${ats.name}-4-no-tag.png` });
    return (await reason.innerText()).trim();
  });
}

async function withdraw({ world, ats, list, folder }: Scene, page: Page): Promise<void> {
  const person = ats.people.tagged;
  await list.step('withdrawing cancels the open invitation after its grace', async () => {
    ats.withdraw(person);
    const cancelled = () => cancellations(world).length;
    const before = cancelled();
    await world.journal.waitFor(() => cancelled() > before || undefined, 'a cancellation at Coderbyte', SOON_MS);
    await page.goto(ats.pageOf(person));
    const frame = await panelFrame(page);
    await frame
      .getByText(/was cancelled/)
      .first()
      .waitFor({ timeout: SOON_MS });
    await frame
      .getByText(/next step withdrew/)
      .first()
      .waitFor({ timeout: SOON_MS });
    await page.screenshot({ path: `${folder}/${ats.name}-5-withdrawn.png` });
    ensure(cancelled() === before + 1, 'cancelled more than once');
    return 'cancelled once; outcome: withdrew';
  });
}

async function openPanel(page: Page): Promise<Frame> {
  const frame = await panelFrame(page);
  await frame.getByRole('button', { name: /^Open Tagalong/ }).click();
  return frame;
}

async function choose(frame: Frame): Promise<void> {
  const picker = frame.getByRole('combobox', { name: 'Assessment' });
  if ((await picker.inputValue()).startsWith(ASSESSMENT)) return;
  await picker.click();
  await picker.fill(ASSESSMENT);
  await frame
    .getByRole('option', { name: new RegExp(ASSESSMENT) })
    .first()
    .click();
}

function invitationsTo(world: World, person: Person): number {
  return world.journal
    .list({ simulator: 'coderbyte', kind: 'mail', what: 'invitation' })
    .filter((row) => row.detail.to === person.email).length;
}

function cancellations(world: World) {
  return world.journal
    .list({ simulator: 'coderbyte', kind: 'api' })
    .filter((row) => /DELETE|cancel/i.test(row.what) && row.status !== null && row.status < 300);
}
