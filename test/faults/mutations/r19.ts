import type { Mutation } from './mutation.ts';

export const MUTATIONS_R19: readonly Mutation[] = [
  {
    name: 'a stage entry that was decided is news again at the next reading',
    file: 'server/workflow/observe.ts',
    find: '    .filter((entry) => !state.decidedEntries.includes(entry.key))',
    replace: '',
    checks: ['R19'],
  },
];
