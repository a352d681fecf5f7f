import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { z } from 'zod';

/** What the browser is asked for, word by word: a wider right must not slip in with something else. */
const ATS_HOSTS = [
  'https://app.eu.greenhouse.io/*',
  'https://app.greenhouse.io/*',
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((number) => `https://app${number}.greenhouse.io/*`),
  'https://hire.eu.lever.co/*',
  'https://hire.lever.co/*',
  'https://hire.sandbox.lever.co/*',
].toSorted();

const COMMON = {
  manifest_version: 3,
  name: '__MSG_extName__',
  description: '__MSG_extDescription__',
  version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
  default_locale: 'en',
  icons: { 16: 'icon/16.png', 32: 'icon/32.png', 48: 'icon/48.png', 128: 'icon/128.png' },
  permissions: ['storage', 'alarms', 'scripting'],
  host_permissions: ATS_HOSTS,
  optional_host_permissions: ['https://*.greenhouse.io/*', 'https://*/*', 'http://127.0.0.1/*', 'http://localhost/*'],
  content_scripts: [{ matches: ATS_HOSTS, run_at: 'document_end', js: ['content-scripts/ats-page.js'] }],
  commands: { 'open-panel': { suggested_key: { default: 'Alt+Shift+A' }, description: '__MSG_openPanelCommand__' } },
  action: { default_title: 'Tagalong', default_popup: 'popup.html' },
  options_ui: { page: 'options.html', open_in_tab: true },
};
const PANEL = {
  resources: ['panel.html'],
  matches: [
    'https://*.greenhouse.io/*',
    'https://hire.lever.co/*',
    'https://hire.sandbox.lever.co/*',
    'https://hire.eu.lever.co/*',
  ],
};

test('the Chrome build asks for exactly what the design allows', () => {
  expect(readManifest('chrome-mv3')).toEqual({
    ...COMMON,
    minimum_chrome_version: '126',
    background: { service_worker: 'background.js' },
    web_accessible_resources: [{ ...PANEL, use_dynamic_url: true }],
  });
});

test('the Firefox build asks for exactly what the design allows, and says what data it hands to the company', () => {
  expect(readManifest('firefox-mv3')).toEqual({
    ...COMMON,
    background: { scripts: ['background.js'] },
    web_accessible_resources: [PANEL],
    browser_specific_settings: {
      gecko: {
        id: 'tagalong@tagalong.example',
        strict_min_version: '142.0',
        data_collection_permissions: { required: ['personallyIdentifyingInfo', 'browsingActivity', 'authenticationInfo'] },
      },
    },
  });
});

const manifestSchema = z.looseObject({
  host_permissions: z.array(z.string()),
  content_scripts: z.array(z.looseObject({ matches: z.array(z.string()) })),
});

/** Hosts in one order, whatever order the build gave them. */
function readManifest(target: string) {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(`.output/${target}/manifest.json`, 'utf8')));
  return {
    ...manifest,
    host_permissions: manifest.host_permissions.toSorted(),
    content_scripts: manifest.content_scripts.map((script) => ({ ...script, matches: script.matches.toSorted() })),
  };
}
