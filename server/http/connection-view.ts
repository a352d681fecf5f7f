import type { AccessReport } from '../../lib/contract/access.ts';
import {
  type ConnectionView,
  connectionSettingsSchema,
  neededSecrets,
  type SecretName,
  secretNamesOf,
  type WebhookView,
} from '../../lib/contract/settings.ts';
import { say } from '../say.ts';
import type { ConnectionRow } from '../storage/connections.repository.ts';
import type { WebhookEndpointRow } from '../storage/webhook-endpoints.repository.ts';
import { kindName } from './kind-name.ts';
import { connectionNotes, settingTroubles } from './setting-troubles.ts';
import { toWebhookView, type WebhookEventKind } from './webhook-view.ts';

export interface ConnectionParts {
  row: ConnectionRow;
  hasTokens: boolean;
  /** The other side refused the credential when it was last used. */
  isRefused: boolean;
  /** Sealed under another master key than the server's. */
  isUnreadable: boolean;
  /** What the last look at the access found. */
  report: AccessReport | null;
  endpoints: readonly WebhookEndpointRow[];
  events: readonly WebhookEventKind[];
  now: Date;
}

/** A connection as an admin sees it, with what it still needs as sentences. */
export function toConnectionView(
  { row, hasTokens, isRefused, isUnreadable, report, endpoints, events, now }: ConnectionParts,
  publicUrl: string | null,
): ConnectionView {
  // An older version stored fewer settings.
  const settings = connectionSettingsSchema.parse(row.settings);
  const needed = neededSecrets(settings);
  const consent = consentOf(settings, hasTokens);
  const webhooks = events.flatMap((event) => {
    const endpoint = endpoints.find((it) => it.connectionId === row.id && it.event === event.name);
    return endpoint ? [toWebhookView({ endpoint, connection: row, event }, publicUrl)] : [];
  });
  const troubles = [
    ...(isUnreadable ? [say('server.unreadable.connection')] : []),
    ...missingSecrets(row, needed),
    ...askForConsent(row, consent),
    ...(isRefused ? askForCredential(row, consent) : []),
    ...lackingRights(report),
    ...settingTroubles(row),
    ...troublesOf(row, webhooks),
  ];
  return {
    id: row.id,
    kind: row.kind,
    side: row.side,
    name: row.name,
    enabled: row.enabled,
    settings,
    secrets: secretNamesOf(settings)
      .filter((name) => needed.includes(name) || row.secrets[name])
      .map((name) => ({ name, lastFour: row.secrets[name]?.lastFour ?? null })),
    state: stateOf(row, troubles),
    troubles,
    notes: connectionNotes(row, { isRefused, now }),
    checkedAt: row.checkedAt?.toISOString() ?? null,
    account: row.account,
    consent,
    webhooks,
    createdAt: row.createdAt.toISOString(),
  };
}

function stateOf(row: ConnectionRow, troubles: string[]): ConnectionView['state'] {
  if (!row.enabled) return 'off';
  return troubles.length > 0 ? 'needs-you' : 'ready';
}

function troublesOf(row: ConnectionRow, webhooks: WebhookView[]): string[] {
  const unsigned = webhooks.filter((webhook) => webhook.required && webhook.url !== null && webhook.secrets.length === 0);
  return [
    ...(row.trouble === null ? [] : [row.trouble]),
    ...unsigned
      .filter((webhook) => webhook.secretFrom !== 'key' && webhook.secretFrom !== 'sent')
      .map((webhook) => say('server.webhook-unsigned', { event: webhook.event, name: kindName(row.kind) })),
  ];
}

/** What was missing when somebody looked; that it may be mended since, the sentence says. A refused credential is said elsewhere. */
function lackingRights(report: AccessReport | null): string[] {
  const lacks =
    report?.rights.some(({ needed, state }) => needed && state === 'missing') ||
    report?.facts.some(({ id, state }) => id === 'acting-user' && state === 'bad');
  return report && lacks ? [say('server.access.last-look', { summary: report.summary })] : [];
}

function missingSecrets(row: ConnectionRow, needed: readonly SecretName[]): string[] {
  return needed
    .filter((name) => !row.secrets[name])
    .map((name) => say('server.secret-missing', { secret: say(`server.secret-names.${SECRET_KEYS[name]}`) }));
}

function consentOf(settings: ConnectionView['settings'], hasTokens: boolean): ConnectionView['consent'] {
  if (!needsConsent(settings)) return null;
  return hasTokens ? 'given' : 'missing';
}

/** Whether it goes by the consent of a person at the other side. */
export function needsConsent(settings: ConnectionView['settings']): boolean {
  return settings.kind === 'lever' && settings.auth === 'oauth';
}

function askForConsent({ kind }: ConnectionRow, consent: ConnectionView['consent']): string[] {
  return consent === 'missing' ? [say('server.consent.missing', { name: kindName(kind) })] : [];
}

/** A check may have said so already; a consent that is missing says more. */
function askForCredential({ kind, trouble }: ConnectionRow, consent: ConnectionView['consent']): string[] {
  if (trouble !== null || consent === 'missing') return [];
  return [say(consent === 'given' ? 'server.consent.refused' : 'server.credential-refused', { name: kindName(kind) })];
}

const SECRET_KEYS = { clientId: 'client-id', clientSecret: 'client-secret', apiKey: 'api-key', setupKey: 'setup-key' } as const;
