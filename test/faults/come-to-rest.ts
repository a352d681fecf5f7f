import type { World } from '../simulators/world.ts';
import { waitUntil } from '../support/wait-until.ts';
import { rerunGivenUp, retryFailed } from './people-at-work.ts';
import type { Pending, StoreReader } from './read-store.ts';

const NOTHING: Pending = { deliveries: 0, lanes: 0, inputs: 0, effects: 0, looks: 0 };
/** What a killed server held is free again after half a minute; the rest is for slow machines. */
const WITHIN_MS = 120_000;

/** Every webhook has arrived and nothing is left to do, or an error that says what is. */
export async function comeToRest(world: World, reader: StoreReader): Promise<void> {
  let left = NOTHING;
  const isAtRest = async () => {
    await retryFailed(world);
    // A sender may have tried its last time just now, before the server was back.
    await rerunGivenUp(world);
    await world.settle();
    left = await reader.pending();
    return JSON.stringify(left) === JSON.stringify(NOTHING);
  };
  await waitUntil(isAtRest, { withinMs: WITHIN_MS, everyMs: 250, describe: () => `never came to rest: ${JSON.stringify(left)}` });
}
