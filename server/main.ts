import { serve } from '@hono/node-server';
import { type Logger, pino } from 'pino';
import { buildServer } from './build.ts';
import { systemClock } from './clock.ts';
import { readConfig } from './config.ts';
import { giveBackAtRest } from './give-back-at-rest.ts';
import { ensureFirstAdminCode } from './http/first-admin-code.ts';
import { withHooks } from './http/hook-listener.ts';
import { loggableError } from './loggable-error.ts';
import { systemRandom } from './random.ts';
import { startFailure } from './start-failure.ts';
import { findUnreadable, sayUnreadable } from './storage/find-unreadable.ts';
import { openAddress } from './storage/open-address.ts';
import { openSealer } from './storage/open-sealer.ts';
import { waitAtMost } from './wait-at-most.ts';

/**
 * Whatever still waits by then (for an answer from outside, for a database that says nothing) is left, as after kill -9: who runs the server kills
 * it and its embedded database not long after.
 */
const STOP_AT_MOST_MS = 9_000;

/** Starts the companion server, prints where it is and, while there is no admin, the code for the first one. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = pino(
    {
      level: config.logLevel,
      serializers: { err: loggableError },
      redact: ['req.headers.authorization', '*.authorization', '*.token', '*.secret'],
    },
    pino.destination(2),
  );
  // Heard from the beginning: told to end while it still starts, it ends as soon as all that has to be closed is there; told twice, at once.
  const start = { isOver: false };
  const toldToEnd = firstSignal(log, start, 'SIGTERM', 'SIGINT');
  const database = await openAddress(config, log);
  const sealer = await openSealer(config);
  const server = await buildServer({ config, address: database.address, sealer, clock: systemClock, random: systemRandom, log });
  await server.start();
  const unreadable = sayUnreadable(await findUnreadable(server.services));
  if (unreadable) {
    log.error(unreadable);
    say(unreadable);
  }
  const { port, host: hostname } = config;
  const http = serve({ fetch: server.app.fetch, port, hostname, createServer: withHooks(server.hooks) }, (info) => {
    say(`address: http://${info.family === 'IPv6' ? `[${info.address}]` : info.address}:${info.port}`);
    if (config.publicUrl) say(`public address: ${config.publicUrl}`);
  });
  const code = server.printsFirstCode() ? await ensureFirstAdminCode(server.services) : null;
  if (code) say(`pairing code: ${code}`);

  giveBackAtRest(http);

  const stop = async (signal: string) => {
    log.info({ signal }, 'stopping');
    // Who ends us may end its processes, too; and to wait for a recovery here could take longer than we are given.
    database.reviveNoMore();
    http.close();
    if ('closeAllConnections' in http) http.closeAllConnections();
    await stopInTime(server, log);
    await database.stop();
    process.exit(0);
  };
  start.isOver = true;
  toldToEnd.then(stop).catch((error: unknown) => {
    log.error({ err: error }, 'could not stop cleanly');
    process.exit(1);
  });
}

async function stopInTime(server: { stop(): Promise<void> }, log: Logger): Promise<void> {
  const stopped = server.stop().then(() => true);
  if (await waitAtMost(STOP_AT_MOST_MS, stopped)) return;
  log.warn({ afterMs: STOP_AT_MOST_MS }, 'somebody outside or the database still lets us wait; ending all the same');
}

/** Resolves with the first of them that comes; from now on only a second one ends the process by itself, and only while it starts. */
function firstSignal(log: Logger, start: { isOver: boolean }, ...signals: NodeJS.Signals[]): Promise<NodeJS.Signals> {
  let hasCome = false;
  return new Promise((resolve) => {
    const hear = (signal: NodeJS.Signals) => {
      if (!start.isOver) {
        if (hasCome) process.exit(1);
        log.info({ signal }, 'told to end while starting: it ends as soon as it has started, or at once when told again');
      }
      hasCome = true;
      resolve(signal);
    };
    for (const signal of signals) process.on(signal, () => hear(signal));
  });
}

/** The lines that a person and a script read; everything else is the log, on stderr. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`Tagalong did not start: ${startFailure(error)}\n`);
  process.exit(1);
});
