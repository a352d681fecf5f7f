import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPlainText } from '../../../server/vendors/to-plain-text.ts';

describe('what a person wrote at a vendor', () => {
  it.each([
    ['<b>Knows</b> her   closures', 'Knows her closures'],
    ['<p>One</p><p>Two<br/>Three</p>', 'One\nTwo\nThree'],
    ['a < b &amp;&amp; c &gt; d', 'a < b && c > d'],
    ['R&amp;D &#8211; it&#x2019;s &#39;on&#39;', "R&D – it’s 'on'"],
    ['&amp;lt;b&amp;gt; once', '&lt;b&gt; once'],
    ['&#x110000; &#0;&#x202e;&#xd800; &copy;', '&#x110000; \ufffd &copy;'],
    ['<script>alert(1)</script>fine<style>p{}</style>', 'fine'],
    ['<img src=x onerror=alert(1)>seen', 'seen'],
    ['before <!-- hidden --> after', 'before after'],
    ['see https://coderbyte.com/t?invite=secret or www.evil.example/x now', 'see … or … now'],
    ['abc\u202ecba\u0000\u0007', 'abccba'],
    ['half \ud83d of one', 'half \ufffd of one'],
  ])('%j is %j', (given, expected) => {
    expect(toPlainText(given)).toBe(expected);
  });

  it.each([undefined, null, 7, {}, '', '   ', '<p> </p>', '\u0000'])('%j is nothing', (given) => {
    expect(toPlainText(given)).toBeUndefined();
  });

  it('is short, storable and without links, whatever it was', () => {
    const part = fc.constantFrom('<', '>', '<b', 'https://', 'x', '&lt;', '\u0000', '\ud83d', '\u202e', ' ', '<!--', '-->');
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 3000 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (given) => {
        const plain = toPlainText(given) ?? '';
        expect(plain.length).toBeLessThanOrEqual(2000);
        expect(plain.isWellFormed()).toBe(true);
        expect(plain).not.toMatch(/https?:\/\/\S/);
        expect(plain.includes('\0') || plain.includes('\u202e')).toBe(false);
      }),
    );
  });
});
