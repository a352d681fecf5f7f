import { stopSharedPostgres } from '../tools/shared-postgres.ts';
import { playMany, type Wanted } from './play-many.ts';

/** One of several processes that play histories: takes what is wanted as its argument, and sends what came of it to who started it. */
const wanted: Wanted = JSON.parse(process.argv[2] ?? '');
try {
  const tally = await playMany(wanted);
  await new Promise((resolve) => process.send?.(tally, resolve));
} finally {
  await stopSharedPostgres();
}
process.exit();
