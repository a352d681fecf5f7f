import { describe, expect, it } from 'vitest';
import { toSafeLink } from '../../../server/vendors/to-safe-link.ts';

const HOSTS = ['coderbyte.com'];

describe('a report link', () => {
  it.each(['https://coderbyte.com/report/a:b', 'https://app.coderbyte.com/x?y=1'])('at the vendor is kept: %s', (link) => {
    expect(toSafeLink(link, HOSTS)).toBe(link);
  });

  it.each([
    'http://coderbyte.com/report',
    'https://evilcoderbyte.com/report',
    'https://coderbyte.com.evil.example/report',
    'https://coderbyte.com@evil.example/',
    'https://user:pass@coderbyte.com/',
    'https://coderbyte.com:8443/',
    'javascript:alert(1)//coderbyte.com',
    '/report/x',
    '',
    `https://coderbyte.com/${'x'.repeat(2_000)}`,
    null,
    undefined,
    7,
    ['https://coderbyte.com/'],
  ])('elsewhere, or that is none, is dropped: %j', (link) => {
    expect(toSafeLink(link, HOSTS)).toBeNull();
  });

  it('of a signed report may lead anywhere, but only by https', () => {
    expect(toSafeLink('https://reports.example/1')).toBe('https://reports.example/1');
    expect(toSafeLink('http://reports.example/1')).toBeNull();
  });
});
