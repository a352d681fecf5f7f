import { and, desc, eq, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Snapshot } from '../../lib/domain/application.ts';
import type { Database } from '../services.ts';
import { applications, connections, deliveries, inputs } from '../storage/schema.ts';

export type DeliveryRow = Omit<typeof deliveries.$inferSelect, 'body'> & { connectionName: string | null };

export interface DeliveriesQuery {
  connectionId?: string | undefined;
  event?: string | undefined;
  /** `waiting`: none yet. */
  outcome?: string | undefined;
  /** The ATS's id of an application or of a candidate. */
  applicationId?: string | undefined;
  id?: number | undefined;
  before?: string | undefined;
  limit: number;
}

/** The newest first, without their bodies; `before` is the end of the page before. */
export async function listDeliveries(
  db: Database,
  query: DeliveriesQuery,
): Promise<{ rows: DeliveryRow[]; next: string | null }> {
  const { connectionId, event, outcome, applicationId, id, before, limit } = query;
  const { body: _, ...columns } = deliveriesColumns;
  const rows = await db
    .select({ ...columns, connectionName: connections.name })
    .from(deliveries)
    .leftJoin(connections, eq(connections.id, deliveries.connectionId))
    .where(
      and(
        connectionId ? eq(deliveries.connectionId, connectionId) : undefined,
        event ? eq(deliveries.event, event) : undefined,
        outcome ? (outcome === 'waiting' ? isNull(deliveries.relayedAt) : eq(deliveries.outcome, outcome)) : undefined,
        applicationId ? names(applicationId) : undefined,
        id ? eq(deliveries.id, id) : undefined,
        before ? lt(deliveries.id, Number(before)) : undefined,
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return { rows: page, next: rows.length > limit ? String(page.at(-1)?.id ?? '') : null };
}

const deliveriesColumns = {
  id: deliveries.id,
  endpointId: deliveries.endpointId,
  connectionId: deliveries.connectionId,
  deliveryKey: deliveries.deliveryKey,
  event: deliveries.event,
  receivedAt: deliveries.receivedAt,
  hints: deliveries.hints,
  body: deliveries.body,
  repeats: deliveries.repeats,
  relayedAt: deliveries.relayedAt,
  outcome: deliveries.outcome,
  attempts: deliveries.attempts,
  error: deliveries.error,
  replays: deliveries.replays,
};

function names(id: string): SQL | undefined {
  const holds = (name: string) => sql`${deliveries.hints} @> ${JSON.stringify([{ [name]: id }])}::jsonb`;
  return or(holds('applicationId'), holds('candidateId'), holds('externalId'), holds('invitationId'));
}

export interface About {
  connectionId: string;
  snapshot: Snapshot;
}

/** Whom each is about, as far as we know them: by the ATS's ids, or by what it put into a lane. */
export async function findAbout(db: Database, rows: readonly DeliveryRow[]): Promise<Map<number, About[]>> {
  const found = new Map<number, About[]>();
  if (rows.length === 0) return found;
  const named = (row: DeliveryRow, name: string) =>
    row.hints.flatMap((hint) => (typeof hint[name] === 'string' ? [hint[name]] : []));
  const applicationIds = [...new Set(rows.flatMap((row) => named(row, 'applicationId')))];
  const candidateIds = [...new Set(rows.flatMap((row) => named(row, 'candidateId')))];
  const known = await db
    .select()
    .from(applications)
    .where(
      or(
        applicationIds.length > 0 ? inArray(applications.applicationId, applicationIds) : undefined,
        candidateIds.length > 0 ? inArray(applications.candidateId, candidateIds) : undefined,
        sql`false`,
      ),
    );
  const told = await db
    .select({ key: inputs.key, application: applications })
    .from(inputs)
    .innerJoin(applications, eq(applications.key, inputs.applicationKey))
    .where(inArray(inputs.key, rows.flatMap((row) => row.hints.map((_, index) => `delivery:${row.id}:${index}`)).concat('')));
  for (const row of rows) {
    const ids = [...named(row, 'applicationId'), ...named(row, 'candidateId')];
    const byId = known.filter(
      ({ connectionId, applicationId, candidateId }) =>
        connectionId === row.connectionId && (ids.includes(applicationId) || (candidateId !== null && ids.includes(candidateId))),
    );
    const byInput = told.flatMap(({ key, application }) => (key.startsWith(`delivery:${row.id}:`) ? [application] : []));
    found.set(
      row.id,
      [...byId, ...byInput].flatMap(({ connectionId, snapshot }) => (snapshot ? [{ connectionId, snapshot }] : [])),
    );
  }
  return found;
}

/** As it came; null after 30 days, or when somebody it names was erased. */
export async function readBody(db: Database, id: number): Promise<Buffer | null> {
  const [row] = await db.select({ body: deliveries.body }).from(deliveries).where(eq(deliveries.id, id));
  return row?.body ?? null;
}
