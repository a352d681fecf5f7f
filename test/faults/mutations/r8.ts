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
    name: 'a pause is known only to the process that was told of it',
    file: 'server/outbound/rate-governor.ts',
    find: 'createSharedLimiter({ ...options, key, rule })',
    replace: 'createSharedLimiter({ ...options, key: `${key} ${options.party}`, rule })',
    checks: ['R8'],
  },
  {
    name: 'an answer that broke off counts as whole',
    file: 'server/outbound/exchange.ts',
    find: "done({ kind: 'lost', detail: `The answer broke off: ${why}` })",
    replace:
      "done({ kind: 'answered', answer: { status: why ? (incoming.statusCode ?? 0) : 0, headers: toHeaders(incoming), bytes: Buffer.concat(chunks) } })",
    checks: ['R8'],
  },
  {
    name: 'a write whose answer was lost counts as one that was never sent',
    file: 'server/outbound/to-call-result.ts',
    find: "return fail({ kind: context.write ? 'ambiguous' : 'unreachable', detail: result.detail });",
    replace: "return fail({ kind: 'unreachable', detail: result.detail });",
    checks: ['R8', 'R7'],
  },
  {
    name: 'what the vendor has made is asked for again when the mail has to wait',
    file: 'server/effects/send-invitation.ts',
    find: '  if (context.keptReceipt) return await mailKept(effect.invitationId, context.keptReceipt, context, interrupted);',
    replace: '',
    checks: ['R8', 'R3'],
  },
];
