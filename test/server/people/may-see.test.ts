import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../lib/domain/application.ts';
import type { AtsKind } from '../../../lib/domain/ats.ts';
import { MEMBER_ROLES, type MemberRole } from '../../../lib/domain/member.ts';
import type { AtsUser } from '../../../server/ats/operations.ts';
import type { MappedUser } from '../../../server/people/map-member.ts';
import { maySee } from '../../../server/people/may-see.ts';

const ME = 'user-1';
const me = (sees: AtsUser['sees'], roleName: string | null): MappedUser => ({
  how: 'e-mail',
  user: { userId: ME, name: 'Me', emails: [], active: true, sees, roleName },
});
const teamMember = me('all', 'Team Member');
const limited = me('limited', 'Limited Team Member');
const interviewer = me('limited', 'Interviewer');
const custom = me('unknown', null);
const siteAdmin = me('all', 'Site Admin');
const jobAdmin = me('limited', null);
const unmapped: MappedUser = { how: 'none', user: null };
const ambiguous: MappedUser = { how: 'ambiguous', user: null };
const noneByHand: MappedUser = { how: 'by-hand', user: null };
const former: MappedUser = {
  how: 'deactivated',
  user: { userId: ME, name: 'Me', emails: [], active: false, sees: 'all', roleName: 'Team Member' },
};

type Candidate = Pick<Snapshot, 'confidential' | 'involved'>;
const open: Candidate = { confidential: false, involved: { application: ['other'], job: ['other'] } };
const followed: Candidate = { confidential: false, involved: { application: [ME], job: [] } };
const ofMyJob: Candidate = { confidential: false, involved: { application: [], job: [ME] } };
const untold: Candidate = { confidential: false };
const secret = (candidate: Candidate): Candidate => ({ ...candidate, confidential: true });

describe('what a member sees of a candidate', () => {
  it.each<[string, AtsKind, MappedUser, Candidate, ReturnType<typeof maySee>]>([
    ['a Team Member: everybody', 'lever', teamMember, secret(open), 'all'],
    ['a Limited Team Member: nobody they have nothing to do with', 'lever', limited, open, 'nothing'],
    ['a Limited Team Member: whom they follow or own', 'lever', limited, followed, 'all'],
    ['a Limited Team Member: whom they follow, confidential too', 'lever', limited, secret(followed), 'all'],
    ['a Limited Team Member: who applies for their posting', 'lever', limited, ofMyJob, 'all'],
    ['a Limited Team Member: nobody while we do not know who is involved', 'lever', limited, untold, 'nothing'],
    ['an Interviewer: nobody they have nothing to do with', 'lever', interviewer, open, 'nothing'],
    ['an Interviewer: whom they follow or own', 'lever', interviewer, followed, 'all'],
    ['an Interviewer: no result of who applies for their posting', 'lever', interviewer, ofMyJob, 'progress'],
    ['a role of the company’s own: everybody', 'lever', custom, open, 'all'],
    ['a role of the company’s own: no confidential one', 'lever', custom, secret(open), 'nothing'],
    ['a role of the company’s own: a confidential one of theirs', 'lever', custom, secret(ofMyJob), 'all'],
    ['somebody deactivated in Lever: nobody', 'lever', former, followed, 'nothing'],
    ['somebody deactivated in Greenhouse: nobody', 'greenhouse', former, open, 'nothing'],
    ['a Site Admin: everybody', 'greenhouse', siteAdmin, secret(open), 'all'],
    ['a Job Admin, whose jobs we do not know', 'greenhouse', jobAdmin, open, 'all'],
  ])('%s', (_, ats, mapped, candidate, sight) => {
    for (const role of MEMBER_ROLES) expect(maySee({ ats, role, mapped, candidate }), role).toBe(sight);
  });

  it.each<[string, AtsKind, MappedUser]>([
    ['is not mapped in Lever', 'lever', unmapped],
    ['is mapped to several in Lever', 'lever', ambiguous],
    ['is nobody in Lever, by hand', 'lever', noneByHand],
    ['is not mapped in Greenhouse', 'greenhouse', unmapped],
    ['is no Site Admin in Greenhouse', 'greenhouse', jobAdmin],
  ])('who %s: a viewer no confidential ones, everybody else as their role in Tagalong says', (_, ats, mapped) => {
    const seen = (role: MemberRole, candidate: Candidate) => maySee({ ats, role, mapped, candidate });
    expect(MEMBER_ROLES.map((role) => seen(role, open))).toEqual(['all', 'all', 'all']);
    expect(MEMBER_ROLES.map((role) => seen(role, secret(open)))).toEqual(['all', 'all', 'nothing']);
  });
});
