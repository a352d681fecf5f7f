import type { Services } from '../services.ts';
import { openConnectionSecrets, sealWebhookSecret } from '../storage/connection-secrets.ts';
import type { ConnectionRow } from '../storage/connections.repository.ts';
import { changeAllWebhookSecrets } from '../storage/webhook-endpoints.repository.ts';
import { liveSecrets } from '../webhooks/live-secrets.ts';
import { SECRET_FROM } from './secret-from.ts';

const ACCEPTED_FOR_MS = 7 * 24 * 60 * 60_000;

/**
 * Where the API key signs the webhooks (Coderbyte), a new key makes a new signature at the same moment, and what is still on its way or
 * sent once more carries the old one: so the old key counts a week longer for webhooks, and for nothing else. An admin can end that. One
 * that does not open any more proves nothing, and is left behind.
 * https://docs.coderbyte.com/reference/completed-assessment
 */
export async function keepPreviousKey(
  tx: Parameters<typeof changeAllWebhookSecrets>[0],
  { row, newKey, services }: { row: ConnectionRow; newKey: string | undefined; services: Services },
): Promise<void> {
  if (SECRET_FROM[row.kind] !== 'key' || newKey === undefined) return;
  const { clock, random, sealer } = services;
  const { apiKey: previous } = openConnectionSecrets(sealer, row).opened;
  if (previous === undefined || previous === newKey) return;
  const now = clock.now();
  const acceptedUntil = new Date(now.getTime() + ACCEPTED_FOR_MS).toISOString();
  const at = now.toISOString();
  await changeAllWebhookSecrets(tx, row.id, ({ id, secrets }) => [
    ...liveSecrets(secrets, now),
    { id: random.uuid(), ...sealWebhookSecret(sealer, id, previous), addedAt: at, replacedAt: at, acceptedUntil },
  ]);
}
