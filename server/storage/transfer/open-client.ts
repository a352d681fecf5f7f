import { Client } from 'pg';
import type { DatabaseAddress } from '../database-address.ts';
import { applicationName } from '../process-name.ts';

/** A connection of its own for a long read or a long write: without the times after which the server's own queries give up. */
export async function openClient(address: DatabaseAddress): Promise<Client> {
  const client = new Client({
    ...address,
    application_name: applicationName(),
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // What breaks also fails the query that waits.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
