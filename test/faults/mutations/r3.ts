import type { Mutation } from './mutation.ts';

export const MUTATIONS_R3: readonly Mutation[] = [
  {
    name: 'an effect whose end could not be recorded is run as if it were new',
    file: 'server/jobs/run-effect.ts',
    find: "const interrupted = row.state === 'calling';",
    replace: 'const interrupted = false;',
    checks: ['R3'],
  },
];
