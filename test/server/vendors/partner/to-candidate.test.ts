import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCandidate } from '../../../../server/vendors/partner/to-candidate.ts';
import { makeOrder } from '../../../support/make-order.ts';

const namesOf = (candidateName: string | null) => {
  const { first_name, last_name } = toCandidate(makeOrder({}, { candidateName }));
  return [first_name, last_name];
};

describe('a candidate for a partner', () => {
  it('has a first and a last name, always', () => {
    expect(namesOf('Ada Lovelace')).toEqual(['Ada', 'Lovelace']);
    expect(namesOf('  Ada   King  Lovelace ')).toEqual(['Ada', 'King Lovelace']);
    expect(namesOf('Ada')).toEqual(['Ada', '-']);
    expect(namesOf(null)).toEqual(['ada', '-']);
    expect(namesOf('   ')).toEqual(['ada', '-']);
  });

  it('carries nothing into the e-mail that is not a name', () => {
    expect(namesOf('<a href="https://evil.example">Ada</a> https://evil.example')).toEqual(['Ada', '…']);
    expect(namesOf('Ada\u202e\u0000\r\nBcc: x@example.com')).toEqual(['Ada', 'Bcc: x@example.com']);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        for (const part of namesOf(name)) {
          expect(part.length).toBeGreaterThan(0);
          expect(part.length).toBeLessThanOrEqual(100);
          expect(part).toBe(part.trim());
          expect(part.isWellFormed()).toBe(true);
          expect(part).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        }
      }),
    );
  });

  it('is known by the profile at the ATS, and brings neither résumé nor telephone number', () => {
    expect(toCandidate(makeOrder())).toMatchObject({
      email: 'ada+jobs@example.com',
      greenhouse_profile_url: 'https://hire.lever.co/candidates/1',
      ...{ preferred_name: null, resume_url: null, phone_number: null },
    });
  });
});
