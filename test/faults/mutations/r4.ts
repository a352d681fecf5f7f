import type { Mutation } from './mutation.ts';

/**
 * Others survive R4 alone, because a second guard stands behind each: the lock of an effect (its state changes by condition), the key of an
 * effect (an application knows its keys), the mark of a delivery as relayed (what it tells is put into a lane under a key).
 */
export const MUTATIONS_R4: readonly Mutation[] = [
  {
    name: 'the unique index of deliveries is dropped',
    file: 'server/storage/migrations/0000_first.sql',
    find: 'CREATE UNIQUE INDEX "deliveries_key"',
    replace: 'CREATE INDEX "deliveries_key"',
    checks: ['R4'],
  },
  {
    name: 'each arrival of a webhook is stored as a new one',
    file: 'server/webhooks/accept.ts',
    find: 'key: storableKey(verdict.deliveryKey),',
    replace: 'key: storableKey(verdict.deliveryKey + Math.random()),',
    checks: ['R4'],
  },
  {
    name: 'an effect that has ended is run again when its job comes again',
    file: 'server/jobs/run-effect.ts',
    find: "e.state in ('queued', 'calling') and (e.run_after",
    replace: '(e.run_after',
    checks: ['R4'],
  },
];
