import { expect, test } from 'vitest';
import { readFrameMessage } from '../../../lib/browser/frame-messages.ts';

const origin = 'chrome-extension://abcdef';
const own = { id: 'abcdef', origin };
const panel = { id: 'abcdef', origin, url: `${origin}/panel.html`, tab: { id: 7 } };

test('size, place and focus of the panel go to the tab it stands in', () => {
  const size = { tagalong: 'size', width: 360, height: 500, open: true } as const;
  expect(readFrameMessage(size, panel, own)).toEqual({ tabId: 7, message: size });
  const place = { tagalong: 'place', side: 'left', top: 40 } as const;
  expect(readFrameMessage({ ...place, more: 1 }, panel, own)).toEqual({ tabId: 7, message: place });
  expect(readFrameMessage({ tagalong: 'blur' }, panel, own)).toEqual({ tabId: 7, message: { tagalong: 'blur' } });
});

test('nobody but the panel can move the frame', () => {
  const size = { tagalong: 'size', width: 360, height: 500, open: true };
  expect(readFrameMessage(size, { ...panel, origin: 'https://hire.lever.co', url: 'https://hire.lever.co/' }, own)).toBeNull();
  expect(readFrameMessage(size, { ...panel, url: `${origin}/options.html` }, own)).toBeNull();
  expect(readFrameMessage(size, { ...panel, tab: undefined }, own)).toBeNull();
});

test.each([
  null,
  'size',
  {},
  { tagalong: 'size', width: '1px;position:static', height: 1 },
  { tagalong: 'size', width: Number.NaN, height: 1 },
  { tagalong: 'place', side: 'top', top: 1 },
  { tagalong: 'place', side: 'left', top: -5 },
  { type: 'send', timestamp: 1 },
])('%j moves nothing', (message) => {
  expect(readFrameMessage(message, panel, own)).toBeNull();
});
