import { fork } from 'node:child_process';
import { once } from 'node:events';
import { waitUntil } from '../../support/wait-until.ts';
import { applyAtGreenhouse } from '../seekers.ts';
import type { Fleet } from './fleet.ts';
import type { FeederStart } from './steady-feeder.ts';

/** Keeps every application of a fleet in need of a look, so that its processes work as fast as they can. */
export interface SteadyLoad {
  /** How often each application was looked at since the beginning; null while the database does not say. */
  looks(): Promise<ReadonlyMap<string, number> | null>;
  stop(): Promise<void>;
}

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

  const { host, port, user, database } = fleet.database;
  const start: FeederStart = { address: { host, port, user, database } };
  const feeder = fork(new URL('./steady-feeder.ts', import.meta.url), {
    env: { ...process.env, NODE_NO_WARNINGS: '1', FEEDER: JSON.stringify(start) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(feeder, 'exit');
  await Promise.race([
    once(feeder, 'message'),
    ended.then(() => {
      throw new Error('what keeps the load up did not start');
    }),
  ]);
  const counted = () => fleet.ask<{ key: string; handled: number }>('select key, handled::int from tagalong.applications');
  return {
    looks: async () =>
      await counted().then(
        (rows) => new Map(rows.map(({ key, handled }) => [key, handled])),
        () => null,
      ),
    async stop() {
      feeder.kill('SIGKILL');
      await ended;
    },
  };
}
