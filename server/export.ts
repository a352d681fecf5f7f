import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { systemClock } from './clock.ts';
import { readConfig } from './config.ts';
import { loggableError } from './loggable-error.ts';
import { systemRandom } from './random.ts';
import { say } from './say.ts';
import { appendAudit } from './storage/audit.repository.ts';
import { findLeft } from './storage/key-rotation.ts';
import { loadMasterKeys } from './storage/master-key.ts';
import { migrate } from './storage/migrate.ts';
import { openAddress } from './storage/open-address.ts';
import { openDatabase } from './storage/open-database.ts';
import { tellKeyMark } from './storage/process-name.ts';
import { markOf } from './storage/seal.ts';
import { openClient } from './storage/transfer/open-client.ts';
import { writeExport } from './storage/transfer/write-export.ts';

const USAGE = 'npm run export -- FILE';

/**
 * Writes everything into one file, beside a running server or without one, with the same settings as the server (DATA_DIR, DATABASE_URL,
 * ...). Credentials stay sealed: the file is of use only together with the master key, which is not in it.
 */
async function main(): Promise<number> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [file] = positionals;
  if (!file || positionals.length > 1) {
    process.stderr.write(`${USAGE}\n`);
    return 1;
  }
  const config = readConfig(process.env);
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
      process.stdout.write(
        `${say('server.transfer.exported', { file, count })}\n${say(isLeft ? 'server.transfer.keep-both-keys' : 'server.transfer.keep-key')}\n`,
      );
      return 0;
    } finally {
      await client.end();
      await store.close();
    }
  } finally {
    await database.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
