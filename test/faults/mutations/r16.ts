import type { Mutation } from './mutation.ts';

export const MUTATIONS_R16: readonly Mutation[] = [
  {
    name: 'a migration rewrites what is kept',
    file: 'server/storage/migrations/0008_never_lost.sql',
    find: 'ALTER TABLE "tagalong"."applications" ADD COLUMN "lease_holder" uuid;',
    replace:
      'ALTER TABLE "tagalong"."applications" ADD COLUMN "lease_holder" uuid; UPDATE "tagalong"."applications" SET version = version + 1;',
    checks: ['R16'],
  },
];
