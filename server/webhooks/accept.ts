import { eq, sql } from 'drizzle-orm';
import type { AtsHint } from '../ats/port.ts';
import type { Services } from '../services.ts';
import { toStorableText } from '../storable-text.ts';
import { connections, deliveries, webhookEndpoints } from '../storage/schema.ts';
import { changeWebhookSecrets } from '../storage/webhook-endpoints.repository.ts';
import type { VendorHint } from '../vendors/port.ts';
import { currentSecrets, liveSecrets, withoutReplaced } from './live-secrets.ts';
import type { RefusalReason, Verdict, WebhookRequest } from './verdict.ts';

/**
 * What became of a webhook request. The table of outcome and status is the whole truth about what the sender sees:
 *
 * | outcome   | status | what the sender does then                                             |
 * |-----------|--------|-----------------------------------------------------------------------|
 * | stored    | 200    | nothing: it is on our disk (Greenhouse takes exactly 200 for success)  |
 * | duplicate | 200    | nothing: anything else would bring more repeats                        |
 * | test      | 200    | shows "connected"; no effect with us                                   |
 * | refused   | 401    | counts a failure and tries again; the admin sees the reason            |
 * | unknown   | 404    | no such address                                                        |
 * | too-large | 413    |                                                                       |
 */
export type Acceptance =
  | { outcome: 'stored' | 'duplicate' | 'test' }
  | { outcome: 'refused'; because: RefusalReason }
  | { outcome: 'unknown' | 'too-large' };

/** A judge for one kind of sender, put together in build.ts from the adapters' receiving halves. */
export interface Receiver {
  verifyDelivery(request: WebhookRequest, secrets: readonly string[], now: Date, account: string | null): Verdict;
  toHints(body: unknown, receivedAt: Date): (AtsHint | VendorHint)[];
}

export interface AcceptParts {
  services: Services;
  receiverOf(kind: string): Receiver | undefined;
  /** The secrets that count for an endpoint, opened. */
  openSecrets(endpoint: typeof webhookEndpoints.$inferSelect, connection: typeof connections.$inferSelect): string[];
  /** Something was stored: the relay need not wait for its next look. */
  wakeRelay(): void;
}

/** Verifies, stores once, and returns after the commit. Nothing else happens in the request. */
export async function acceptDelivery(parts: AcceptParts, token: string, request: WebhookRequest): Promise<Acceptance> {
  const { services } = parts;
  const [found] = await services.db
    .select({ endpoint: webhookEndpoints, connection: connections })
    .from(webhookEndpoints)
    .innerJoin(connections, eq(connections.id, webhookEndpoints.connectionId))
    .where(eq(webhookEndpoints.token, token));
  const receiver = found && parts.receiverOf(found.connection.kind);
  if (!found || !receiver || found.connection.deletedAt) return { outcome: 'unknown' };
  const { endpoint, connection } = found;
  const account = connection.settings.kind === 'coderbyte' ? connection.settings.organizationId : null;
  const now = services.clock.now();
  const judge = (secrets: typeof endpoint.secrets) =>
    receiver.verifyDelivery(request, parts.openSecrets({ ...endpoint, secrets }, connection), now, account);
  const verdict = judge(liveSecrets(endpoint.secrets, now));
  if (verdict.kind === 'refused') {
    await noteRefusal(services, endpoint.id, verdict.because, now);
    return { outcome: 'refused', because: verdict.because };
  }
  if (verdict.kind === 'test') {
    await services.db.update(webhookEndpoints).set({ lastTestAt: now }).where(eq(webhookEndpoints.id, endpoint.id));
    return { outcome: 'test' };
  }
  // Also while the connection is switched off: the relay leaves it until the switch is on again, so nothing is lost.
  const stored = await store(services, {
    endpointId: endpoint.id,
    connectionId: connection.id,
    verdict,
    hints: receiver.toHints(verdict.body, now),
    body: request.body,
    now,
  });
  parts.wakeRelay();
  const current = currentSecrets(endpoint.secrets);
  // What is signed with the new token shows that it is in use: the replaced one has done its service.
  if (withoutReplaced(endpoint.secrets).length < endpoint.secrets.length && judge(current).kind === 'authentic')
    await changeWebhookSecrets(services.db, endpoint.id, withoutReplaced);
  return { outcome: stored };
}

async function noteRefusal(services: Services, endpointId: string, because: RefusalReason, now: Date): Promise<void> {
  await services.db
    .update(webhookEndpoints)
    .set({ lastRefusedAt: now, lastRefusedBecause: because, refusals: sql`${webhookEndpoints.refusals} + 1` })
    .where(eq(webhookEndpoints.id, endpointId));
}

/** How JSON writes what PostgreSQL cannot store: the character 0, and halves of a character (a surrogate alone). */
const NOT_STORABLE = /\\u(0000|d[89a-f][0-9a-f]{2})/i;

/** Text that cannot be stored names nobody. The body is kept as it came. */
function storable(hints: readonly object[]): Record<string, unknown>[] {
  return hints.filter((hint) => !NOT_STORABLE.test(JSON.stringify(hint))).map((hint) => ({ ...hint }));
}

async function store(
  services: Services,
  given: {
    endpointId: string;
    connectionId: string;
    verdict: Extract<Verdict, { kind: 'authentic' }>;
    hints: object[];
    body: Uint8Array;
    now: Date;
  },
): Promise<'stored' | 'duplicate'> {
  const { endpointId, connectionId, verdict, hints, body, now } = given;
  return await services.db.transaction(async (tx) => {
    const [row] = await tx
      .insert(deliveries)
      .values({
        endpointId,
        connectionId,
        deliveryKey: toStorableText(verdict.deliveryKey),
        event: toStorableText(verdict.event),
        receivedAt: now,
        hints: storable(hints),
        body: Buffer.from(body),
      })
      .onConflictDoUpdate({
        target: [deliveries.endpointId, deliveries.deliveryKey],
        set: { repeats: sql`${deliveries.repeats} + 1` },
      })
      .returning({ repeats: deliveries.repeats });
    await tx.update(webhookEndpoints).set({ lastSeenAt: now }).where(eq(webhookEndpoints.id, endpointId));
    return row && row.repeats > 0 ? 'duplicate' : 'stored';
  });
}
