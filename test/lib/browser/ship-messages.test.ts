import { expect, test } from 'vitest';
import { shipMessages } from '../../../lib/browser/ship-messages.ts';
import { createWords } from '../../../lib/browser/words.ts';

test('the extension carries its own sentences only, under names that browsers accept', () => {
  const messages = {
    extName: { message: 'Tagalong' },
    'error_page-moved-on': { message: 'Moved.' },
    reason_sent: { message: 'Sent.' },
  };
  const assets = [
    { relativeDest: '_locales/en/messages.json', contents: JSON.stringify(messages) },
    { relativeDest: 'icon/16.png', absoluteSrc: 'public/icon/16.png' },
  ];
  shipMessages(assets);
  expect(JSON.parse(assets[0]?.contents ?? '')).toEqual({
    extName: { message: 'Tagalong' },
    error_page_moved_on: { message: 'Moved.' },
  });
  expect(assets[1]).toEqual({ relativeDest: 'icon/16.png', absoluteSrc: 'public/icon/16.png' });
});

test('a sentence is found by the code of an error, and one that is missing shows its name instead of nothing', () => {
  const asked: string[] = [];
  const words = createWords((name) => {
    asked.push(name);
    return name === 'error_page_moved_on' ? 'Moved.' : '';
  });
  expect(words('error.page-moved-on')).toBe('Moved.');
  expect(words('error.nothing')).toBe('error.nothing');
  expect(asked).toEqual(['error_page_moved_on', 'error_nothing']);
});
