import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { systemClock } from './clock.ts';
import { readConfig } from './config.ts';
import { loggableError } from './loggable-error.ts';
import { systemRandom } from './random.ts';
import { say } from './say.ts';
import { appendAudit } from './storage/audit.repository.ts';
import { giveUpLostKey } from './storage/give-up-lost-key.ts';
import { loadMasterKeys } from './storage/master-key.ts';
import { migrateHolding } from './storage/migrate.ts';
import { openAddress } from './storage/open-address.ts';
import { openDatabase } from './storage/open-database.ts';
import { tellKeyMark } from './storage/process-name.ts';
import { createSealer, markOf } from './storage/seal.ts';
import { ImportRefused, importExport } from './storage/transfer/import-export.ts';
import { isMove, lookAhead } from './storage/transfer/look-ahead.ts';
import { openClient } from './storage/transfer/open-client.ts';
import { NotAnExport, readHeader } from './storage/transfer/read-export.ts';

const USAGE = 'npm run import -- FILE [--any-key] [--move | --restored]';

/**
 * Fills an empty database from an export, with the same settings as the server that is to use it: a restore, or a move from the embedded
 * database to DATABASE_URL. Whole or not at all. A restore looks ahead (look-ahead.ts). Which of the two it is shows in the export, unless
 * `--move` or `--restored` says it: only people know whether a server went on from there in the hour since.
 */
async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      'any-key': { type: 'boolean', default: false },
      move: { type: 'boolean', default: false },
      restored: { type: 'boolean', default: false },
    },
  });
  const [file] = positionals;
  if (!file || positionals.length > 1 || (values.move && values.restored)) {
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
  tellKeyMark(markOf(keys.current));
  const services = { clock: systemClock, random: systemRandom, sealer: createSealer(keys.current, keys.others) };
  const marks = { keyMark: markOf(keys.current), otherKeyMarks: keys.others.map(markOf) };
  const database = await openAddress(config, log);
  try {
    const store = await openDatabase({ address: database.address, log });
    const client = await openClient(database.address);
    try {
      // That it waits for somebody is a warning, and a command is silent below an error.
      const waiting = { pool: store.pool, log: log.child({}, { level: 'warn' }) };
      const anyKey = values['any-key'];
      const lines: string[] = [];
      const rows = await importExport({
        ...{ client, file, ...marks, anyKey, waiting },
        onFilled: async (tx, header) => {
          const now = systemClock.now();
          const said = values.move ? 'move' : values.restored ? 'restored' : null;
          if (isMove(header, { now, said })) lines.push(say('server.transfer.is-move', { at: header.takenAt }));
          else {
            await lookAhead(tx, { now, detail: say('server.transfer.restored') });
            lines.push(say('server.transfer.looks-ahead', { at: header.takenAt }));
          }
          if (anyKey) lines.push(...(await giveUpLostKey(tx, services)).lines);
        },
      });
      await migrateHolding(client);
      await appendAudit(
        store.db,
        { clock: systemClock, random: systemRandom },
        { who: { kind: 'command' }, action: 'data.imported' },
      );
      const count = Object.values(rows).reduce((sum, of) => sum + of, 0);
      const { takenAt } = await readHeader(file);
      process.stdout.write(
        `${[say('server.transfer.imported', { count }), say('server.transfer.erase-again', { at: takenAt }), ...lines].join('\n')}\n`,
      );
      return 0;
    } finally {
      await client.end();
      await store.close();
    }
  } catch (error) {
    if (error instanceof NotAnExport) throw new Error(say('server.transfer.not-an-export'), { cause: error });
    if (error instanceof ImportRefused) throw new Error(say(`server.transfer.refused.${error.because}`));
    throw error;
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
