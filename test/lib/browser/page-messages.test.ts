import { expect, test } from 'vitest';
import { readPageChanged } from '../../../lib/browser/page-messages.ts';

const own = { id: 'abcdef', origin: 'chrome-extension://abcdef' };
const page = { id: 'abcdef', origin: 'https://app.greenhouse.io', url: 'https://app.greenhouse.io/x', tab: { id: 7 } };

test('"page changed" is heard from a content script of ours, and names its tab', () => {
  expect(readPageChanged({ tagalong: 'page' }, page, own)).toBe(7);
  // Whatever a compromised one adds is not looked at.
  expect(readPageChanged({ tagalong: 'page', tabId: 9, hint: '/people/1' }, page, own)).toBe(7);
});

test.each([
  [{ tagalong: 'page' }, { ...page, id: 'other' }],
  [{ tagalong: 'page' }, { ...page, tab: undefined }],
  [{ tagalong: 'send' }, page],
  [{ type: 'send' }, page],
  ['page', page],
  [null, page],
])('%j of %j is not', (message, sender) => {
  expect(readPageChanged(message, sender, own)).toBeNull();
});
