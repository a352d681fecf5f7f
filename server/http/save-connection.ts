import type { z } from 'zod';
import {
  type ConnectionKind,
  type ConnectionSettings,
  type changeConnectionSchema,
  type newConnectionSchema,
  secretNamesOf,
} from '../../lib/contract/settings.ts';
import type { OpenedConnection } from '../ats/registry.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { forgetTokens } from '../storage/ats-tokens.repository.ts';
import { appendAudit } from '../storage/audit.repository.ts';
import { openConnectionSecrets, sealConnectionSecrets } from '../storage/connection-secrets.ts';
import {
  addConnection,
  type ConnectionRow,
  changeConnection,
  findConnection,
  lockConnection,
  lookAgainAt,
} from '../storage/connections.repository.ts';
import { ensureWebhookEndpoints } from '../storage/webhook-endpoints.repository.ts';
import { ApiError } from './api-error.ts';
import { audited } from './audited.ts';
import { checkFields } from './check-fields.ts';
import { checkHosts } from './check-hosts.ts';
import { checkMap } from './check-map.ts';
import { failureToError } from './describe-failure.ts';
import { difference, secretsEnds } from './difference.ts';
import type { HttpParts } from './http-parts.ts';
import { keepPreviousKey } from './keep-previous-key.ts';
import { kindName, sideOf } from './kind-name.ts';

type Means = { services: Services; parts: Pick<HttpParts, 'webhookEventsOf'> };
type ChangeMeans = { services: Services; parts: Pick<HttpParts, 'webhookEventsOf' | 'tryAts' | 'tryFields'> };

/** Stores a new connection with its secrets sealed, and makes its webhook addresses. Answers its id. */
export async function createConnection(
  { name, settings, secrets, enabled }: z.output<typeof newConnectionSchema>,
  member: { id: string },
  { services, parts }: Means,
): Promise<string> {
  const { db, clock, random, sealer, config } = services;
  checkHosts(settings, config.testHosts);
  checkMap(settings);
  checkSecretNames(settings, secrets);
  const now = clock.now();
  const id = random.uuid();
  const events = parts.webhookEventsOf(settings.kind).map((event) => event.name);
  const sealed = sealConnectionSecrets(sealer, id, secrets);
  await db.transaction(async (tx) => {
    const who = { kind: 'member', id: member.id } as const;
    const detail = { after: toNoted({ name, enabled, settings, secrets: sealed }) };
    await appendAudit(tx, services, { who, action: 'connection.added', connectionId: id, detail });
    await addConnection(tx, {
      id,
      kind: settings.kind,
      side: sideOf(settings.kind),
      name,
      enabled,
      settings,
      secrets: sealed,
      automaticSince: now,
      createdAt: now,
      updatedAt: now,
    });
    await ensureWebhookEndpoints(tx, { connectionId: id, events, random });
  });
  return id;
}

/**
 * Changes what is given and keeps the rest, secrets too; webhook addresses that a newer version knows are made. A move to the other API of
 * Greenhouse is made only with a credential that works there. @throws ApiError; then everything is as it was
 */
export async function updateConnection(
  id: string,
  change: z.output<typeof changeConnectionSchema>,
  member: { id: string },
  { services, parts }: ChangeMeans,
): Promise<void> {
  const { db, clock, random, sealer, config } = services;
  if (change.settings) checkHosts(change.settings, config.testHosts);
  if (change.settings) checkMap(change.settings);
  // Asked before the transaction: nothing is locked while the ATS thinks.
  if (change.settings) await checkWithAts(id, { settings: change.settings, secrets: change.secrets ?? {} }, { services, parts });
  await db.transaction(async (tx) => {
    const row = await lockConnection(tx, id);
    if (!row) throw new ApiError('not-found');
    checkKind(row.kind, change.settings);
    const settings = change.settings ?? row.settings;
    checkSecretNames(settings, change.secrets ?? {});
    const name = change.name ?? row.name;
    const secrets = { ...keptSecrets(row, settings), ...sealConnectionSecrets(sealer, id, change.secrets ?? {}) };
    const after = { name, enabled: change.enabled ?? row.enabled, settings, secrets };
    const differs = difference(
      { ...toNoted(row), ...replaced(row, {}) },
      { ...toNoted(after), ...replaced(row, change.secrets) },
    );
    const who = { kind: 'member', id: member.id } as const;
    if (differs) await appendAudit(tx, services, { who, action: 'connection.changed', connectionId: id, detail: differs });
    await changeConnection(tx, id, {
      name,
      settings,
      secrets,
      ...switched(row, { ...change, settings }, clock.now()),
      ...(change.settings || change.secrets ? UNCHECKED : {}),
      updatedAt: laterThan(row.updatedAt, clock.now()),
    });
    if (change.enabled || change.settings || change.secrets) await lookAgainAt(tx, { id, now: clock.now() });
    // Tokens belong to the client they were given to.
    if (change.secrets?.clientId !== undefined) await forgetTokens(tx, id);
    const events = parts.webhookEventsOf(row.kind).map((event) => event.name);
    await ensureWebhookEndpoints(tx, { connectionId: id, events, random });
    await keepPreviousKey(tx, { row, newKey: change.secrets?.apiKey, services });
  });
}

/** Forgets one secret and keeps the rest. @throws ApiError `not-found` */
export async function forgetSecret(id: string, name: string, member: { id: string }, services: Services): Promise<void> {
  const { clock } = services;
  await audited(services, member, async ({ db: tx }, note) => {
    const row = await lockConnection(tx, id);
    if (!row) throw new ApiError('not-found');
    const { [name]: _, ...secrets } = row.secrets;
    const detail = difference(secretsEnds(row.secrets), secretsEnds(secrets));
    if (detail) note({ action: 'connection.changed', connectionId: id, detail });
    await changeConnection(tx, id, { secrets, updatedAt: laterThan(row.updatedAt, clock.now()) });
  });
}

/** As it may be written down: secrets by their ends alone. */
export function toNoted({ name, enabled, settings, secrets }: Pick<ConnectionRow, 'name' | 'enabled' | 'settings' | 'secrets'>) {
  return { name, enabled, ...settings, ...secretsEnds(secrets) };
}

/** Two secrets may end alike: that one was replaced is said besides. */
function replaced(row: ConnectionRow, given: Record<string, string> = {}): Record<string, unknown> {
  const names = Object.keys(given).filter((name) => name in row.secrets);
  return names.length > 0 ? { replaced: names } : {};
}

/** Adapters are kept by this time: two changes in one millisecond must not look like one. */
function laterThan(before: Date, now: Date): Date {
  return now > before ? now : new Date(before.getTime() + 1);
}

/** What the last check found no longer says anything about new settings. */
const UNCHECKED = { account: null, checkedAt: null, trouble: null };

/**
 * Switched on again, rules look ahead only: what happened meanwhile causes nothing by itself. So also after a move to the other API of
 * Greenhouse, which tells the same stage entries with other times.
 */
function switched(
  row: ConnectionRow,
  { enabled = row.enabled, settings }: { enabled?: boolean; settings: ConnectionSettings },
  now: Date,
) {
  const looksAhead = (enabled && !row.enabled) || apiOf(settings) !== apiOf(row.settings);
  return { enabled, ...(looksAhead ? { automaticSince: now } : {}) };
}

/** What only the ATS can say about new settings. @throws ApiError */
async function checkWithAts(
  id: string,
  { settings, secrets }: { settings: ConnectionSettings; secrets: Record<string, string> },
  { services: { db, sealer }, parts }: ChangeMeans,
): Promise<void> {
  const row = await findConnection(db, id);
  if (!row || row.kind !== settings.kind) return;
  checkSecretNames(settings, secrets);
  // What is just entered again after a lost key takes the place of one that opens no more.
  const { opened } = openConnectionSecrets(sealer, row);
  const wanted = { id, settings, secrets: { ...opened, ...secrets } };
  if (apiOf(settings) !== apiOf(row.settings)) await checkMove(wanted, parts);
  await checkFields(row.settings, settings, () => parts.tryFields(wanted));
}

/** The move forgets the old credential, so that one which is refused would leave nothing to go back to. */
async function checkMove(wanted: OpenedConnection, parts: Pick<HttpParts, 'tryAts'>): Promise<void> {
  const tried = await parts.tryAts(wanted);
  if (tried.ok) return;
  const error = failureToError(tried, { name: kindName(wanted.settings.kind), side: 'ats' });
  if (error.code === 'ats-unavailable') throw error;
  const message = say('server.move-refused', { reason: error.message });
  throw new ApiError('unknown-to-ats', { message, details: [{ path: 'secrets', message }] });
}

/** A credential that the way to connect has no use for any more is forgotten. */
function keptSecrets({ secrets }: ConnectionRow, settings: ConnectionSettings): ConnectionRow['secrets'] {
  const names: readonly string[] = secretNamesOf(settings);
  return Object.fromEntries(Object.entries(secrets).filter(([name]) => names.includes(name)));
}

function apiOf(settings: ConnectionSettings): string {
  return settings.kind === 'greenhouse' && settings.api === 'v1' ? 'v1' : 'current';
}

function checkKind(kind: ConnectionKind, settings: ConnectionSettings | undefined): void {
  if (!settings || settings.kind === kind) return;
  throw new ApiError('invalid', { message: say('server.kind-fixed'), details: [{ path: 'settings.kind', message: kind }] });
}

function checkSecretNames(settings: ConnectionSettings, secrets: Record<string, string>): void {
  const known: readonly string[] = secretNamesOf(settings);
  const unknown = Object.keys(secrets).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const message = say('server.secret-unknown');
  throw new ApiError('invalid', { message, details: unknown.map((name) => ({ path: `secrets.${name}`, message })) });
}
