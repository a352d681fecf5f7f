import { expect, test } from 'vitest';
import { readServerAddress } from '../../../lib/browser/server-address.ts';

test.each([
  ['https://tagalong.acme.com', 'https://tagalong.acme.com'],
  ['  tagalong.acme.com/  ', 'https://tagalong.acme.com'],
  ['https://tagalong.acme.com:8443/path?x=1', 'https://tagalong.acme.com:8443'],
  ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
  ['http://localhost:3000/', 'http://localhost:3000'],
  ['http://[::1]:3000', 'http://[::1]:3000'],
])('%s is the server at %s', (typed, origin) => {
  expect(readServerAddress(typed)).toEqual({ origin });
});

test.each(['http://tagalong.acme.com', 'http://10.0.0.5:3000', 'http://localhost.evil.example', 'http://127.0.0.1.evil.example'])(
  '%s would send the token without encryption',
  (typed) => expect(readServerAddress(typed)).toEqual({ wrong: 'not-https' }),
);

test.each(['', 'https://', 'ftp://acme.com', 'javascript:alert(1)', 'a b'])('"%s" is no address', (typed) => {
  expect(readServerAddress(typed)).toEqual({ wrong: 'no-address' });
});
