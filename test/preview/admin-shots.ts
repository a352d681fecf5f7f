import type { Page } from '@playwright/test';

export interface Shot {
  page: 'admin' | 'popup';
  /** See `?as=` in admin.tsx and popup.tsx. */
  as?: string;
  hash?: string;
  act?(page: Page): Promise<void>;
}

const click = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();

/** Every screen of the options page and the popup. */
export const SHOTS: Record<string, Shot> = {
  connect: { page: 'admin', as: 'unpaired' },
  'connect-problems': { page: 'admin', as: 'unpaired', act: click('Connect') },
  'connect-refused': {
    page: 'admin',
    as: 'unpaired',
    async act(page) {
      await page.getByLabel('Server address').fill('tagalong.example.com');
      await page.getByLabel('Pairing code').fill('WRONG-CODE');
      await page.getByLabel('Your name').fill('Ada');
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  'not-admin': { page: 'admin', as: 'viewer' },
  offline: { page: 'admin', as: 'offline' },
  overview: { page: 'admin' },
  'overview-empty': { page: 'admin', as: 'empty' },
  failing: { page: 'admin', as: 'broken' },
  greenhouse: { page: 'admin', hash: 'greenhouse' },
  'greenhouse-new': { page: 'admin', as: 'empty', hash: 'greenhouse' },
  'greenhouse-changed': {
    page: 'admin',
    hash: 'greenhouse',
    async act(page) {
      await page.getByRole('button', { name: 'Check connection' }).click();
      await page.getByText('answers as Acme').first().waitFor();
      await page.getByLabel('Service user ID').fill('40x');
      await page.getByRole('button', { name: 'Replace: Client secret' }).click();
      await page.getByRole('button', { name: 'Advanced' }).click();
      await page.getByRole('button', { name: 'Make another secret' }).click();
      await page.getByRole('textbox', { name: 'Secret', exact: true }).waitFor();
      await page.getByRole('button', { name: 'Remove', exact: true }).click();
    },
  },
  'access-greenhouse': {
    page: 'admin',
    hash: 'greenhouse',
    async act(page) {
      await page.getByRole('button', { name: 'Check access' }).click();
      await page.getByText('Missing: harvest:notes:create').first().waitFor();
      await page.getByRole('button', { name: '1 right that nothing uses' }).click();
      await page.getByRole('button', { name: 'What else was looked at' }).click();
    },
  },
  'access-lever': {
    page: 'admin',
    hash: 'lever',
    async act(page) {
      await page.getByRole('button', { name: 'Check access' }).click();
      await page.getByRole('button', { name: 'Try on this candidate' }).click();
      await page.getByText('Paste an address or an id first.').waitFor();
      await page.getByRole('button', { name: '1 further right' }).click();
    },
  },
  'write-back-greenhouse': {
    page: 'admin',
    hash: 'greenhouse',
    async act(page) {
      await page.getByRole('button', { name: 'Choose fields' }).click();
      await page.getByLabel('Field for the status').selectOption('501');
      await page.getByRole('switch', { name: 'Report as a file' }).click();
    },
  },
  'write-back-lever': {
    page: 'admin',
    hash: 'lever',
    async act(page) {
      await page.getByRole('button', { name: 'Choose a feedback form' }).click();
      await page.getByLabel('Feedback form', { exact: true }).selectOption('f-assessment');
      await page.getByLabel('Score for passed').selectOption('3 - Hire');
    },
  },
  'no-public-url': { page: 'admin', as: 'bare', hash: 'lever' },
  lever: { page: 'admin', hash: 'lever' },
  vendors: { page: 'admin', hash: 'vendors' },
  'vendors-map': {
    page: 'admin',
    hash: 'vendors',
    async act(page) {
      await page.getByRole('button', { name: 'As JSON, to copy or paste' }).click();
      await page.getByLabel('Endpoint map').fill('{\n  "endponts": {}\n}');
    },
  },
  'vendors-fields': {
    page: 'admin',
    hash: 'vendors',
    async act(page) {
      await page.getByRole('button', { name: 'Answer fields: Invite' }).click();
      await page.getByRole('button', { name: 'Add: report' }).click();
      await page.getByRole('group', { name: 'Report' }).getByLabel('Path').fill('/report/{phone}');
      await page.getByRole('button', { name: 'Try it' }).click();
      await page.getByRole('region', { name: 'What came of it' }).waitFor();
    },
  },
  assessments: { page: 'admin', hash: 'assessments' },
  'assessments-form': {
    page: 'admin',
    hash: 'assessments',
    async act(page) {
      await page.getByRole('button', { name: 'Change Senior SWE' }).click();
      await page.getByLabel('Pass mark').fill('75');
      await page.getByRole('button', { name: 'Add an assessment' }).click();
    },
  },
  stages: { page: 'admin', hash: 'stages' },
  'stages-changed': {
    page: 'admin',
    hash: 'stages',
    async act(page) {
      await page
        .getByRole('button', { name: /suggestions/ })
        .first()
        .click();
      await page.getByLabel('Offer').first().selectOption('offer');
    },
  },
  rules: { page: 'admin', hash: 'rules' },
  'rules-results': {
    page: 'admin',
    hash: 'rules',
    async act(page) {
      for (let n = 0; n < 2; n++) await page.getByRole('button', { name: 'Add a rule about results' }).click();
      const rule = page.getByRole('group', { name: 'Rule 1' });
      await rule.getByLabel('Cheating').selectOption('no');
      await rule.getByLabel('Add the tag').fill('Qualified');
      await rule.getByLabel('Move', { exact: true }).selectOption('yes');
    },
  },
  'rules-slow': {
    page: 'admin',
    as: 'slow',
    hash: 'rules',
    act: (page) => page.locator('[data-skeleton]').first().waitFor(),
  },
  'rules-asking': {
    page: 'admin',
    hash: 'rules',
    async act(page) {
      await page.getByRole('switch', { name: 'Advance on pass' }).click();
      await page.getByLabel('Hold what recruiters send').fill('1000');
    },
  },
  unsaved: {
    page: 'admin',
    hash: 'rules',
    async act(page) {
      await page.getByLabel('Hold what recruiters send').fill('20');
      await page.evaluate(() => {
        location.hash = 'people';
      });
      await page.getByRole('button', { name: 'Stay here' }).waitFor();
    },
  },
  mail: { page: 'admin', hash: 'mail' },
  'mail-new': { page: 'admin', as: 'empty', hash: 'mail' },
  activity: {
    page: 'admin',
    hash: 'activity',
    async act(page) {
      await page.getByRole('button', { name: 'What changed' }).click();
    },
  },
  people: { page: 'admin', hash: 'people' },
  'people-code': {
    page: 'admin',
    hash: 'people',
    async act(page) {
      await page.getByRole('button', { name: 'Make a code' }).click();
      await page.getByRole('textbox', { name: 'Pairing code' }).waitFor();
      await page.getByRole('button', { name: 'Revoke access of Ben Okafor' }).click();
    },
  },
  'people-details': {
    page: 'admin',
    hash: 'people',
    async act(page) {
      await page.getByRole('button', { name: 'E-mail, role and users' }).nth(1).click();
      await page.getByLabel('E-mail').last().fill('ben');
      await page.getByRole('combobox', { name: 'User in Lever' }).click();
      await page.getByText(/Deactivated there/).waitFor();
    },
  },
  about: { page: 'admin', hash: 'about' },
  'popup-waiting': { page: 'popup' },
  'popup-nothing': { page: 'popup', as: 'nothing' },
  'popup-company': { page: 'popup', as: 'nothing', act: click(/Own Greenhouse address/) },
  'popup-unpaired': { page: 'popup', as: 'unpaired' },
  'popup-offline': { page: 'popup', as: 'offline' },
  'popup-withheld': { page: 'popup', as: 'withheld' },
};
