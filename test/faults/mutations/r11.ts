import type { Mutation } from './mutation.ts';

export const MUTATIONS_R11: readonly Mutation[] = [
  {
    name: 'the end waits for no work that is under way',
    file: 'server/main.ts',
    find: '    await server.stop();\n',
    replace: '',
    checks: ['R11'],
  },
];
