import type { Mutation } from './mutation.ts';

export const MUTATIONS_R6: readonly Mutation[] = [
  {
    name: 'what a sweep found is counted and not looked at',
    file: 'server/jobs/sweep.ts',
    find: `      const key = await ensureApplication(tx, parts.services, { connectionId, applicationId });
      await raiseHint(tx, [key]);
      await parts.queue.sendLane(tx, key);`,
    replace: '      await ensureApplication(tx, parts.services, { connectionId, applicationId });',
    checks: ['R6'],
  },
];
