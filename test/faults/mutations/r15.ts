import type { Mutation } from './mutation.ts';

export const MUTATIONS_R15: readonly Mutation[] = [
  {
    name: 'a token is refreshed without the lock that processes share',
    file: 'server/storage/ats-tokens.ts',
    find: "await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name]);",
    replace: "await client.query('select length($1)', [name]);",
    checks: ['R15'],
  },
];
