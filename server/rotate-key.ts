import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { systemClock } from './clock.ts';
import { type Config, readConfig } from './config.ts';
import { loggableError } from './loggable-error.ts';
import { systemRandom } from './random.ts';
import { say } from './say.ts';
import { appendAudit } from './storage/audit.repository.ts';
import { applicationName } from './storage/create-pool.ts';
import { type Rotation, rotateKey } from './storage/key-rotation.ts';
import { forgetPreviousKeyFile, loadMasterKeys, replaceKeyFile } from './storage/master-key.ts';
import { migrate } from './storage/migrate.ts';
import { openAddress } from './storage/open-address.ts';
import { type OpenDatabase, openDatabase } from './storage/open-database.ts';
import { createSealer, markOf } from './storage/seal.ts';

/**
 * `npm run rotate-key`: seals everything under the new master key. With MASTER_KEY in the environment that is the new one, and
 * MASTER_KEY_PREVIOUS the one before; servers are started with both first. With the key file of DATA_DIR this makes the new key itself.
 */
async function main(): Promise<number> {
  const config = readConfig(process.env);
  const log = pino({ level: 'error', serializers: { err: loggableError } }, pino.destination(2));
  const database = await openAddress(config, log);
  try {
    const store = await openDatabase({ address: database.address, log });
    try {
      await migrate(store.pool);
      return (await prepareKeys(config, store)) ? await rotate(config, store) : 1;
    } finally {
      await store.close();
    }
  } finally {
    await database.stop();
  }
}

/** True when there is an earlier key to leave. A server that runs must know the new key before anything is sealed under it. */
async function prepareKeys(config: Config, { pool }: OpenDatabase): Promise<boolean> {
  if (config.masterKey !== null) {
    if (config.previousMasterKey !== null) return true;
    return tell('server.rotate.name-both');
  }
  if (existsSync(join(config.dataDir, 'master.key.previous'))) return true;
  await loadMasterKeys({ fromEnvironment: null, previous: null, dataDir: config.dataDir });
  await replaceKeyFile(config.dataDir);
  const { rows } = await pool.query(
    `select 1 from pg_stat_activity where application_name like 'tagalong %' and application_name <> $1`,
    [applicationName()],
  );
  return rows.length === 0 || tell('server.rotate.start-again');
}

async function rotate(config: Config, { db }: OpenDatabase): Promise<number> {
  const { current, others } = await loadMasterKeys({
    fromEnvironment: config.masterKey,
    previous: config.previousMasterKey,
    dataDir: config.dataDir,
  });
  const to = createSealer(current);
  const rotation = await rotateKey(db, { from: createSealer(current, others), to, mark: markOf(current) });
  await appendAudit(db, { clock: systemClock, random: systemRandom }, { who: { kind: 'command' }, action: 'master-key.changed' });
  report(rotation);
  if (rotation.left.length > 0) return 1;
  if (config.masterKey === null) await forgetPreviousKeyFile(config.dataDir);
  return 0;
}

function report({ resealed, unreadable, left }: Rotation): void {
  process.stdout.write(`${say('server.rotate.resealed', { count: resealed })}\n`);
  for (const [table, count] of Object.entries(unreadable))
    process.stderr.write(`${say('server.rotate.unreadable', { table, count })}\n`);
  process.stdout.write(
    `${left.length > 0 ? say('server.rotate.left', { places: left.join(', ') }) : say('server.rotate.done')}\n`,
  );
}

function tell(key: 'server.rotate.name-both' | 'server.rotate.start-again'): false {
  process.stdout.write(`${say(key)}\n`);
  return false;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
