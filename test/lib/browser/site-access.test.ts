import { expect, test } from 'vitest';
import { companyHost, isCompanyOrigin, originPattern } from '../../../lib/browser/site-access.ts';

test('access is asked for the host alone, because patterns know no port', () => {
  expect(originPattern('http://127.0.0.1:3000')).toBe('http://127.0.0.1/*');
  expect(originPattern('https://tagalong.acme.com/x')).toBe('https://tagalong.acme.com/*');
});

test("a company's Greenhouse address is understood as people write it", () => {
  for (const typed of ['acme', ' Acme ', 'acme.greenhouse.io', 'https://acme.greenhouse.io/people/1']) {
    expect(companyHost(typed)).toBe('acme.greenhouse.io');
  }
  for (const typed of ['', 'acme.com', 'a.b', '*', '-acme', 'acme/../x.evil']) expect(companyHost(typed)).not.toBe('x.evil');
  expect(companyHost('*')).toBeNull();
  expect(companyHost('acme.com')).toBeNull();
});

test('only a company address that the manifest does not name is a company site', () => {
  const required = ['https://app.greenhouse.io/*'];
  expect(isCompanyOrigin('https://acme.greenhouse.io/*', required)).toBe(true);
  expect(isCompanyOrigin('https://app.greenhouse.io/*', required)).toBe(false);
  expect(isCompanyOrigin('https://*.greenhouse.io/*', required)).toBe(false);
  expect(isCompanyOrigin('https://tagalong.acme.com/*', required)).toBe(false);
});
