import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPage } from '../../../lib/ats-page/read-page.ts';
import { namesSomebody, showsSomebodyInside } from '../../../lib/ats-page/shows-somebody.ts';

const number = fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String);
const word = fc.constantFrom(
  'people',
  'candidates',
  'applications',
  'opportunities',
  'guides',
  'interviews',
  'review',
  'app_review',
);
const part = fc.oneof(
  number,
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  word,
  fc.string(),
);
const query = fc.array(fc.tuple(fc.constantFrom('application_id', 'person_id', 'x'), fc.oneof(number, fc.string())));

test('the panel stands exactly on the pages where the parsers find a candidate or a contradiction', () => {
  const seen = { yes: 0, no: 0 };
  const address = fc.tuple(fc.constantFrom('app.greenhouse.io', 'hire.lever.co'), fc.array(part, { maxLength: 5 }), query);
  fc.assert(
    fc.property(address, ([host, parts, pairs]) => {
      const url = new URL(`https://${host}/${parts.join('/')}?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`);
      // A number is no id of Lever's, nor a UUID one of Greenhouse's: the test alone puts them there.
      const isForeign =
        host === 'hire.lever.co' ? /\/[1-9]\d{0,18}(\/|$)/.test(url.pathname) : /[0-9a-f]{8}-/i.test(url.pathname);
      if (isForeign) return;
      const { kind } = readPage(url.href);
      const names = kind === 'candidate' || kind === 'contradiction';
      expect([namesSomebody(url), showsSomebodyInside(url)]).toEqual([names, kind === 'in-document']);
      seen[names ? 'yes' : 'no'] += 1;
    }),
    { numRuns: 5000 },
  );
  expect(seen.yes).toBeGreaterThan(50);
});
