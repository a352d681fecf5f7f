import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCandidateReference } from '../../../lib/ats-page/read-page.ts';

const id = fc.bigInt({ min: 1n, max: 10n ** 15n }).map(String);
const hosts = fc.constantFrom('app.greenhouse.io', 'app4.greenhouse.io', 'acme.greenhouse.io', 'hire.lever.co', 'example.com');

test('no text whatever makes the reader throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl({ withQueryParameters: true })), (text) => {
      expect(readCandidateReference(text)).toBeNull();
    }),
  );
  expect(readCandidateReference(undefined)).toBeNull();
});

test('no path or query on an ATS host makes the reader throw, and an answer always keeps the host and a clean id', () => {
  const part = fc.oneof(
    id,
    fc.uuid(),
    fc.constantFrom('people', 'candidates', 'applications', 'guides', '..', '%', '%2F'),
    fc.string(),
  );
  const query = fc.array(
    fc.tuple(fc.constantFrom('application_id', 'person_id', 'candidate_id', 'x'), fc.oneof(id, fc.string())),
  );
  fc.assert(
    fc.property(hosts, fc.array(part), query, (host, parts, pairs) => {
      const search = pairs.map(([name, value]) => `${name}=${value}`).join('&');
      const reference = readCandidateReference(`https://${host}/${parts.join('/')}?${search}`);
      if (!reference) return;
      expect(reference.host).toBe(host);
      expect(reference.kind === 'application' ? reference.applicationId : reference.candidateId).toMatch(/^[0-9a-f-]+$/);
    }),
  );
});

test('two different applications in one address are always refused, in whatever order they come', () => {
  fc.assert(
    fc.property(id, fc.uniqueArray(id, { minLength: 2, maxLength: 5 }), (person, applications) => {
      const search = applications.map((application) => `application_id=${application}`).join('&');
      expect(readCandidateReference(`https://app.greenhouse.io/people/${person}?${search}`)).toBeNull();
    }),
  );
});

test('what a profile address says about person and application survives unknown parameters and a hash', () => {
  fc.assert(
    fc.property(id, id, fc.webFragments(), (person, application, hash) => {
      const url = `https://app.greenhouse.io/people/${person}?src=x&application_id=${application}&page=2#${hash}`;
      expect(readCandidateReference(url)).toMatchObject({ kind: 'application', applicationId: application, candidateId: person });
    }),
  );
});
