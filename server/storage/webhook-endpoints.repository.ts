import { asc, eq } from 'drizzle-orm';
import type { Random } from '../random.ts';
import type { Database, Transaction } from '../services.ts';
import { webhookEndpoints } from './schema.ts';

export type WebhookEndpointRow = typeof webhookEndpoints.$inferSelect;
export type WebhookSecret = WebhookEndpointRow['secrets'][number];
type Either = Database | Transaction;

/** Makes the missing addresses of a connection; those that are there keep their token and secrets. */
export async function ensureWebhookEndpoints(
  db: Either,
  { connectionId, events, random }: { connectionId: string; events: readonly string[]; random: Random },
): Promise<void> {
  if (events.length === 0) return;
  await db
    .insert(webhookEndpoints)
    .values(events.map((event) => ({ id: random.uuid(), connectionId, event, token: random.token(32), secrets: [] })))
    .onConflictDoNothing({ target: [webhookEndpoints.connectionId, webhookEndpoints.event] });
}

export async function listWebhookEndpoints(db: Either): Promise<WebhookEndpointRow[]> {
  return db.select().from(webhookEndpoints).orderBy(asc(webhookEndpoints.event));
}

export async function findWebhookEndpoint(db: Either, id: string): Promise<WebhookEndpointRow | null> {
  const rows = await db.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, id));
  return rows[0] ?? null;
}

/** Changes the secrets of all addresses of a connection, in the caller's transaction. */
export async function changeAllWebhookSecrets(
  tx: Transaction,
  connectionId: string,
  change: (endpoint: WebhookEndpointRow) => WebhookSecret[],
): Promise<void> {
  const rows = await tx.select().from(webhookEndpoints).where(eq(webhookEndpoints.connectionId, connectionId)).for('update');
  for (const row of rows)
    await tx
      .update(webhookEndpoints)
      .set({ secrets: change(row) })
      .where(eq(webhookEndpoints.id, row.id));
}

/** Changes the list of live secrets under a lock, so that a rotation by two admins at once loses none. Null: no such address. */
export async function changeWebhookSecrets(
  db: Database,
  id: string,
  change: (secrets: WebhookSecret[]) => WebhookSecret[],
): Promise<WebhookEndpointRow | null> {
  return db.transaction(async (tx) => {
    const [row] = await tx.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, id)).for('update');
    if (!row) return null;
    const secrets = change(row.secrets);
    await tx.update(webhookEndpoints).set({ secrets }).where(eq(webhookEndpoints.id, id));
    return { ...row, secrets };
  });
}
