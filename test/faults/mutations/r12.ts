import type { Mutation } from './mutation.ts';

export const MUTATIONS_R12: readonly Mutation[] = [
  {
    name: 'a read-only store is taken for a fault of our own',
    file: 'server/storage/is-store-down.ts',
    find: '25006|',
    replace: '',
    checks: ['R12'],
  },
  {
    name: 'the database is made without checksums',
    file: 'server/storage/embedded/initialize-cluster.ts',
    find: "'--data-checksums'",
    replace: "'--no-data-checksums'",
    checks: ['R12'],
  },
  {
    name: 'damage to the files of the database is not said',
    file: 'server/storage/find-store-warnings.ts',
    find: '...(damaged > 0 ?',
    replace: '...(damaged > 1e9 ?',
    checks: ['R12'],
  },
];
