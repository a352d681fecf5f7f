import { describe, expect, it } from 'vitest';
import { createHackerrankClient } from '../../../../server/vendors/hackerrank/client.ts';
import { createFakeHttp, type FakeRoute } from '../../../support/fake-http.ts';

const API = 'https://www.hackerrank.com/x/api/v3';

function connect(routes: Record<string, FakeRoute | FakeRoute[]>, files: Record<string, FakeRoute> = {}) {
  const http = createFakeHttp(routes);
  const elsewhere = createFakeHttp(files);
  const hosts: string[] = [];
  const client = createHackerrankClient({
    http,
    downloadFrom: (host) => {
      hosts.push(host);
      return elsewhere;
    },
    apiUrl: `${API}/`,
    apiKey: 'the-key',
  });
  return { client, http, elsewhere, hosts };
}
const page = (data: unknown[], next: unknown) => ({ status: 200, body: { data, page_total: data.length, next, total: 3 } });

describe('the calls', () => {
  it('carry the key as a bearer, and ids percent-encoded', async () => {
    const { client, http } = connect({ 'GET /x/api/v3/tests/a%2Fb%3Fc': { status: 200, body: {} } });
    await client.call(['tests', 'a/b?c'], { method: 'GET' });
    expect(http.requests).toMatchObject([{ headers: { Authorization: 'Bearer the-key' }, write: false }]);
  });

  it.each([
    ['GET', 'unreachable'],
    ['POST', 'ambiguous'],
    ['PUT', 'ambiguous'],
    ['DELETE', 'ambiguous'],
  ] as const)('know what a lost answer to %s means', async (method, kind) => {
    const { client } = connect({ [`${method} /x/api/v3/tests`]: 'answer lost' });
    expect(await client.call(['tests'], { method })).toMatchObject({ ok: false, kind });
  });
});

describe('a list', () => {
  it('follows the links to its end, and asks each page at the address of the connection', async () => {
    const { client, http } = connect({
      'GET /x/api/v3/tests': [page([1, 2], 'https://evil.example/x/api/v3/tests?limit=100&offset=2&after=x'), page([3], '')],
    });
    expect(await client.list(['tests'], { search: 'ada' })).toEqual({ ok: true, value: [1, 2, 3] });
    expect(http.requests.map(({ url, query }) => [url, query])).toEqual([
      [`${API}/tests`, { search: 'ada', limit: '100' }],
      [`${API}/tests`, { search: 'ada', limit: '100', offset: '2', after: 'x' }],
    ]);
  });

  it.each([null, undefined, '', 'https://www.hackerrank.com/x/api/v3/tests?offset=0', 'not a link', 7])(
    'ends where there is no further page: %j',
    async (next) => {
      const { client, http } = connect({ 'GET /x/api/v3/tests': page([1], next) });
      expect(await client.list(['tests'])).toEqual({ ok: true, value: [1] });
      expect(http.requests).toHaveLength(1);
    },
  );

  it('that never ends is cut', async () => {
    let offset = 0;
    const { client, http } = connect({
      'GET /x/api/v3/tests': () => page([offset], `${API}/tests?offset=${++offset}`),
    });
    expect(await client.list(['tests'])).toMatchObject({ ok: true });
    expect(http.requests).toHaveLength(50);
  });

  it('that is none, or breaks off, is a failure and not an empty list', async () => {
    const none = connect({ 'GET /x/api/v3/tests': { status: 200, body: { error: 'x' } } });
    expect(await none.client.list(['tests'])).toMatchObject({ ok: false, kind: 'unreadable' });
    const broken = connect({ 'GET /x/api/v3/tests': [page([1], `${API}/tests?offset=1`), { status: 429 }] });
    expect(await broken.client.list(['tests'])).toMatchObject({ ok: false, kind: 'rate-limited' });
  });
});

describe('a file', () => {
  it('is fetched without the key', async () => {
    const url = 'https://hr-reports.s3.amazonaws.com/report.pdf?X-Signature=1';
    const { client, elsewhere, hosts } = connect({}, { 'GET /report.pdf': { status: 200, body: '%PDF-1.7' } });
    const file = await client.download(url);
    expect(file.ok && Buffer.from(file.value).toString()).toBe('%PDF-1.7');
    expect(hosts).toEqual(['hr-reports.s3.amazonaws.com']);
    expect(JSON.stringify(elsewhere.requests)).not.toContain('the-key');
  });

  it.each([
    'https://evil.example/report.pdf',
    'https://nothackerrank.com/report.pdf',
    'https://amazonaws.com.evil.example/report.pdf',
  ])('at another host is at none that may be called: %s', async (url) => {
    const { client, hosts } = connect({}, { 'GET /report.pdf': { status: 200, body: '' } });
    await client.download(url);
    expect(hosts).toEqual(['']);
  });
});
