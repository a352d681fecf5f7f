import type { Mutation } from './mutation.ts';

export const MUTATIONS_R9: readonly Mutation[] = [
  {
    name: 'readiness waits for the database for as long as that takes',
    file: 'server/http/health.routes.ts',
    find: 'await waitAtMost(ANSWER_MS, askStore(db))',
    replace: 'await waitAtMost(ANSWER_MS * 100, askStore(db))',
    checks: ['R9'],
  },
  {
    name: 'a call to the outside has no time limit',
    file: 'server/outbound/exchange.ts',
    find: 'timers.push(setTimeout(give(`no answer within ${request.timeoutMs} ms`), request.timeoutMs));',
    replace: 'timers.push(setTimeout(give(`no answer within ${request.timeoutMs} ms`), request.timeoutMs * 3));',
    checks: ['R9'],
  },
];
