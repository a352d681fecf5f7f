import type { Page } from '@playwright/test';
import type { ScreenName } from '../components/panel/panel-states.ts';

export interface Act {
  screen: ScreenName;
  run(page: Page): Promise<void>;
}

/** Screens that take a click to see. */
export const ACTS: Record<string, Act> = {
  'picker-open': { screen: 'ready', run: (page) => page.getByRole('combobox').click() },
  'picker-typed': {
    screen: 'ready',
    async run(page) {
      await page.getByRole('combobox').fill('code');
    },
  },
  'more-options': { screen: 'ready', run: (page) => page.getByRole('button', { name: 'More options' }).click() },
  menu: { screen: 'ready', run: (page) => page.getByRole('button', { name: 'More', exact: true }).click() },
  'cancel-question': { screen: 'started', run: (page) => page.getByRole('button', { name: 'Cancel' }).click() },
  'enter-result': {
    screen: 'link-vendor',
    async run(page) {
      await page.getByRole('button', { name: 'Enter result' }).click();
      await page.getByRole('button', { name: 'Add a skill' }).click();
    },
  },
  'copied-link': {
    screen: 'link-vendor',
    async run(page) {
      await page.getByRole('button', { name: 'Copy link' }).click();
      await page.getByRole('textbox').waitFor();
    },
  },
  'send-another': { screen: 'sent', run: (page) => page.getByRole('button', { name: 'Send another assessment' }).click() },
  'email-missing': { screen: 'no-email', run: (page) => page.getByRole('button', { name: 'Send invitation' }).click() },
};
