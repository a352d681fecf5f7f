import type { Mutation } from './mutation.ts';

export const MUTATIONS_R11: readonly Mutation[] = [
  {
    name: 'nobody hears SIGTERM, and the process ends in the middle of its work',
    file: 'server/main.ts',
    find: "firstSignal(log, start, 'SIGTERM', 'SIGINT')",
    replace: "firstSignal(log, start, 'SIGINT')",
    checks: ['R11'],
  },
  {
    name: 'the process ends without waiting for what it has begun',
    file: 'server/main.ts',
    find: '    await stopInTime(server, log);\n    await database.stop();\n',
    replace: '    void stopInTime;\n',
    checks: ['R11'],
  },
];
