import { type ConnectionView, secretNamesOf, type WebhookView } from '../../lib/contract/settings.ts';
import { say } from '../say.ts';
import type { ConnectionRow } from '../storage/connections.repository.ts';
import type { WebhookEndpointRow } from '../storage/webhook-endpoints.repository.ts';
import { kindName } from './kind-name.ts';
import { toWebhookView, type WebhookEventKind } from './webhook-view.ts';

export interface ConnectionParts {
  row: ConnectionRow;
  endpoints: readonly WebhookEndpointRow[];
  events: readonly WebhookEventKind[];
}

/** A connection as an admin sees it, with what it still needs as sentences. */
export function toConnectionView({ row, endpoints, events }: ConnectionParts, publicUrl: string | null): ConnectionView {
  const webhooks = events.flatMap((event) => {
    const endpoint = endpoints.find((it) => it.connectionId === row.id && it.event === event.name);
    return endpoint ? [toWebhookView({ endpoint, connection: row, event }, publicUrl)] : [];
  });
  const troubles = troublesOf(row, webhooks);
  return {
    id: row.id,
    kind: row.kind,
    side: row.side,
    name: row.name,
    enabled: row.enabled,
    settings: row.settings,
    secrets: secretNamesOf(row.settings).map((name) => ({ name, lastFour: row.secrets[name]?.lastFour ?? null })),
    state: stateOf(row, troubles),
    troubles,
    checkedAt: row.checkedAt?.toISOString() ?? null,
    account: row.account,
    webhooks,
    createdAt: row.createdAt.toISOString(),
  };
}

function stateOf(row: ConnectionRow, troubles: string[]): ConnectionView['state'] {
  if (!row.enabled) return 'off';
  return troubles.length > 0 ? 'needs-you' : 'ready';
}

function troublesOf(row: ConnectionRow, webhooks: WebhookView[]): string[] {
  const missing = secretNamesOf(row.settings).filter((name) => !row.secrets[name]);
  const unsigned = webhooks.filter((webhook) => webhook.required && webhook.url !== null && webhook.secrets.length === 0);
  return [
    ...missing.map((name) => say('server.secret-missing', { secret: say(`server.secret-names.${SECRET_KEYS[name]}`) })),
    ...(row.trouble === null ? [] : [row.trouble]),
    ...unsigned
      .filter((webhook) => webhook.secretFrom !== 'key')
      .map((webhook) => say('server.webhook-unsigned', { event: webhook.event, name: kindName(row.kind) })),
  ];
}

const SECRET_KEYS = { clientId: 'client-id', clientSecret: 'client-secret', apiKey: 'api-key' } as const;
