import '../../entrypoints/browser-stub.ts';
import { beforeEach, expect, test } from 'vitest';
import { injectIntoOpenTabs, registerCompanySites } from '../../../lib/browser/ats-tabs.ts';
import { fakeBrowser } from '../../entrypoints/browser-stub.ts';

let origins: string[];
let registered: { id: string; matches: string[] }[];
let injected: number[];
let asked: unknown;

beforeEach(() => {
  fakeBrowser.reset();
  origins = ['https://app.greenhouse.io/*', 'https://acme.greenhouse.io/*', 'https://tagalong.acme.com/*', 'http://127.0.0.1/*'];
  registered = [{ id: 'old.greenhouse.io', matches: ['https://old.greenhouse.io/*'] }];
  injected = [];
  Object.assign(fakeBrowser.runtime, { getManifest: () => ({ host_permissions: ['https://app.greenhouse.io/*'] }) });
  Object.assign(fakeBrowser.permissions, { getAll: async () => ({ origins }) });
  Object.assign(fakeBrowser.tabs, {
    query: async (query: { url: string[] }) => {
      asked = query.url;
      return [{ id: 1 }, { id: 2 }];
    },
  });
  Object.assign(fakeBrowser.scripting, {
    getRegisteredContentScripts: async () => registered,
    unregisterContentScripts: async ({ ids }: { ids: string[] }) => {
      registered = registered.filter(({ id }) => !ids.includes(id));
    },
    registerContentScripts: async (scripts: typeof registered) => {
      // As browsers do.
      if (scripts.some(({ id }) => registered.some((one) => one.id === id))) throw new Error('Duplicate script ID');
      registered.push(...scripts);
    },
    executeScript: async ({ target }: { target: { tabId: number } }) => void injected.push(target.tabId),
  });
});

test('ATS tabs that are open already get the panel; the server and other allowed sites do not', async () => {
  await injectIntoOpenTabs();
  expect(asked).toEqual(['https://app.greenhouse.io/*', 'https://acme.greenhouse.io/*']);
  expect(injected).toEqual([1, 2]);
});

test('the panel runs on exactly the company addresses that are allowed now, however often that is set up', async () => {
  await registerCompanySites();
  await registerCompanySites();
  expect(registered).toMatchObject([{ id: 'acme.greenhouse.io', matches: ['https://acme.greenhouse.io/*'] }]);
  origins = ['https://app.greenhouse.io/*'];
  await registerCompanySites();
  expect(registered).toEqual([]);
});

test('two events at once, as on an update, register each address once', async () => {
  await Promise.all([registerCompanySites(), registerCompanySites(), registerCompanySites()]);
  expect(registered.map(({ id }) => id)).toEqual(['acme.greenhouse.io']);
});
