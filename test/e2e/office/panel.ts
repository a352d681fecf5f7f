import type { Frame, Page } from '@playwright/test';
import { panelFrame } from '../../support/browser-with-extension.ts';

/** The panel of a page, opened if it was a tab. It remembers from page to page whether it was open. */
export async function openPanel(page: Page): Promise<Frame> {
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
  const panel = await panelFrame(page);
  const close = panel.getByRole('button', { name: 'Close the panel' });
  await tabOf(panel).or(close).waitFor();
  if (await close.isVisible()) await close.click();
  await tabOf(panel).waitFor();
  return panel;
}

/** What is left of the panel when it is closed: a tab at the page's edge. */
export function tabOf(panel: Frame) {
  return panel.getByRole('button', { name: /^Open Tagalong/ });
}
