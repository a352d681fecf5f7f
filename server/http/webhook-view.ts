import type { WebhookView } from '../../lib/contract/settings.ts';
import { say } from '../say.ts';
import type { ConnectionRow } from '../storage/connections.repository.ts';
import type { WebhookEndpointRow } from '../storage/webhook-endpoints.repository.ts';
import { currentSecrets } from '../webhooks/live-secrets.ts';
import type { RefusalReason } from '../webhooks/verdict.ts';
import { SECRET_FROM } from './secret-from.ts';

export interface WebhookEventKind {
  name: string;
  purpose: string;
  required: boolean;
}

/** One webhook address as an admin sees it. */
export function toWebhookView(
  { endpoint, connection, event }: { endpoint: WebhookEndpointRow; connection: ConnectionRow; event: WebhookEventKind },
  publicUrl: string | null,
): WebhookView {
  return {
    id: endpoint.id,
    event: event.name,
    purpose: event.purpose,
    required: event.required,
    url: publicUrl === null ? null : `${publicUrl}/hooks/${endpoint.token}`,
    path: `/hooks/${endpoint.token}`,
    secretFrom: SECRET_FROM[connection.kind],
    secrets: secretsOf(endpoint, connection),
    previous: endpoint.secrets.flatMap(({ id, lastFour, acceptedUntil }) =>
      acceptedUntil ? [{ id, lastFour, acceptedUntil }] : [],
    ),
    lastSeenAt: endpoint.lastSeenAt?.toISOString() ?? null,
    lastTestAt: endpoint.lastTestAt?.toISOString() ?? null,
    lastRefusedAt: endpoint.lastRefusedAt?.toISOString() ?? null,
    lastRefusedBecause: endpoint.lastRefusedBecause === null ? null : refusalSentence(endpoint.lastRefusedBecause),
  };
}

/** The row keeps the reason's code; one that an older version wrote and we no longer know stays as it is. */
function refusalSentence(code: string): string {
  const known = REFUSAL_REASONS.find((reason) => reason === code);
  return known ? say(`server.refused.${known}`) : code;
}

const REFUSAL_REASONS: RefusalReason[] = [
  'no-secret-configured',
  'signature-missing',
  'signature-wrong',
  'too-old',
  'not-json',
  'not-an-object',
  'wrong-account',
];

function secretsOf(endpoint: WebhookEndpointRow, connection: ConnectionRow): WebhookView['secrets'] {
  // One that was replaced is on its way out, and nothing that an admin has to care about.
  const own = currentSecrets(endpoint.secrets).map(({ id, lastFour, addedAt }) => ({ id, lastFour, addedAt }));
  const key = SECRET_FROM[connection.kind] === 'key' ? connection.secrets.apiKey : undefined;
  return key ? [...own, { id: 'apiKey', lastFour: key.lastFour, addedAt: connection.updatedAt.toISOString() }] : own;
}
