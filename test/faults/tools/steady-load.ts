import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { raiseHint } from '../../../server/jobs/delivery-hints.ts';
import { createQueue } from '../../../server/jobs/queue.ts';
import { openDatabase } from '../../../server/storage/open-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { applyAtGreenhouse } from '../seekers.ts';
import type { Fleet } from './fleet.ts';

/** Keeps every application of a fleet in need of a look, so that its processes work as fast as they can. */
export interface SteadyLoad {
  /** How often each application was looked at since the beginning; null while the database does not say. */
  looks(): Promise<ReadonlyMap<string, number> | null>;
  stop(): Promise<void>;
}

const TOP_UP_MS = 40;

export async function startSteadyLoad(fleet: Fleet, people: number): Promise<SteadyLoad> {
  const { world, ask } = fleet;
  for (let number = 0; number < people; number += 1) {
    const person = { name: `Steady Number${number}`, email: `steady.${number}@mail.example`, tag: 'Nothing' };
    const [seeker] = applyAtGreenhouse(world, person, 1);
    seeker?.take({ kind: 'move', to: 'onsite' });
  }
  const known = async () =>
    (await ask<{ count: number }>('select count(*)::int as count from tagalong.applications'))[0]?.count ?? 0;
  await waitUntil(async () => (await known()) >= people, { withinMs: 30_000, describe: () => 'not all of them became known' });

  const log = pino({ level: 'silent' });
  const store = await openDatabase({ address: fleet.database, log, poolSize: 2 });
  const queue = createQueue({ address: fleet.database, log, works: false });
  await queue.start();
  let stopped = false;
  const topUp = () =>
    store.db.transaction(async (tx) => {
      const { rows } = await tx.execute<{ key: string }>(
        'select key from tagalong.applications where hinted <= handled order by key',
      );
      const keys = rows.map(({ key }) => key);
      await raiseHint(tx, keys);
      for (const key of keys) await queue.sendLane(tx, key);
    });
  const run = async () => {
    while (!stopped) {
      // While the database is away there is nothing to add to.
      await topUp().catch(() => undefined);
      await pause(TOP_UP_MS);
    }
  };
  const running = run();
  return {
    looks: async () =>
      store.pool
        .query<{ key: string; handled: number }>('select key, handled::int from tagalong.applications')
        .then(({ rows }) => new Map(rows.map(({ key, handled }) => [key, handled])))
        .catch(() => null),
    async stop() {
      stopped = true;
      await running;
      await queue.stop({ timeoutMs: 1000 });
      // A pool from which a place was lost for good waits for it in vain, and that is what is looked for here.
      await Promise.race([store.close(), pause(2000)]);
    },
  };
}
