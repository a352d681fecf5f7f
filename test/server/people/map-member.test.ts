import { describe, expect, it } from 'vitest';
import type { AtsUser } from '../../../server/ats/operations.ts';
import { mapMember } from '../../../server/people/map-member.ts';

const user = (userId: string, emails: string[], active = true): AtsUser => ({
  userId,
  name: userId,
  emails,
  active,
  sees: 'all',
  roleName: null,
});
const rosa = user('rosa', ['rosa@example.com', 'r.lindqvist@example.com']);
const ben = user('ben', ['ben@example.com']);
const gone = user('gone', ['gil@example.com'], false);
const byMail = (email: string | null) => ({ email, byHand: undefined });

describe('which ATS user a member is', () => {
  it.each([
    ['by the first address', byMail('rosa@example.com'), [rosa, ben], { how: 'e-mail', user: rosa }],
    ['by any other address', byMail('r.lindqvist@example.com'), [rosa, ben], { how: 'e-mail', user: rosa }],
    ['nobody without an address', byMail(null), [user('x', [''])], { how: 'none', user: null }],
    ['nobody with an address nobody has', byMail('ada@example.com'), [rosa], { how: 'none', user: null }],
    [
      'nobody when two have the address',
      byMail('ben@example.com'),
      [ben, user('b2', ['ben@example.com'])],
      { how: 'ambiguous', user: null },
    ],
    ['one who may not sign in any more', byMail('gil@example.com'), [gone], { how: 'deactivated', user: gone }],
    [
      'the one who has the address now, not the one who has left',
      byMail('ben@example.com'),
      [user('b2', ['ben@example.com'], false), ben],
      { how: 'e-mail', user: ben },
    ],
    [
      'by hand, whatever the address says',
      { email: 'rosa@example.com', byHand: { userId: 'ben' } },
      [rosa, ben],
      { how: 'by-hand', user: ben },
    ],
    ['nobody by hand', { email: 'rosa@example.com', byHand: { userId: null } }, [rosa], { how: 'by-hand', user: null }],
    ['by hand one who has left', { email: null, byHand: { userId: 'gone' } }, [gone], { how: 'deactivated', user: gone }],
    [
      'by hand one who is not there any more',
      { email: 'rosa@example.com', byHand: { userId: 'zoe' } },
      [rosa],
      { how: 'none', user: null },
    ],
  ] as const)('%s', (_, member, users, expected) => {
    expect(mapMember(member, users)).toEqual(expected);
  });
});
