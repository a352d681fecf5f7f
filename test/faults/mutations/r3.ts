import type { Mutation } from './mutation.ts';

export const MUTATIONS_R3: readonly Mutation[] = [
  {
    name: 'what a round decided is not written in one transaction',
    file: 'server/jobs/lane.ts',
    find: 'const { version } = await commitRound(tx, round, services);',
    replace: 'const { version } = await commitRound(services.db as unknown as typeof tx, round, services);',
    checks: ['R3'],
  },
];
