import type { Page } from '@playwright/test';
import type { ScreenName } from '../components/panel/panel-states.ts';

export interface Act {
  screen: ScreenName;
  /** What comes of a click on "Send". */
  send?: 'refused' | 'never' | 'broken';
  run(page: Page): Promise<void>;
}

const CHANGES = 'More for this candidate';
async function ask(page: Page, label: string): Promise<void> {
  await page.getByRole('button', { name: CHANGES }).click();
  await page.getByRole('button', { name: label }).click();
}

const FOLLOW_UPS = 'More for Senior SWE';
async function followUp(page: Page, label: string): Promise<void> {
  await page.getByRole('button', { name: FOLLOW_UPS }).click();
  await page.getByRole('button', { name: label }).click();
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
  'follow-up-menu': { screen: 'follow-ups', run: (page) => page.getByRole('button', { name: FOLLOW_UPS }).click() },
  'follow-up-resend': { screen: 'follow-ups', run: (page) => followUp(page, 'Send again...') },
  'follow-up-deadline': { screen: 'follow-ups', run: (page) => followUp(page, 'Change deadline...') },
  'follow-up-extra-time': {
    screen: 'follow-ups',
    async run(page) {
      await followUp(page, 'Extra time...');
      await page.getByLabel('At every test').selectOption('own');
      await page.getByRole('button', { name: 'Save' }).click();
    },
  },
  'follow-up-address': {
    screen: 'address-refused',
    async run(page) {
      await page.getByRole('button', { name: 'Wrong address?' }).click();
      await page.getByLabel('Right address').fill('ada');
      await page.keyboard.press('Enter');
    },
  },
  'change-menu': { screen: 'changes', run: (page) => page.getByRole('button', { name: CHANGES }).click() },
  'change-advance': { screen: 'changes', run: (page) => ask(page, 'Move to next stage...') },
  'change-archive': {
    screen: 'changes',
    async run(page) {
      await ask(page, 'Archive...');
      await page.getByRole('combobox', { name: 'Reason' }).click();
    },
  },
  'change-chosen': {
    screen: 'changes',
    async run(page) {
      await ask(page, 'Archive...');
      await page.getByRole('combobox', { name: 'Reason' }).fill('under');
      await page.keyboard.press('Enter');
    },
  },
  'change-back': { screen: 'archived', run: (page) => ask(page, 'Bring back...') },
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
