/**
 * A process of its own that puts every application of a shared database on the list of those to be looked at, again and again, with the
 * server's own code. Of its own, because what is broken on purpose in that code may end it: then nobody is looked at, and the check says so.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { z } from 'zod';
import { raiseHint } from '../../../server/jobs/delivery-hints.ts';
import { createQueue } from '../../../server/jobs/queue.ts';
import { openDatabase } from '../../../server/storage/open-database.ts';

const feederStartSchema = z.object({
  address: z.object({ host: z.string(), port: z.number(), user: z.string(), database: z.string() }),
});
export type FeederStart = z.infer<typeof feederStartSchema>;

const TOP_UP_MS = 40;

if (process.send) {
  // Nobody is left who wants it.
  process.once('disconnect', () => process.exit());
  await feed(feederStartSchema.parse(JSON.parse(process.env.FEEDER ?? '')));
}

async function feed({ address }: FeederStart): Promise<never> {
  const log = pino({ level: 'silent' });
  const store = await openDatabase({ address, log, poolSize: 2 });
  const queue = createQueue({ address, log, works: false });
  await queue.start();
  process.send?.('up');
  const topUp = () =>
    store.db.transaction(async (tx) => {
      const { rows } = await tx.execute<{ key: string }>(
        'select key from tagalong.applications where hinted <= handled order by key',
      );
      const keys = rows.map(({ key }) => key);
      await raiseHint(tx, keys);
      for (const key of keys) await queue.sendLane(tx, key);
    });
  for (;;) {
    // While the database is away there is nothing to add to.
    await topUp().catch(() => undefined);
    await pause(TOP_UP_MS);
  }
}
