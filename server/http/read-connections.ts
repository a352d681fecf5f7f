import type { ConnectionView } from '../../lib/contract/settings.ts';
import type { Services } from '../services.ts';
import { listAccessReports } from '../storage/access-reports.repository.ts';
import { listConnectionsWithTokens } from '../storage/ats-tokens.repository.ts';
import {
  type ConnectionRow,
  findConnection,
  listConnections,
  listRefusedConnections,
} from '../storage/connections.repository.ts';
import { findUnreadable } from '../storage/find-unreadable.ts';
import { readSweepState } from '../storage/sweep-state.ts';
import { listWebhookEndpoints } from '../storage/webhook-endpoints.repository.ts';
import { ApiError } from './api-error.ts';
import { toConnectionView } from './connection-view.ts';
import type { HttpParts } from './http-parts.ts';

type Means = { services: Pick<Services, 'db' | 'config' | 'sealer' | 'clock'>; parts: Pick<HttpParts, 'webhookEventsOf'> };

/** All connections, as an admin sees them. */
export async function readConnections({ services: { db, config, sealer, clock }, parts }: Means): Promise<ConnectionView[]> {
  const unreadable = await findUnreadable({ db, sealer });
  const rows = await listConnections(db);
  const endpoints = await listWebhookEndpoints(db);
  const withTokens = await listConnectionsWithTokens(db);
  const refused = await listRefusedConnections(db);
  const reports = await listAccessReports(db);
  const now = clock.now();
  return rows.map((row) => {
    const isUnreadable = unreadable.connectionIds.has(row.id);
    const hasTokens = withTokens.has(row.id);
    const isRefused = refused.has(row.id) || readSweepState(row.sweepState).isRefused;
    const report = reports.get(row.id) ?? null;
    const events = parts.webhookEventsOf(row.kind);
    return toConnectionView({ row, hasTokens, isRefused, isUnreadable, report, endpoints, events, now }, config.publicUrl);
  });
}

/** @throws ApiError `not-found` */
export async function readConnection(id: string, means: Means): Promise<ConnectionView> {
  const found = (await readConnections(means)).find((connection) => connection.id === id);
  if (!found) throw new ApiError('not-found');
  return found;
}

/** @throws ApiError `not-found`, also for a connection of the other side */
export async function getConnection(db: Services['db'], id: string, side?: 'ats' | 'vendor'): Promise<ConnectionRow> {
  const row = await findConnection(db, id);
  if (!row || (side && row.side !== side)) throw new ApiError('not-found');
  return row;
}
