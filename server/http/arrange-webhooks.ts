import type { z } from 'zod';
import type { arrangedWebhooksSchema } from '../../lib/contract/settings.ts';
import type { AtsWebhookManager, RemoteWebhook } from '../ats/port.ts';
import type { CallResult } from '../outbound/outcome.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { sealWebhookSecret } from '../storage/connection-secrets.ts';
import { type ConnectionRow, listConnections } from '../storage/connections.repository.ts';
import { changeWebhookSecrets, listWebhookEndpoints, type WebhookEndpointRow } from '../storage/webhook-endpoints.repository.ts';
import { currentSecrets } from '../webhooks/live-secrets.ts';
import { ApiError } from './api-error.ts';
import { failureToError } from './describe-failure.ts';
import { kindName } from './kind-name.ts';

type Arranged = z.infer<typeof arrangedWebhooksSchema>['webhooks'][number];
interface Means {
  services: Services;
  connection: ConnectionRow;
  manager: AtsWebhookManager;
}

/**
 * Brings the webhooks at the ATS into the state that we need: one for each of our addresses, with a signing token that we have. Safe
 * to repeat. The new one is made and its token stored before an old one is removed, so that no event falls between them; a token
 * that was lost (shown once, then a crash) shows as a webhook whose token is not here, and that webhook is made anew. Webhooks of
 * others are left alone; those that lead to addresses of ours which no longer exist are removed.
 */
export async function arrangeWebhooks(means: Means): Promise<Arranged[]> {
  const { publicUrl, endpoints, remote, live } = await readBoth(means);
  const arranged: Arranged[] = [];
  for (const endpoint of endpoints) arranged.push(await arrangeOne(means, endpoint, { remote, publicUrl }));
  const known = live.map((endpoint) => addressOf(endpoint, publicUrl));
  for (const stray of remote.filter(({ url }) => url.startsWith(`${publicUrl}/hooks/`) && !known.includes(url))) {
    const { ok } = await means.manager.remove(stray.id);
    arranged.push({ event: stray.event, did: ok ? 'removed' : 'by-hand' });
  }
  return arranged;
}

/** Takes our webhooks away at the ATS, with their tokens here; one that was made by hand there stays and is named. */
export async function removeWebhooks(means: Means): Promise<Arranged[]> {
  const { publicUrl, endpoints, remote } = await readBoth(means);
  const arranged: Arranged[] = [];
  for (const endpoint of endpoints) {
    for (const { id } of ofEndpoint(endpoint, { remote, publicUrl })) {
      const removed = await means.manager.remove(id);
      if (removed.ok) await dropSecret(means, endpoint, id);
      arranged.push({ event: endpoint.event, did: removed.ok ? 'removed' : 'by-hand' });
    }
  }
  return arranged;
}

async function readBoth({ services, connection, manager }: Means) {
  const { publicUrl } = services.config;
  if (publicUrl === null) throw new ApiError('invalid', { message: say('server.step.webhooks-unreachable') });
  const connected = (await listConnections(services.db)).map(({ id }) => id);
  /** Also those of other connections: two of them may lead to one account. */
  const live = (await listWebhookEndpoints(services.db)).filter(({ connectionId }) => connected.includes(connectionId));
  const endpoints = live.filter(({ connectionId }) => connectionId === connection.id);
  const remote = orRefuse(await manager.list(), connection);
  return { publicUrl, endpoints, remote, live };
}

interface There {
  remote: RemoteWebhook[];
  publicUrl: string;
}

async function arrangeOne(means: Means, endpoint: WebhookEndpointRow, there: There): Promise<Arranged> {
  const { event } = endpoint;
  const own = ofEndpoint(endpoint, there);
  const current = currentSecrets(endpoint.secrets);
  const isKnown = (id: string) => current.some((secret) => secret.id === id);
  const kept = own.find(({ id }) => isKnown(id));
  // A token that somebody pasted belongs to a webhook that somebody made: whose, Lever does not tell.
  const isPasted = !kept && own.length > 0 && current.some(({ isMade }) => !isMade);
  if (isPasted) return { event, did: own.length === 1 ? 'kept' : 'by-hand' };
  const currentId = kept?.id ?? (await make(means, endpoint, there));
  const others = own.filter((webhook) => webhook !== kept);
  let isByHand = false;
  for (const { id } of others) isByHand = !(await means.manager.remove(id)).ok || isByHand;
  if (isByHand) return { event, did: 'by-hand' };
  await retireOthers(means, endpoint, currentId);
  if (others.length > 0) return { event, did: 'repaired' };
  return { event, did: kept ? 'kept' : 'created' };
}

/** Answers the id that Lever gave it. */
async function make({ services, connection, manager }: Means, endpoint: WebhookEndpointRow, there: There): Promise<string> {
  const { db, sealer, clock } = services;
  const url = addressOf(endpoint, there.publicUrl);
  const { id, signingToken } = orRefuse(await manager.create({ event: endpoint.event, url }), connection);
  const entry = { id, isMade: true, ...sealWebhookSecret(sealer, endpoint.id, signingToken), addedAt: clock.now().toISOString() };
  await changeWebhookSecrets(db, endpoint.id, (secrets) => [...secrets, entry]);
  return id;
}

/** The webhooks that the earlier tokens signed are gone, but what they sent may still be on its way. */
async function retireOthers({ services: { db, clock } }: Means, endpoint: WebhookEndpointRow, currentId: string): Promise<void> {
  const replacedAt = clock.now().toISOString();
  await changeWebhookSecrets(db, endpoint.id, (secrets) =>
    secrets.map((secret) => (secret.id === currentId || secret.replacedAt ? secret : { ...secret, replacedAt })),
  );
}

async function dropSecret({ services: { db } }: Means, endpoint: WebhookEndpointRow, secretId: string): Promise<void> {
  await changeWebhookSecrets(db, endpoint.id, (secrets) => secrets.filter(({ id }) => id !== secretId));
}

function ofEndpoint(endpoint: WebhookEndpointRow, { remote, publicUrl }: There): RemoteWebhook[] {
  return remote.filter(({ event, url }) => event === endpoint.event && url === addressOf(endpoint, publicUrl));
}

function addressOf({ token }: WebhookEndpointRow, publicUrl: string): string {
  return `${publicUrl}/hooks/${token}`;
}

function orRefuse<T>(result: CallResult<T>, { kind }: ConnectionRow): T {
  if (!result.ok) throw failureToError(result, { name: kindName(kind), side: 'ats' });
  return result.value;
}
