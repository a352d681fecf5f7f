import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pageHostIn } from '../../../server/webhooks/page-host-in.ts';

const of = (body: unknown) => pageHostIn(Buffer.from(JSON.stringify(body)));

test("a recorded stage change names the host of the account's pages", () => {
  const file = new URL('../../fixtures/greenhouse/webhook-candidate-stage-change.json', import.meta.url);
  expect(pageHostIn(readFileSync(file))).toBe('app2.greenhouse.io');
});

test.each([
  [{ application: { url: 'http://app4.greenhouse.io/people/1?application_id= 2' } }, 'app4.greenhouse.io'],
  [{ candidate: { url: 'https://acme.greenhouse.io/people/1' } }, 'acme.greenhouse.io'],
  [{ jobs: [{ url: 'https://app4.greenhouse.io/sdash/7' }] }, null],
  [{ candidate: { photo_url: 'https://app4.greenhouse.io/people/1', website: 'https://app4.greenhouse.io/people/1' } }, null],
  [{ candidate: { url: 'https://evil.example/app4.greenhouse.io/people/1' } }, null],
  [{ candidate: { url: 'https://greenhouse.io.evil.example/people/1' } }, null],
  ['ping', null],
])('%j names %s', (body, host) => {
  expect(of(body)).toBe(host);
});
