import type { Pool } from 'pg';
import type { Logger } from 'pino';

const RELAY_CHANNEL = 'tagalong_relay';
export const LISTEN_TO_RELAY_CALLS = `listen ${RELAY_CHANNEL}`;

/** Many webhooks at once need one call. */
const EVERY_MS = 25;

/**
 * Tells the processes that relay that something was stored. Not in the transaction that stores, since a NOTIFY makes commits wait for each
 * other, and not once for each webhook. A call that gets lost costs a second: the relay looks by itself.
 * https://www.postgresql.org/docs/current/sql-notify.html
 */
export function createRelayCall({ pool, log }: { pool: Pool; log: Logger }): () => void {
  let isCalling = false;
  return () => {
    if (isCalling) return;
    isCalling = true;
    setTimeout(() => {
      isCalling = false;
      pool.query(`notify ${RELAY_CHANNEL}`).catch((error: unknown) => log.debug({ err: error }, 'the relay was not called'));
    }, EVERY_MS);
  };
}
