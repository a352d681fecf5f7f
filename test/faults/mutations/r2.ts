import type { Mutation } from './mutation.ts';

export const MUTATIONS_R2: readonly Mutation[] = [
  {
    name: 'our sessions answer before a commit is on the disk',
    file: 'server/storage/create-pool.ts',
    find: "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'",
    replace: "select set_config('synchronous_commit', 'off', false)",
    checks: ['R2'],
  },
];
