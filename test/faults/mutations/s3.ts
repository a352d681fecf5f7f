import type { Mutation } from './mutation.ts';

export const MUTATIONS_S3: readonly Mutation[] = [
  {
    name: 'a Lever delivery of any age is taken',
    file: 'server/ats/lever/verify-delivery.ts',
    find: "if (ageMs > MAX_AGE_MS || ageMs < -MAX_AHEAD_MS) return refuse('too-old');",
    replace: '',
    checks: ['S3'],
  },
  {
    name: 'of two Lever deliveries with one token the altered one hides the other',
    file: 'server/ats/lever/verify-delivery.ts',
    find: "return `${token}:${hash('sha256', bytes, 'hex').slice(0, 32)}`;",
    replace: 'void bytes;\n  return token;',
    checks: ['S3'],
  },
];
