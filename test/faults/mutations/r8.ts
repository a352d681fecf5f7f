import type { Mutation } from './mutation.ts';

export const MUTATIONS_R8: readonly Mutation[] = [
  {
    name: 'a 429 pauses nobody',
    file: 'server/outbound/learn-allowance.ts',
    find: '  if (status === 429) return pause(timed, headers, call);',
    replace: '',
    checks: ['R8'],
  },
  {
    name: 'a page with 200 to a write counts as done',
    file: 'server/outbound/to-call-result.ts',
    find: "    return fail({ kind: context.write ? 'ambiguous' : 'unreadable', detail: `${answer.status} with an answer that is not JSON` });",
    replace: '    return succeed({ status: answer.status, headers: answer.headers, body: undefined });',
    checks: ['R8'],
  },
];
