import { and, eq } from 'drizzle-orm';
import type { Services } from '../services.ts';
import { openWebhookSecrets, sealWebhookSecret } from '../storage/connection-secrets.ts';
import { webhookEndpoints } from '../storage/schema.ts';
import { changeWebhookSecrets, type WebhookSecret } from '../storage/webhook-endpoints.repository.ts';
import { currentSecrets } from './live-secrets.ts';

export interface ResultAddress {
  url: string;
  /** By which what arrives there is known to be meant for us. Never into a log. */
  secret: string;
}

/**
 * Where a vendor that takes an address with each invitation is to tell its result, and the newest secret of that address; the first one is
 * made here, because nobody has to paste it anywhere. Null while webhooks cannot reach this server.
 */
export async function findResultAddress(
  services: Pick<Services, 'db' | 'config' | 'sealer' | 'clock' | 'random'>,
  { connectionId, event }: { connectionId: string; event: string },
): Promise<ResultAddress | null> {
  const { db, config, sealer, clock, random } = services;
  if (config.publicUrl === null) return null;
  const [endpoint] = await db
    .select()
    .from(webhookEndpoints)
    .where(and(eq(webhookEndpoints.connectionId, connectionId), eq(webhookEndpoints.event, event)));
  if (!endpoint) return null;
  const first = (): WebhookSecret => ({
    id: random.uuid(),
    ...sealWebhookSecret(sealer, endpoint.id, random.token(32)),
    addedAt: clock.now().toISOString(),
  });
  const hasOne = currentSecrets(endpoint.secrets).length > 0;
  // Two invitations at the same moment must not make two.
  const kept = hasOne
    ? endpoint
    : await changeWebhookSecrets(db, endpoint.id, (secrets) =>
        currentSecrets(secrets).length > 0 ? secrets : [...secrets, first()],
      );
  const newest = currentSecrets(kept?.secrets ?? []).at(-1);
  if (!newest) return null;
  const [secret] = openWebhookSecrets(sealer, { id: endpoint.id, secrets: [newest] }, NO_KEY).secrets;
  return secret === undefined ? null : { url: `${config.publicUrl}/hooks/${endpoint.token}`, secret };
}

/** The key of the connection proves nothing here. */
const NO_KEY = { id: '', kind: '', secrets: {} };
