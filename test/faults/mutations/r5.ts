import type { Mutation } from './mutation.ts';

export const MUTATIONS_R5: readonly Mutation[] = [
  {
    name: 'a stage entry that was decided is taken for a new one',
    file: 'server/workflow/observe.ts',
    find: '.filter((entry) => !state.decidedEntries.includes(entry.key))',
    replace: ".filter((entry) => entry.key !== '')",
    checks: ['R5'],
  },
];
