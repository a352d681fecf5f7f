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
 * Where a vendor that takes an address with each invitation is to tell its result, and the newest secret of that address. It is made here
 * where there is none, because nobody has to paste it anywhere, so also after the key was lost under which the others are sealed. Null
 * while webhooks cannot reach this server.
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
  const make = (): WebhookSecret => ({
    id: random.uuid(),
    ...sealWebhookSecret(sealer, endpoint.id, random.token(32)),
    addedAt: clock.now().toISOString(),
  });
  const newestOf = (secrets: WebhookSecret[] = []): string | undefined =>
    openWebhookSecrets(sealer, { id: endpoint.id, secrets: currentSecrets(secrets) }, NO_KEY).secrets[0];
  const ensureOne = async () => {
    // Two invitations at the same moment must not make two.
    const kept = await changeWebhookSecrets(db, endpoint.id, (secrets) =>
      newestOf(secrets) === undefined ? [...secrets, make()] : secrets,
    );
    return newestOf(kept?.secrets);
  };
  const secret = newestOf(endpoint.secrets) ?? (await ensureOne());
  return secret === undefined ? null : { url: `${config.publicUrl}/hooks/${endpoint.token}`, secret };
}

/** The key of the connection proves nothing here. */
const NO_KEY = { id: '', kind: '', secrets: {} };
