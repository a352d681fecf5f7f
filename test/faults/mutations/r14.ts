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
    find: 'pg_try_advisory_lock(hashtextextended(id, 0)) when',
    replace: 'pg_try_advisory_lock(hashtextextended(id, 0)) or true when',
    checks: ['R14'],
  },
  {
    name: 'an effect runs although another run in the same process holds its lock',
    file: 'server/storage/effect-lock.ts',
    find: 'if (held.has(id)) return false;',
    replace: '',
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
