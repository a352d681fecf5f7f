import { expect, test } from 'vitest';
import { mayAsk } from '../../../lib/browser/answer-messages.ts';
import { trustedPage } from '../../../lib/browser/trusted-page.ts';

const origin = 'chrome-extension://abcdef';
const own = { id: 'abcdef', origin };
const panel = { id: 'abcdef', origin, url: `${origin}/panel.html`, tab: { id: 1, url: 'https://hire.lever.co/candidates/x' } };

test('the pages of the extension are known by name', () => {
  expect(trustedPage(panel, own)).toBe('panel');
  expect(trustedPage({ ...panel, url: `${origin}/options.html#people` }, own)).toBe('options');
  expect(trustedPage({ id: 'abcdef', url: `${origin}/popup.html` }, own)).toBe('popup');
});

test.each([
  ['the content script of an ATS page', { ...panel, origin: 'https://hire.lever.co', url: 'https://hire.lever.co/candidates/x' }],
  ['a content script whose browser names no origin', { id: 'abcdef', url: 'https://hire.lever.co/candidates/x' }],
  ['a page that only looks like ours', { ...panel, url: 'https://evil.example/panel.html' }],
  ['a page of ours that came from elsewhere', { ...panel, origin: 'https://evil.example' }],
  ['another extension', { ...panel, id: 'other' }],
  ['another extension under our address', { id: 'other', url: `${origin}/panel.html` }],
  ['nobody', {}],
  ['a page of the extension that asks for nothing', { ...panel, url: `${origin}/other.html` }],
])('%s is not trusted', (_who, sender) => {
  expect(trustedPage(sender, own)).toBeNull();
  expect(mayAsk('send', sender, own)).toBe(false);
});

test('the panel may send, but not change the set-up: it stands inside pages that could steer a click', () => {
  expect(mayAsk('send', panel, own)).toBe(true);
  expect(mayAsk('callApi', panel, own)).toBe(false);
  expect(mayAsk('pair', panel, own)).toBe(false);
  expect(mayAsk('unpair', panel, own)).toBe(false);
  expect(mayAsk('callApi', { ...panel, url: `${origin}/options.html` }, own)).toBe(true);
});
