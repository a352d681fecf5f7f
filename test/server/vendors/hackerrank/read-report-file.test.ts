import { expect, it } from 'vitest';
import { createHackerrankClient } from '../../../../server/vendors/hackerrank/client.ts';
import { readReportFileOfTest } from '../../../../server/vendors/hackerrank/read-report-file.ts';
import { createFakeHttp, type FakeRoute } from '../../../support/fake-http.ts';
import { makeInvitation } from '../../../support/make-order.ts';

const PDF = 'GET /x/api/v3/tests/senior-swe-1/candidates/77/pdf';

async function read(answers: FakeRoute | FakeRoute[], externalId: string | null = '77') {
  const http = createFakeHttp({
    [PDF]: answers,
    'GET /x/api/v3/tests/senior-swe-1/candidates/search': { status: 200, body: { data: [] } },
  });
  const files = createFakeHttp({ 'GET /kept.pdf': { status: 200, body: '%PDF-kept' } });
  const apiUrl = 'https://www.hackerrank.com/x/api/v3';
  const client = createHackerrankClient({ http, downloadFrom: () => files, apiUrl, apiKey: 'x' });
  const api = { client, findResultAddress: async () => null, now: () => new Date() };
  const file = await readReportFileOfTest(api, makeInvitation({ externalId }));
  const text = file.ok && file.value ? Buffer.from(file.value.bytes).toString() : null;
  return { file, text, http, files };
}

it('the file itself is taken as it comes', async () => {
  const { text, http } = await read({ status: 200, body: '%PDF-1.7' });
  expect(text).toBe('%PDF-1.7');
  expect(http.requests).toMatchObject([{ answerAs: 'bytes' }]);
});

it.each([{ url: 'https://www.hackerrank.com/kept.pdf' }, { pdf_url: 'https://www.hackerrank.com/kept.pdf' }])(
  'an address in its place is followed: %j',
  async (body) => {
    expect((await read({ status: 200, body })).text).toBe('%PDF-kept');
  },
);

it('where the file is refused, its address is asked for', async () => {
  const { text, http } = await read([{ status: 400 }, { status: 200, body: { url: 'https://www.hackerrank.com/kept.pdf' } }]);
  expect(text).toBe('%PDF-kept');
  expect(http.requests[1]?.query).toEqual({ format: 'url' });
});

it('503 is later, 404 is none, and what is no PDF is not passed on', async () => {
  expect((await read({ status: 503 })).file).toMatchObject({ ok: false, kind: 'unreachable' });
  expect((await read({ status: 404 })).file).toEqual({ ok: true, value: null });
  for (const body of ['<html>', '{"url": 7}', '[]', ''])
    expect((await read({ status: 200, body })).file).toMatchObject({ ok: false, kind: 'unreadable' });
});

it('an invitation that HackerRank does not have has no report', async () => {
  expect((await read([], null)).file).toEqual({ ok: true, value: null });
});
