import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** As the extension's messages.json has them: sections joined, and nothing but letters, digits and underscores. */
function namesIn(section: object, before: readonly string[] = []): string[] {
  return Object.entries(section).flatMap(([key, value]: [string, unknown]) => {
    const path = [...before, key];
    return typeof value === 'object' && value !== null ? namesIn(value, path) : [path.join('_').replace(/[.-]/g, '_')];
  });
}

/** https://developer.chrome.com/docs/extensions/how-to/ui/localization-message-formats */
test('no two texts have names that differ only in case, which a browser takes for one', () => {
  const names = namesIn(JSON.parse(readFileSync('locales/en.json', 'utf8')));
  expect(names.length).toBeGreaterThan(1000);
  const byName = Map.groupBy(names, (name) => name.toLowerCase());
  expect([...byName.values()].filter((same) => same.length > 1)).toEqual([]);
});
