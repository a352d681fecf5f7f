import type { Frame, Locator, Page } from '@playwright/test';
import { panelFrame } from '../../support/browser-with-extension.ts';

/** The panel of a page, opened if it was a tab. It remembers from page to page whether it was open. */
export async function openPanel(page: Page): Promise<Frame> {
  // A tab behind another one draws nothing, and takes no clicks.
  await page.bringToFront();
  const panel = await panelFrame(page);
  const tab = tabOf(panel);
  const close = panel.getByRole('button', { name: 'Close the panel' });
  await tab.or(close).waitFor();
  if (await tab.isVisible()) await tab.click();
  await close.waitFor();
  return panel;
}

/** The panel of a page, closed if it was open. */
export async function closePanel(page: Page): Promise<Frame> {
  await page.bringToFront();
  const panel = await panelFrame(page);
  const close = panel.getByRole('button', { name: 'Close the panel' });
  await tabOf(panel).or(close).waitFor();
  if (await close.isVisible()) await close.click();
  await tabOf(panel).waitFor();
  return panel;
}

/** What is left of the panel when it is closed: a tab at the page's edge. */
export function tabOf(panel: Frame): Locator {
  return panel.getByRole('button', { name: /^Open Tagalong/ });
}

/** All panels of a page; one at most, when all is well. */
export function panelFrames(page: Page): Frame[] {
  return page.frames().filter((frame) => frame.url().startsWith('chrome-extension://'));
}

/** What sends, whatever it says. */
export function sendButton(panel: Frame): Locator {
  return panel.getByRole('button', { name: /^(Send invitation|Send to .*|Send retake|Create link.*)$/ });
}

/** What takes a send back while it is held. */
export function undoButton(panel: Frame): Locator {
  return panel.getByRole('button', { name: /- Undo$/ });
}

/** The card of an invitation. */
export function invitationIn(panel: Frame, assessment = 'Senior SWE'): Locator {
  return panel.getByRole('region', { name: `Invitation: ${assessment}` });
}

/** A line under "What happened". (The same words are also read out, in a place that only screen readers have.) */
export function happened(panel: Frame, text: string | RegExp): Locator {
  return panel.getByRole('region', { name: 'What happened' }).getByText(text).first();
}

/** A step of an invitation's life that has been made. */
export function stepDone(
  panel: Frame,
  name: 'Sent' | 'Link ready' | 'Started' | 'Submitted' | 'Result',
  assessment?: string,
): Locator {
  return invitationIn(panel, assessment)
    .getByRole('listitem')
    .filter({ hasText: new RegExp(`^${name}\\s*\\(done\\)`) });
}

/** Picks another assessment than the one that is offered first. */
export async function chooseAssessment(panel: Frame, name: string): Promise<void> {
  await panel.getByRole('combobox', { name: 'Assessment' }).click();
  await panel.getByRole('option', { name: new RegExp(`^${name}`) }).click();
}

/** The panel is busy for a moment, as on a slow machine; the page goes on meanwhile, and the click lands on what is still shown. */
export async function clickWhilePageMovesOn(page: Page, button: Locator): Promise<void> {
  await button.evaluate((element: HTMLElement) => {
    setTimeout(() => {
      const until = performance.now() + 1000;
      while (performance.now() < until);
      element.click();
    });
  });
  await page.getByRole('link', { name: 'Next candidate' }).dispatchEvent('click');
}
