import '../../entrypoints/browser-stub.ts';
import { beforeEach, expect, test } from 'vitest';
import { createPanelPlace, readPlacement } from '../../../lib/browser/panel-place.ts';
import { fakeBrowser } from '../../entrypoints/browser-stub.ts';

beforeEach(() => {
  fakeBrowser.reset();
});
const fail = (error: unknown) => {
  throw error;
};

test('place and openness are remembered for each ATS by itself', async () => {
  const place = createPanelPlace(fail);
  await place.save('lever', { isOpen: true, side: 'left', top: 40 });
  expect(await createPanelPlace(fail).load('lever')).toEqual({ isOpen: true, side: 'left', top: 40 });
  expect(await place.load('greenhouse')).toBeNull();
});

test('what somebody else wrote there is not believed', () => {
  for (const stored of [null, 5, {}, { isOpen: true, side: 'top', top: 1 }, { isOpen: true, side: 'left', top: Number.NaN }]) {
    expect(readPlacement(stored)).toBeNull();
  }
});

test('size and place are handed to the background, which knows the tab', async () => {
  const heard: unknown[] = [];
  fakeBrowser.runtime.onMessage.addListener((message) => void heard.push(message));
  createPanelPlace(fail).tellFrame({ tagalong: 'place', side: 'left', top: 40 });
  await expect.poll(() => heard).toEqual([{ tagalong: 'place', side: 'left', top: 40 }]);
});
