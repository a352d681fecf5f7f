import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { systemClock } from './clock.ts';
import { type Config, readConfig } from './config.ts';
import { loggableError } from './loggable-error.ts';
import { systemRandom } from './random.ts';
import { say } from './say.ts';
import { appendAudit } from './storage/audit.repository.ts';
import { giveUpLostKey } from './storage/give-up-lost-key.ts';
import { type Rotation, rotateKey } from './storage/key-rotation.ts';
import { findLastMarks } from './storage/last-marks.ts';
import { listBehind } from './storage/list-behind.ts';
import { forgetPreviousKeyFile, hasMasterKey, loadMasterKeys, type MasterKeys, replaceKeyFile } from './storage/master-key.ts';
import { migrate } from './storage/migrate.ts';
import { openAddress } from './storage/open-address.ts';
import { type OpenDatabase, openDatabase } from './storage/open-database.ts';
import { createSealer, markOf } from './storage/seal.ts';
import { withSession } from './storage/with-session.ts';

/**
 * `npm run rotate-key`: seals everything under the new master key. With MASTER_KEY in the environment that is the new one, and
 * MASTER_KEY_PREVIOUS the one before; servers are started with both first. With the key file of DATA_DIR this makes the new key itself.
 * `--key-lost` changes no key: it begins anew what a server with another key than the lost one cannot do without (give-up-lost-key.ts).
 * That cannot be undone, so it wants a server that runs with this key, or `--yes`. Neither works with a key that it would first have to make.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { 'key-lost': { type: 'boolean', default: false }, yes: { type: 'boolean', default: false } },
  });
  const config = readConfig(process.env);
  if (!(await hasMasterKey({ fromEnvironment: config.masterKey, dataDir: config.dataDir }))) {
    tell(say('server.rotate.no-key', { path: join(config.dataDir, 'master.key') }));
    return 1;
  }
  const log = pino({ level: 'error', serializers: { err: loggableError } }, pino.destination(2));
  const database = await openAddress(config, log);
  try {
    const store = await openDatabase({ address: database.address, log });
    try {
      // That it waits for somebody is a warning, and a command is silent below an error.
      await migrate(store.pool, { log: log.child({}, { level: 'warn' }) });
      return await alone(store.pool, async () => {
        if (values['key-lost']) return await giveUp(config, store, values.yes);
        return (await prepareKeys(config)) ? await rotate(config, store) : 1;
      });
    } finally {
      await store.close();
    }
  } finally {
    await database.stop();
  }
}

/** Of two at once the later would take the key away that the earlier made, maybe with something sealed under it. The lock ends with the session. */
function alone(pool: Pool, work: () => Promise<number>): Promise<number> {
  return withSession(pool, async (session) => {
    const { rows } = await session.query<{ free: boolean }>(
      `select pg_try_advisory_lock(hashtextextended('tagalong master key', 0)) as free`,
    );
    if (rows[0]?.free) return await work();
    tell(say('server.rotate.other-runs'));
    return 1;
  });
}

/**
 * True when there is an earlier key to leave, and another to go to. The earlier one being the same is no change: from the files it means that
 * a call before was cut off between putting the key aside and making the new one, which is made now.
 */
async function prepareKeys(config: Config): Promise<boolean> {
  if (config.masterKey !== null && config.previousMasterKey === null) {
    tell(say('server.rotate.name-both'));
    return false;
  }
  const { current, others } = await loadKeys(config);
  const isAnother = others.length > 0 && others.every((other) => markOf(other) !== markOf(current));
  if (isAnother) return true;
  if (config.masterKey !== null) {
    tell(say('server.rotate.same-key'));
    return false;
  }
  await replaceKeyFile(config.dataDir);
  tell(say('server.rotate.made'));
  return true;
}

/**
 * A server that runs must know the new key before anything is sealed under it, whichever call this is: the one before may have been cut off,
 * or nobody may have started the servers again. So it is asked of the database and not concluded from the files. Once more before the
 * earlier key is forgotten, for one that read its key before it was changed and came to the database meanwhile.
 */
async function rotate(config: Config, { db, pool }: OpenDatabase): Promise<number> {
  const { current, others } = await loadKeys(config);
  const mark = markOf(current);
  const isAnyBehind = async () => tellBehind(await listBehind(pool, mark));
  if (await isAnyBehind()) return 1;
  const to = createSealer(current);
  const rotation = await rotateKey(db, { from: createSealer(current, others), to, mark, before: others.map(markOf) });
  await appendAudit(db, { clock: systemClock, random: systemRandom }, { who: { kind: 'command' }, action: 'master-key.changed' });
  report(rotation);
  if (rotation.left.length > 0 || (await isAnyBehind())) return 1;
  if (config.masterKey === null) await forgetPreviousKeyFile(config.dataDir);
  tell(say('server.rotate.done'));
  return 0;
}

/**
 * Not while a process seals under another key: for that one it may not be lost. Nor where servers last sealed under one that is not here and
 * none runs with this one, because that is also how a shell looks that lacks their settings; unless somebody insists.
 */
async function giveUp(config: Config, { db, pool }: OpenDatabase, insists: boolean): Promise<number> {
  const { current, others } = await loadKeys(config);
  const mark = markOf(current);
  tell(say('server.lost-key.mark', { mark }));
  if (tellBehind(await listBehind(pool, mark))) return 1;
  const known = new Set([current, ...others].map(markOf));
  const { sealed, isRunning } = await findLastMarks(pool, mark);
  const missing = sealed.filter((last) => !known.has(last));
  if (missing.length > 0 && !isRunning && !insists) {
    tell(say('server.lost-key.seen-with', { marks: missing.join(', ') }));
    return 1;
  }
  const services = { clock: systemClock, random: systemRandom, sealer: createSealer(current, others) };
  const { lines, isFaulty } = await db.transaction((tx) => giveUpLostKey(tx, services));
  for (const line of lines.length > 0 ? lines : [say('server.lost-key.nothing')]) tell(line);
  return isFaulty ? 1 : 0;
}

function loadKeys({ masterKey, previousMasterKey, dataDir }: Config): Promise<MasterKeys> {
  return loadMasterKeys({ fromEnvironment: masterKey, previous: previousMasterKey, dataDir });
}

function report({ resealed, unreadable, left, lost }: Rotation): void {
  tell(say('server.rotate.resealed', { count: resealed }));
  for (const [table, count] of Object.entries(unreadable))
    process.stderr.write(`${say('server.rotate.unreadable', { table, count })}\n`);
  if (lost.length > 0) tell(say('server.rotate.lost', { places: lost.join(', ') }));
  if (left.length > 0) tell(say('server.rotate.left', { places: left.join(', ') }));
}

function tellBehind(processes: readonly string[]): boolean {
  if (processes.length > 0) tell(say('server.rotate.start-again', { processes: processes.join(', ') }));
  return processes.length > 0;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
