import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { GENESIS, type Head } from './audit/chain.ts';
import { type Verified, verifyChain } from './audit/verify-chain.ts';
import { readConfig } from './config.ts';
import { loggableError } from './loggable-error.ts';
import { say } from './say.ts';
import { openAddress } from './storage/open-address.ts';
import { openDatabase } from './storage/open-database.ts';
import { openSealer } from './storage/open-sealer.ts';

const USAGE = 'npm run verify-audit [-- --head SEQ:HASH] [--json]';

/**
 * Reads the whole activity and says whether it is as it was written, beside a running server or without one, with the same settings as
 * the server (DATA_DIR, DATABASE_URL, MASTER_KEY). Changes nothing. Ends with 0 when it is whole, 1 when it is not or could not be read.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { head: { type: 'string' }, json: { type: 'boolean', default: false } } });
  const noted = values.head === undefined ? null : parseHead(values.head);
  const config = readConfig(process.env);
  const log = pino({ level: 'error', serializers: { err: loggableError } }, pino.destination(2));
  const address = await openAddress(config, log);
  try {
    // While the key is being changed, the end of the chain may still be sealed with the one before: this opens both.
    const sealer = await openSealer(config);
    const { db, close } = await openDatabase({ address: address.address, log });
    try {
      const verified = await verifyChain({ db, sealer }, { noted });
      process.stdout.write(`${values.json ? JSON.stringify(verified, null, 2) : toText(verified)}\n`);
      return verified.fault === null ? 0 : 1;
    } finally {
      await close();
    }
  } finally {
    await address.stop();
  }
}

function parseHead(text: string): Head {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text.trim());
  if (!match) throw new Error(say('server.verify-audit.wrong-head'));
  return { seq: Number(match[1]), hash: match[2]?.toLowerCase() ?? GENESIS.hash };
}

function toText({ entries, waiting, erased, head, fault }: Verified): string {
  const lines: string[] = [];
  if (fault) {
    lines.push(say('server.verify-audit.broken', { seq: fault.seq, fault: say(`server.verify-audit.fault.${fault.kind}`) }));
    lines.push(say('server.verify-audit.checked', { entries }));
  } else {
    lines.push(head ? say('server.verify-audit.ok', { entries, erased }) : say('server.verify-audit.empty'));
  }
  if (waiting > 0) lines.push(say('server.verify-audit.waiting', { waiting }));
  if (!fault && head) lines.push(say('server.verify-audit.head', { head: `${head.seq}:${head.hash}` }));
  return lines.join('\n');
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exit(1);
  },
);
