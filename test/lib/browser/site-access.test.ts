import '../../entrypoints/browser-stub.ts';
import { expect, test } from 'vitest';
import { companyHost, createSiteAccess, isCompanyOrigin, originPattern } from '../../../lib/browser/site-access.ts';
import { fakeBrowser } from '../../entrypoints/browser-stub.ts';

test('access is asked for the host alone, because patterns know no port', () => {
  expect(originPattern('http://127.0.0.1:3000')).toBe('http://127.0.0.1/*');
  expect(originPattern('https://tagalong.acme.com/x')).toBe('https://tagalong.acme.com/*');
});

test("a company's Greenhouse address is understood as people write it", () => {
  for (const typed of ['acme', ' Acme ', 'acme.greenhouse.io', 'https://acme.greenhouse.io/people/1']) {
    expect(companyHost(typed)).toBe('acme.greenhouse.io');
  }
  for (const typed of ['', 'acme.com', 'a.b', '*', '-acme', 'acme/../x.evil']) expect(companyHost(typed)).not.toBe('x.evil');
  for (const own of ['app', 'boards', 'api', 'https://my.greenhouse.io/users/sign_in']) expect(companyHost(own)).toBeNull();
  expect(companyHost('*')).toBeNull();
  expect(companyHost('acme.com')).toBeNull();
});

test('only a company address that the manifest does not name is a company site', () => {
  expect(isCompanyOrigin('https://acme.greenhouse.io/*')).toBe(true);
  for (const host of ['app', 'app7', 'app.eu', '*', 'boards', 'my', 'job-boards.eu', 'recruiting.cdn'])
    expect(isCompanyOrigin(`https://${host}.greenhouse.io/*`), host).toBe(false);
  for (const origin of ['https://tagalong.acme.com/*', 'http://acme.greenhouse.io/*', 'https://acme.greenhouse.io/people/*'])
    expect(isCompanyOrigin(origin), origin).toBe(false);
});

test("the browser is asked about the server's host and the company's, and about nothing on this machine", async () => {
  const asked: string[][] = [];
  const request = async ({ origins }: { origins: string[] }) => {
    asked.push(origins);
    return true;
  };
  Object.assign(fakeBrowser.permissions, { request });
  const access = createSiteAccess();
  expect(await access.allowServer('https://tagalong.acme.com:8443')).toBe(true);
  expect(await access.allowServer('http://127.0.0.1:3000')).toBe(true);
  expect(await access.allowCompanySite('acme')).toBe(true);
  expect(await access.allowCompanySite('acme.com')).toBe(false);
  expect(asked).toEqual([['https://tagalong.acme.com/*'], ['https://acme.greenhouse.io/*']]);
});

test.each([
  ['https://hire.lever.co/candidates/250d8f03-738a-4bba-a671-8a3d73477145', 'candidate'],
  ['https://app.greenhouse.io/applications/review/app_review', 'candidate'],
  ['https://app.greenhouse.io/people/1?application_id=2&application_id=3', 'contradiction'],
  ['https://app.greenhouse.io/people?page=2', 'nobody'],
  ['https://acme.greenhouse.io/dashboard', 'nobody'],
  ['https://boards.greenhouse.io/acme', null],
  ['https://news.example/people/1', null],
  [undefined, null],
])('the tab in front at %s has for the panel: %s', async (url, has) => {
  Object.assign(fakeBrowser.tabs, { query: async () => [{ id: 1, url }] });
  expect(await createSiteAccess().pageInFront()).toBe(has);
});
