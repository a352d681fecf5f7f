import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Pool } from 'pg';
import { pino } from 'pino';
import { systemClock } from './clock.ts';
import { readConfig } from './config.ts';
import { loggableError } from './loggable-error.ts';
import { systemRandom } from './random.ts';
import { say } from './say.ts';
import { appendAudit } from './storage/audit.repository.ts';
import { findUnreadable } from './storage/find-unreadable.ts';
import { findLeft } from './storage/key-rotation.ts';
import { findLastMarks } from './storage/last-marks.ts';
import { hasMasterKey, loadMasterKeys, type MasterKeys } from './storage/master-key.ts';
import { migrate } from './storage/migrate.ts';
import { openAddress } from './storage/open-address.ts';
import { openDatabase } from './storage/open-database.ts';
import { tellKeyMark } from './storage/process-name.ts';
import { createSealer, markOf } from './storage/seal.ts';
import { openClient } from './storage/transfer/open-client.ts';
import { writeExport } from './storage/transfer/write-export.ts';

const USAGE = 'npm run export -- FILE';

/**
 * Writes everything into one file, beside a running server or without one, with the same settings as the server (DATA_DIR, DATABASE_URL,
 * ...). Credentials stay sealed: the file is of use only together with the master key, which is not in it. It names the key, so it is not
 * made with one that the servers do not have, let alone with one that was made for it.
 */
async function main(): Promise<number> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [file] = positionals;
  if (!file || positionals.length > 1) {
    process.stderr.write(`${USAGE}\n`);
    return 1;
  }
  const config = readConfig(process.env);
  if (!(await hasMasterKey({ fromEnvironment: config.masterKey, dataDir: config.dataDir })))
    throw new Error(say('server.transfer.no-key', { path: join(config.dataDir, 'master.key') }));
  const log = pino({ level: 'error', serializers: { err: loggableError } }, pino.destination(2));
  const keys = await loadMasterKeys({
    fromEnvironment: config.masterKey,
    previous: config.previousMasterKey,
    dataDir: config.dataDir,
  });
  const keyMark = markOf(keys.current);
  tellKeyMark(keyMark);
  const database = await openAddress(config, log);
  try {
    const store = await openDatabase({ address: database.address, log });
    const client = await openClient(database.address);
    try {
      // That it waits for somebody is a warning, and a command is silent below an error.
      await migrate(store.pool, { log: log.child({}, { level: 'warn' }) });
      await refuseOtherKey(store.pool, keys);
      // While the master key is being changed, what was not reached yet opens with the earlier one alone.
      const isLeft = keys.others.length > 0 && (await findLeft(store.db, keyMark)).length > 0;
      const otherKeyMarks = isLeft ? keys.others.map(markOf) : [];
      const rows = await writeExport({ client, file, keyMark, otherKeyMarks, now: systemClock.now() });
      await appendAudit(
        store.db,
        { clock: systemClock, random: systemRandom },
        { who: { kind: 'command' }, action: 'data.exported' },
      );
      const count = Object.values(rows).reduce((sum, of) => sum + of, 0);
      const { names } = await findUnreadable({ db: store.db, sealer: createSealer(keys.current, keys.others) });
      const lines = [
        say('server.transfer.exported', { file, count }),
        say(isLeft ? 'server.transfer.keep-both-keys' : 'server.transfer.keep-key'),
        ...(names.length > 0 ? [say('server.transfer.unreadable', { names: names.join(', ') })] : []),
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
      return 0;
    } finally {
      await client.end();
      await store.close();
    }
  } finally {
    await database.stop();
  }
}

/** What a lost key still locks is in no way of it, once that key was given up (rotate-key.ts). */
async function refuseOtherKey(pool: Pool, { current, others }: MasterKeys): Promise<void> {
  const known = new Set([current, ...others].map(markOf));
  const { sealed } = await findLastMarks(pool, markOf(current));
  const missing = sealed.filter((mark) => !known.has(mark));
  if (missing.length === 0) return;
  throw new Error(say('server.transfer.other-key', { marks: missing.join(', '), mark: markOf(current) }));
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
