import type { Mutation } from './mutation.ts';

export const MUTATIONS_R14: readonly Mutation[] = [
  {
    name: 'a lane is taken without asking who holds it',
    file: 'server/storage/lease.ts',
    find: ' and ${isFree(sql`given.now`)}',
    replace: '',
    checks: ['R14'],
  },
  {
    name: 'an effect runs although another session holds its lock',
    file: 'server/storage/effect-lock.ts',
    find: 'return rows[0]?.locked === true;',
    replace: 'return rows.length === 1;',
    checks: ['R14'],
  },
  {
    name: 'the lease is not checked at the commit',
    file: 'server/storage/commit-round.ts',
    find: ' and a.lease_token = given.token',
    replace: '',
    checks: ['R14'],
  },
];
