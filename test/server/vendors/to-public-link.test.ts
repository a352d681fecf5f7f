import { expect, test } from 'vitest';
import { toPublicLink } from '../../../server/vendors/to-public-link.ts';

const HOSTS = ['coderbyte.com'];

test.each([
  'https://coderbyte.com/report/1',
  'https://app.coderbyte.com/report/ada-moreno:senior-swe?tab=code#summary',
  'https://coderbyte.com/report?assessment=senior-swe-9six08&candidate=4711',
])('%s is for everybody at the ATS', (link) => {
  expect(toPublicLink(link, HOSTS)).toBe(link);
});

test.each([
  ['no address', null],
  ['not https', 'http://coderbyte.com/report/1'],
  ['another host', 'https://coderbyte.com.evil.example/report/1'],
  ['credentials in it', 'https://ada:pw@coderbyte.com/report/1'],
  ['a token', 'https://coderbyte.com/report/1?accessToken=abc'],
  ['a token, written otherwise', 'https://coderbyte.com/report/1?access_token=abc'],
  ['a key', 'https://coderbyte.com/report/1?authkey=abc'],
  ['a signature', 'https://coderbyte.com/r.pdf?X-Amz-Signature=abc'],
  ['a token behind #', 'https://coderbyte.com/report/1#token=abc'],
  ['a token behind # and a path', 'https://coderbyte.com/app#/report?token=abc'],
  ['long random text', `https://coderbyte.com/report/1?id=${'a1B2'.repeat(12)}`],
])('%s: nobody gets it', (_what, link) => {
  expect(toPublicLink(link, HOSTS)).toBeNull();
});
