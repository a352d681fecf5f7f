import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'wxt';
import { ATS_MATCHES } from './lib/ats-page/hosts.ts';
import { shipMessages } from './lib/browser/ship-messages.ts';
import { withoutEval } from './lib/browser/without-eval.ts';

/** Where the panel's page may be framed: a company's own Greenhouse address is allowed at run time, so its pattern is wide. */
const FRAMED_BY = ['https://*.greenhouse.io/*', ...ATS_MATCHES.filter((match) => match.includes('lever.co'))];

export default defineConfig({
  manifestVersion: 3,
  imports: false,
  modules: ['@wxt-dev/module-react', '@wxt-dev/i18n/module'],
  vite: () => ({ plugins: [tailwindcss(), withoutEval()] }),
  hooks: {
    'build:publicAssets': (_wxt, assets) => shipMessages(assets),
    // Named here and not in the content script, which would carry the whole list into every page.
    'entrypoints:resolved': (_wxt, entrypoints) => {
      for (const entrypoint of entrypoints) if (entrypoint.type === 'content-script') entrypoint.options.matches = ATS_MATCHES;
    },
  },
  zip: { name: 'tagalong', excludeSources: ['server/**', 'test/**'] },
  manifest: ({ browser }) => ({
    name: '__MSG_extName__',
    description: '__MSG_extDescription__',
    default_locale: 'en',
    permissions: ['storage', 'alarms', 'scripting'],
    host_permissions: ATS_MATCHES,
    // The server's own address at pairing (https, or http on this machine), and one company subdomain of Greenhouse.
    optional_host_permissions: ['https://*.greenhouse.io/*', 'https://*/*', 'http://127.0.0.1/*', 'http://localhost/*'],
    web_accessible_resources: [
      {
        resources: ['panel.html'],
        matches: FRAMED_BY,
        // Firefox already gives each profile an address of its own and does not know the key.
        ...(browser === 'firefox' ? {} : { use_dynamic_url: true }),
      },
    ],
    commands: {
      'open-panel': {
        suggested_key: { default: 'Alt+Shift+A' },
        description: '__MSG_openPanelCommand__',
      },
    },
    ...(browser === 'firefox' ? { browser_specific_settings: { gecko: GECKO } } : { minimum_chrome_version: '126' }),
  }),
});

/** What leaves the browser goes to the company's own server: candidates, which candidate page is open, secrets an admin enters. */
const GECKO = {
  id: 'tagalong@tagalong.example',
  strict_min_version: '142.0',
  data_collection_permissions: { required: ['personallyIdentifyingInfo', 'browsingActivity', 'authenticationInfo'] },
};
