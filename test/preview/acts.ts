import type { Page } from '@playwright/test';
import type { ScreenName } from '../components/panel/panel-states.ts';

export interface Act {
  screen: ScreenName;
  /** What comes of a click on "Send". */
  send?: 'refused' | 'never' | 'broken';
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
  'page-moved-on': {
    screen: 'ready',
    send: 'refused',
    async run(page) {
      await page.getByRole('button', { name: 'Send invitation' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  'no-answer': {
    screen: 'ready',
    send: 'broken',
    async run(page) {
      await page.getByRole('button', { name: 'Send invitation' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  'just-clicked': {
    screen: 'ready',
    send: 'never',
    run: (page) => page.getByRole('button', { name: 'Send invitation' }).click(),
  },
  'email-missing': { screen: 'no-email', run: (page) => page.getByRole('button', { name: 'Send invitation' }).click() },
};
