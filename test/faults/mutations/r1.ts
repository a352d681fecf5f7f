import type { Mutation } from './mutation.ts';

export const MUTATIONS_R1: readonly Mutation[] = [
  {
    name: 'a webhook is acknowledged before its commit',
    file: 'server/webhooks/accept.ts',
    find: '  const storing = desk.together.add(toDelivery(judged, verdict, request));',
    replace: `  desk.together.add(toDelivery(judged, verdict, request)).catch(() => undefined);
  const storing = Promise.resolve('stored' as Stored);`,
    checks: ['R1', 'R2'],
  },
  {
    name: 'a webhook that could not be stored is answered with 200',
    file: 'server/webhooks/accept.ts',
    find: "      return { outcome: 'busy' };",
    replace: "      return { outcome: 'stored' };",
    checks: ['R1', 'R12'],
  },
];
