import { expect, type Page } from '@playwright/test';
import { z } from 'zod';
import { createGreenhouseCandidate, createLeverCandidate } from './office/candidates.ts';
import { test } from './office/office.ts';
import { happened, openPanel, sendButton } from './office/panel.ts';
import { invitationsTo, noteOn } from './office/vendor-journal.ts';
import { readDatabase, readStorage } from './office/worker.ts';

let page: Page;
test.beforeEach(async ({ office }) => {
  page = await office.rosa.context.newPage();
});
test.afterEach(() => page.close());

for (const [ats, create, mark] of [
  ['Lever', createLeverCandidate, '?hostile=1'],
  ['Greenhouse', createGreenhouseCandidate, '&hostile=1'],
] as const) {
  test(`the worst style sheet a page can have changes nothing of the panel's look (${ats})`, async ({ office }) => {
    const ada = create(office.world, { name: 'Hosta Page' });
    const look = async () => {
      const panel = await openPanel(page);
      await sendButton(panel).waitFor();
      await panel.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.blur() : null));
      await page.mouse.move(10, 400);
      const box = await page.locator('tagalong-panel').boundingBox();
      if (!box) throw new Error('The panel takes no room');
      const { x, y, width, height } = box;
      // Its rounded corners show what is behind them.
      const clip = { x: x + 8, y: y + 8, width: width - 8, height: height - 16 };
      return { box, picture: await page.screenshot({ clip, animations: 'disabled', caret: 'hide' }) };
    };
    await page.goto(ada.url);
    const before = await look();
    await page.goto(`${ada.url}${mark}`);
    await expect(page.locator('link[href*="hostile"]')).toBeAttached();
    const after = await look();
    expect(after.box).toEqual(before.box);
    expect(after.picture.equals(before.picture)).toBe(true);
  });
}

test("the ATS's page cannot read anything in the panel", async ({ office }) => {
  const { world } = office;
  await office.holdFor(0);
  const ada = createLeverCandidate(world, { name: 'Privata Score' });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await sendButton(panel).click();
  await noteOn(world, ada.email);
  const who = { assessmentId: world.seeds.coderbyte.seniorSwe, email: ada.email };
  world.coderbyte.play.start(who);
  world.coderbyte.play.submit({ ...who, finalScore: 77 });
  await expect(panel.getByText('77 / 100')).toBeVisible();
  const seen = await page.evaluate(() => {
    const host = document.querySelector('tagalong-panel');
    return {
      frames: window.frames.length,
      iframes: document.querySelectorAll('iframe').length,
      shadow: host?.shadowRoot ?? null,
      children: host?.childNodes.length,
      html: document.documentElement.outerHTML,
      // An extension's address would let the page frame or fetch it.
      addresses: performance
        .getEntries()
        .map(({ name }) => name)
        .filter((name) => name.includes('-extension:')),
    };
  });
  expect(seen).toMatchObject({ frames: 0, iframes: 0, shadow: null, children: 0, addresses: [] });
  expect(seen.html).not.toContain('77 / 100');
});

test("forged messages, events and clicks of the ATS's page send nothing and move nothing", async ({ office }) => {
  const { world } = office;
  await office.holdFor(0);
  const ada = createLeverCandidate(world, { name: 'Forja Clickova', tags: ['Senior SWE'] });
  await page.goto(ada.url);
  const panel = await openPanel(page);
  await sendButton(panel).waitFor();
  const box = await page.locator('tagalong-panel').boundingBox();
  await page.evaluate(() => {
    const orders = ['send', 'size', 'place', 'focus', 'blur', 'pair', 'unpair', 'callApi'];
    for (const tagalong of orders) {
      const message = {
        tagalong,
        type: tagalong,
        id: 1,
        width: 5,
        height: 5,
        side: 'left',
        top: 0,
        timestamp: Date.now(),
        data: {},
      };
      window.postMessage(message, '*');
      for (const name of ['message', 'tagalong', `tagalong-${tagalong}`, 'wxt:locationchange'])
        window.dispatchEvent(new CustomEvent(name, { detail: message }));
    }
    const host = document.querySelector('tagalong-panel');
    const at = { bubbles: true, clientX: window.innerWidth - 180, clientY: 400 };
    for (const target of [host, document.elementFromPoint(window.innerWidth - 180, 400)])
      for (const kind of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
        target?.dispatchEvent(new MouseEvent(kind, at));
    host?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  });
  expect(await page.evaluate(() => 'chrome' in globalThis && 'runtime' in Object(Reflect.get(globalThis, 'chrome')))).toBe(false);
  // Something real afterwards: what was forged before it has had its effect by now, if it has any.
  await panel.getByRole('button', { name: 'Only add the tag' }).click();
  await expect(happened(panel, 'The tag "Senior SWE" is on the candidate.')).toBeVisible();
  await panel.getByRole('button', { name: 'Close the panel' }).waitFor();
  const after = await page.locator('tagalong-panel').boundingBox();
  expect([after?.x, after?.y, after?.width]).toEqual([box?.x, box?.y, box?.width]);
  expect(invitationsTo(world, ada.email)).toHaveLength(0);
});

test('the extension keeps one credential, its token, where no content script can read it', async ({ office }) => {
  const { rosa, stage, world } = office;
  // Beside it stands until when it has heard of erasures.
  const rows = z.array(z.object({ id: z.string(), pairing: z.unknown() }));
  const row = rows.parse(JSON.parse(await readDatabase(rosa, 'pairing'))).find(({ id }) => id === 'pairing');
  const { token } = z.object({ token: z.string().min(20) }).parse(row?.pairing);
  expect(token).not.toBe(stage.company.token);
  const storage = await readStorage(rosa);
  expect(storage).not.toContain(token);
  const everywhere = [storage, await readDatabase(rosa, 'pairing'), await readDatabase(rosa, 'copies')].join();
  const { greenhouse, coderbyte, seeds } = world;
  for (const secret of [greenhouse.credential.clientSecret, seeds.lever.key.secret, coderbyte.apiKey()])
    expect(everywhere).not.toContain(secret);
});
