import type { Mutation } from './mutation.ts';

export const MUTATIONS_R13: readonly Mutation[] = [
  {
    name: 'a reminder that is late goes out at night',
    file: 'server/workflow/rules/remind.ts',
    find: '  if (hour >= REMINDING_HOURS.from && hour < REMINDING_HOURS.until) return 0;',
    replace: '  if (hour >= 0) return 0;',
    checks: ['R13'],
  },
  {
    name: 'a deadline is counted in days of the local calendar',
    file: 'server/effects/invitation-order.ts',
    find: 'return new Date(context.services.clock.now().getTime() + days * 24 * 60 * 60_000).toISOString();',
    replace: `const at = new Date(context.services.clock.now());
  at.setDate(at.getDate() + days);
  return at.toISOString();`,
    checks: ['R13'],
  },
];
