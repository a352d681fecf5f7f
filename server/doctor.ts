import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { buildServer } from './build.ts';
import { systemClock } from './clock.ts';
import { readConfig } from './config.ts';
import { loggableError } from './loggable-error.ts';
import { printAccessReport } from './print-access-report.ts';
import { systemRandom } from './random.ts';
import { say } from './say.ts';
import { listConnections } from './storage/connections.repository.ts';
import { openAddress } from './storage/open-address.ts';
import { openSealer } from './storage/open-sealer.ts';

const USAGE = 'npm run doctor -- --connection NAME [--test-candidate ID] [--json]';
/** Below the folder it is started in; machines read it. */
const OUTPUT = '.output';

/**
 * Looks what the credential of one connection may do, beside a running server or without one, with the same settings as the server
 * (DATA_DIR, DATABASE_URL, ...). Prints the report and writes `.output/doctor.json`. Ends with 0 when nothing that is needed is missing,
 * 1 when something is, or when it could not look.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      connection: { type: 'string' },
      'test-candidate': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const config = readConfig(process.env);
  const log = pino({ level: 'error', serializers: { err: loggableError } }, pino.destination(2));
  const database = await openAddress(config, log);
  try {
    const sealer = await openSealer(config);
    const server = await buildServer({
      config,
      address: database.address,
      sealer,
      clock: systemClock,
      random: systemRandom,
      log,
    });
    try {
      const connections = (await listConnections(server.services.db)).filter(({ side }) => side === 'ats');
      const wanted = values.connection?.trim().toLowerCase();
      const found = connections.filter(({ id, name }) => id === wanted || name.toLowerCase() === wanted);
      const [connection] = found;
      if (!connection || found.length > 1) return refuse(values.connection, connections);
      const report = await server.examineAccess(connection.id, values['test-candidate'] ?? null);
      const text = JSON.stringify(report, null, 2);
      await mkdir(OUTPUT, { recursive: true });
      await writeFile(join(OUTPUT, 'doctor.json'), `${text}\n`);
      process.stdout.write(`${values.json ? text : printAccessReport(report)}\n`);
      return report.ok ? 0 : 1;
    } finally {
      await server.stop();
    }
  } finally {
    await database.stop();
  }
}

/** Two connections may have one name; then the id tells them apart. */
function refuse(wanted: string | undefined, connections: readonly { id: string; name: string }[]): number {
  const list = connections.map(({ id, name }) => `  ${name}  (${id})`).join('\n');
  const words = wanted === undefined ? say('server.doctor.no-name') : say('server.doctor.no-such', { name: wanted });
  process.stderr.write(`${words}\n${list || `  ${say('server.doctor.no-connections')}`}\n${USAGE}\n`);
  return 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exit(1);
  },
);
