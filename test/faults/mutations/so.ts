import type { Mutation } from './mutation.ts';

export const MUTATIONS_SO: readonly Mutation[] = [
  {
    name: 'nobody looks whether the holder of a lane is gone',
    file: 'server/storage/lease.ts',
    find: '    isGone(applications.leaseHolder),\n',
    replace: '',
    checks: ['SO'],
  },
  {
    name: 'what a dead process left is not sent again',
    file: 'server/jobs/workers.ts',
    find: 'chore: () => once(findAbandoned(parts))',
    replace: 'chore: async () => (findAbandoned ? 0 : 1)',
    checks: ['SO'],
  },
];
