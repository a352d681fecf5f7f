import { eq } from 'drizzle-orm';
import type { Database } from '../services.ts';
import type { OpenedWebhookSecrets } from '../storage/connection-secrets.ts';
import { connections, webhookEndpoints } from '../storage/schema.ts';
import { addressMark } from '../storage/store-deliveries.ts';

type Endpoint = typeof webhookEndpoints.$inferSelect;
type Secrets = Readonly<Endpoint['secrets']>;
type Connection = typeof connections.$inferSelect;
type OpenSecrets = (endpoint: Endpoint, connection: Connection) => OpenedWebhookSecrets;

/** One of our webhook addresses as it was read, with its secrets opened at most once. */
export interface KnownAddress {
  endpoint: Endpoint;
  connection: Connection;
  mark: string;
  open(secrets: Secrets): OpenedWebhookSecrets;
  /** When a webhook to it was last written down as seen. */
  seenAt: Date | null;
}

export interface KnownAddresses {
  /** What was read at some time before, by whomever. May be out of date. */
  recall(token: string): KnownAddress | null;
  /** The same, read if nothing is known; many who ask at once share one reading. */
  learn(token: string): Promise<KnownAddress | null>;
  /** As it is now. */
  read(token: string): Promise<KnownAddress | null>;
}

/**
 * Spares the look-up on the way of every webhook. What is recalled may only serve to say yes to what is then stored on condition of its
 * `mark`; before a sender is turned away, the address is read again. So nothing has to be told when an address changes. Holds addresses
 * that exist or existed since the start, and nothing else, however many are tried.
 */
export function createKnownAddresses({ db, openSecrets }: { db: Database; openSecrets: OpenSecrets }): KnownAddresses {
  const known = new Map<string, KnownAddress>();
  const underWay = new Map<string, Promise<KnownAddress | null>>();
  const read = async (token: string) => {
    const [found] = await db
      .select({ endpoint: webhookEndpoints, connection: connections, mark: addressMark })
      .from(webhookEndpoints)
      .innerJoin(connections, eq(connections.id, webhookEndpoints.connectionId))
      .where(eq(webhookEndpoints.token, token));
    const before = known.get(token);
    if (!found || found.connection.deletedAt) {
      known.delete(token);
      return null;
    }
    if (before?.mark === found.mark) return before;
    const address = { ...found, open: openOnce(found, openSecrets), seenAt: before?.seenAt ?? null };
    known.set(token, address);
    return address;
  };
  return {
    read,
    recall: (token) => known.get(token) ?? null,
    async learn(token) {
      const reading = underWay.get(token) ?? read(token).finally(() => underWay.delete(token));
      underWay.set(token, reading);
      return await reading;
    },
  };
}

function openOnce({ endpoint, connection }: { endpoint: Endpoint; connection: Connection }, openSecrets: OpenSecrets) {
  const opened = new Map<string, OpenedWebhookSecrets>();
  const openThese = (secrets: Secrets) => {
    const name = secrets.map(({ id }) => id).join();
    const before = opened.get(name);
    if (before) return before;
    const fresh = openSecrets({ ...endpoint, secrets: [...secrets] }, connection);
    opened.set(name, fresh);
    return fresh;
  };
  let all: OpenedWebhookSecrets | null = null;
  return (secrets: Secrets) => {
    if (secrets !== endpoint.secrets) return openThese(secrets);
    all ??= openThese(secrets);
    return all;
  };
}
