import { expect, test } from 'vitest';
import type { HttpClient } from '../../../../server/outbound/http.ts';
import { succeed } from '../../../../server/outbound/outcome.ts';
import { listTests } from '../../../../server/vendors/codesignal/calls.ts';

const TESTS = Array.from({ length: 25 }, (_, n) => ({ id: `t${n}`, title: `Test ${n}`, duration: 3_600_000 }));

test.each([
  ['says', (hasNextPage: boolean) => ({ pageInfo: { hasNextPage } })],
  ['does not say', () => ({})],
  ['says null', () => ({ pageInfo: null })],
])('the list is read to its end where the server %s whether there is more', async (_what, more) => {
  const http: HttpClient = {
    async request({ json }) {
      const { first, offset } = (json as { variables: { first: number; offset: number } }).variables;
      const tests = TESTS.slice(offset, offset + first);
      return succeed({
        status: 200,
        headers: {},
        body: { data: { companyTests: { tests, ...more(offset + first < TESTS.length) } } },
      });
    },
  };
  const listed = await listTests({ http, apiUrl: 'https://app.codesignal.com/graphql', apiKey: 'k' });
  expect(listed.ok && listed.value.map(({ externalId }) => externalId)).toEqual(TESTS.map(({ id }) => id));
});
