import type { Mutation } from './mutation.ts';

export const MUTATIONS_R15: readonly Mutation[] = [
  {
    name: 'a token is refreshed without the lock that processes share',
    file: 'server/storage/ats-tokens.ts',
    find: "text: 'select pg_advisory_lock(hashtextextended($1, 0))'",
    replace: "text: 'select length($1)'",
    checks: ['R15'],
  },
];
