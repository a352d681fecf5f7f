import { stopSharedPostgres } from '../tools/shared-postgres.ts';
import { playMany, type Wanted } from './play-many.ts';

/**
 * One of several processes that play histories: takes what is wanted as its argument, and sends what came of it to who started it. Where a
 * person started it, to see a difference once more, it is printed.
 */
const wanted: Wanted = JSON.parse(process.argv[2] ?? '');
try {
  const tally = await playMany(wanted);
  if (process.send) await new Promise((resolve) => process.send?.(tally, resolve));
  else process.stdout.write(`${tally.lines.join('\n')}\n${tally.played} histories, ${tally.different} differences\n`);
} finally {
  await stopSharedPostgres();
}
process.exit();
