import { z } from 'zod';
import { PATHS } from '../../lib/contract/paths.ts';
import { type WebhookView, webhookViewSchema } from '../../lib/contract/settings.ts';
import { type AdminApi, fillPath } from './admin-api.ts';

const addedSchema = z.object({ webhook: webhookViewSchema, secret: z.string().nullable() });

/** Has this webhook accept one more secret. Answers it when the server made it, which is the only time it can be read. */
export async function addSecret(api: AdminApi, webhookId: string, secret?: string): Promise<string | null> {
  const path = fillPath(PATHS.webhookSecrets, { id: webhookId });
  return (await api.write('POST', path, secret === undefined ? {} : { secret }, addedSchema)).secret;
}

export function removeSecret(api: AdminApi, webhookId: string, secretId: string): Promise<void> {
  return api.remove(fillPath(PATHS.webhookSecret, { id: webhookId, secretId }));
}

export interface SharedSecret {
  lastFour: string;
  /** When the first webhook took it, ISO 8601. */
  addedAt: string;
  at: { webhookId: string; secretId: string }[];
}

/** The secrets of several webhooks, those with the same ending as one: an admin pastes one secret into all of them. Newest first. */
export function sharedSecrets(webhooks: readonly WebhookView[]): SharedSecret[] {
  const found = new Map<string, SharedSecret>();
  for (const webhook of webhooks) {
    for (const { id, lastFour, addedAt } of webhook.secrets) {
      const one = found.get(lastFour) ?? { lastFour, addedAt, at: [] };
      one.at.push({ webhookId: webhook.id, secretId: id });
      if (addedAt < one.addedAt) one.addedAt = addedAt;
      found.set(lastFour, one);
    }
  }
  return [...found.values()].sort((a, b) => b.addedAt.localeCompare(a.addedAt));
}
