import type { Mutation } from './mutation.ts';

export const MUTATIONS_R20: readonly Mutation[] = [
  {
    name: 'trouble of the job queue ends the process',
    file: 'server/jobs/queue.ts',
    find: "  boss.on('error', (error) => log.warn({ err: error }, 'the job queue had trouble and tries again'));\n",
    replace: '',
    checks: ['R20'],
  },
  {
    name: 'a transaction that could not begin keeps its place in the pool',
    file: 'server/storage/query-layer.ts',
    find: "      client.release(client.getTransactionStatus() !== 'I');",
    replace: "      if (client.getTransactionStatus() === 'I') client.release();",
    checks: ['R20'],
  },
];
