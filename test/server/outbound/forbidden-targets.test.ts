import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createHttpClient } from '../../../server/outbound/http.ts';
import { isPublicAddress } from '../../../server/outbound/is-public-address.ts';

const log = { debug: () => undefined, warn: () => undefined };

/** Check S10: loopback, private, link-local, multicast and unspecified in every spelling a browser or resolver understands. */
const LITERALS = [
  ...[
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '127.0.0.1.',
    '127.255.255.254',
  ],
  ...[
    '0.0.0.0',
    '0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '167772161',
    '0xa000001',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
  ],
  ...[
    '192.168.1',
    '169.254.169.254',
    '0xa9fea9fe',
    '2852039166',
    '100.64.0.1',
    '192.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
  ],
  ...['203.0.113.9', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '[::1]', '[0:0:0:0:0:0:0:1]', '[::]'],
  ...[
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:127.0.0.1]',
    '[::ffff:10.0.0.1]',
    '[::ffff:8.8.8.8]',
    '[::127.0.0.1]',
  ],
  ...[
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:0:1::1]',
    '[2001:db8::1]',
    '[fe80::1]',
    '[febf::1]',
    '[fec0::1]',
    '[fc00::1]',
  ],
  ...['[fd12:3456::1]', '[ff02::1]', '[ff0e::1]', '[100::1]', '１２７.０.０.１', '127。0。0。1'],
];

const OTHER_ADDRESSES = [
  ...[
    'http://example.com/',
    'http://127.0.0.1/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'data:text/plain,x',
  ],
  ...[
    'javascript:alert(1)',
    '//example.com/',
    'https://user:secret@example.com/',
    'https://user@example.com/',
    'ws://example.com/',
    '',
  ],
];

function clientResolvingTo(...addresses: string[]) {
  const lookup = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return createHttpClient({ testHosts: [], allowedHosts: 'any-public', log, lookup, defaultTimeoutMs: 500 });
}

describe('addresses that are never called', () => {
  it.each(LITERALS)('https://%s', async (literal) => {
    const client = clientResolvingTo('127.0.0.1');
    expect(await client.request({ method: 'GET', url: `https://${literal}/`, write: false })).toMatchObject({
      kind: 'misconfigured',
    });
  });

  it.each(OTHER_ADDRESSES)('%j', async (url) => {
    const client = clientResolvingTo('127.0.0.1');
    const result = await client.request({ method: 'GET', url, write: false });
    expect(result).toMatchObject({ kind: 'misconfigured' });
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  it.each([['127.0.0.1'], ['10.1.2.3'], ['::1'], ['::ffff:127.0.0.1'], ['fe80::1%eth0'], ['93.184.216.34', '192.168.0.1']])(
    'a public name that resolves to %s %s',
    async (...addresses) => {
      const result = await clientResolvingTo(...addresses).request({
        method: 'POST',
        url: 'https://rebind.example/',
        write: true,
      });
      expect(result).toMatchObject({ ok: false, kind: 'misconfigured' });
    },
  );

  it('a host that the adapter did not name', async () => {
    const client = createHttpClient({ testHosts: [], allowedHosts: ['api.lever.co'], log, lookup: async () => [] });
    for (const url of ['https://api.lever.co.evil.example/', 'https://evil.example/', 'https://api.lever.co:8443/'])
      expect(await client.request({ method: 'GET', url, write: false })).toMatchObject({ kind: 'misconfigured' });
    const allowed = await client.request({ method: 'GET', url: 'https://API.lever.co/v1', write: false });
    expect(allowed).toMatchObject({ kind: 'unreachable' });
  });

  it('a private port that is not the listed one', async () => {
    const client = createHttpClient({ testHosts: ['127.0.0.1:1'], allowedHosts: 'any-public', log });
    expect(await client.request({ method: 'GET', url: 'https://127.0.0.1:2/', write: false })).toMatchObject({
      kind: 'misconfigured',
    });
  });
});

describe('the address that was checked', () => {
  it('is the one that is called: the name is resolved once and the connection goes there', async () => {
    const server = createServer((request, response) => response.end(JSON.stringify({ host: request.headers.host })));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const host = `service.internal:${(server.address() as AddressInfo).port}`;
    let asked = 0;
    const lookup = async () => {
      asked++;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    const client = createHttpClient({ testHosts: [host], allowedHosts: [host], log, lookup });
    expect(await client.request({ method: 'POST', url: `http://${host}/`, write: true })).toMatchObject({
      value: { body: { host } },
    });
    expect(asked).toBe(1);
    server.closeAllConnections();
    server.close();
  });

  it.each(['8.8.8.8', '93.184.216.34', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450:4001::200e'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each(['example.com', '', '127.0.0.1', '1.2.3', '2130706433'])('%j is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
