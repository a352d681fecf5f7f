import { and, eq, isNull, lte, or } from 'drizzle-orm';
import type { Services } from '../services.ts';
import { ensureApplication } from '../storage/ensure-application.ts';
import { connections, stageRoles } from '../storage/schema.ts';
import type { Connector } from './connector.ts';
import { raiseHint } from './relay.ts';
import type { WorkQueue } from './work-queue.ts';

export interface SweepParts {
  services: Services;
  connector: Connector;
  queue: WorkQueue;
}

/** Between two looks; a webhook that got lost costs this much. */
const SWEEP_EVERY_MS = 10 * 60_000;
const AFTER_FAILURE_MS = 2 * 60_000;
/** Each look overlaps the one before, because an ATS may show a change late and clocks differ. */
const OVERLAP_MS = 15 * 60_000;

/** The ATS connections whose sweep is due; each is claimed for one look, so that two processes do not both sweep it. */
export async function claimDueSweeps({ services }: SweepParts): Promise<string[]> {
  const now = services.clock.now();
  const due = await services.db
    .update(connections)
    .set({ sweepDueAt: new Date(now.getTime() + SWEEP_EVERY_MS) })
    .where(
      and(
        eq(connections.side, 'ats'),
        eq(connections.enabled, true),
        isNull(connections.deletedAt),
        or(isNull(connections.sweepDueAt), lte(connections.sweepDueAt, now)),
      ),
    )
    .returning({ id: connections.id });
  return due.map((row) => row.id);
}

/**
 * Asks the ATS what entered a mapped stage, or was archived, since the last look, and raises a hint for each. Whatever the webhooks
 * told already leads to nothing, because a stage entry is decided once. The cursor moves only when the whole look succeeded.
 * Returns how many applications were hinted at.
 */
export async function sweep({ services, connector, queue }: SweepParts, connectionId: string): Promise<number> {
  const startedAt = services.clock.now();
  const [connection] = await services.db.select().from(connections).where(eq(connections.id, connectionId));
  if (!connection) return 0;
  const adapter = await connector.ats(connectionId);
  if (!adapter.ok) return 0;
  const roles = await services.db.select().from(stageRoles).where(eq(stageRoles.connectionId, connectionId));
  const stageIds = await stageIdsOf(adapter.value, roles);
  if (!stageIds) {
    await cutShort(services, connectionId, startedAt, 'the stages could not be listed');
    return 0;
  }
  const since = new Date((connection.sweepCursor ?? connection.automaticSince).getTime() - OVERLAP_MS);
  let found = 0;
  for await (const change of adapter.value.findChangedSince({ since, stageIds })) {
    if (!change.ok) {
      await cutShort(services, connectionId, startedAt, change.kind);
      return found;
    }
    found += 1;
    const { applicationId } = change.value;
    await services.db.transaction(async (tx) => {
      const key = await ensureApplication(tx, services, { connectionId, applicationId });
      await raiseHint(tx, [key]);
      await queue.sendLane(tx, key);
    });
  }
  await services.db.update(connections).set({ sweepCursor: startedAt }).where(eq(connections.id, connectionId));
  return found;
}

/** The cursor stays, so that the next look begins where the last complete one ended. */
async function cutShort(services: Services, connectionId: string, startedAt: Date, why: string): Promise<void> {
  services.log.warn({ connection: connectionId, why }, 'the sweep was cut short and begins again from where it last got through');
  await services.db
    .update(connections)
    .set({ sweepDueAt: new Date(startedAt.getTime() + AFTER_FAILURE_MS) })
    .where(eq(connections.id, connectionId));
}

/** A role may be given by name, where stages are made anew for each job. Null when their ids cannot be found out just now. */
async function stageIdsOf(
  adapter: { listStages(): Promise<{ ok: true; value: { stageId: string; name: string }[] } | { ok: false }> },
  roles: readonly { stageId: string | null; stageName: string | null }[],
): Promise<string[] | null> {
  const byId = roles.flatMap((role) => (role.stageId === null ? [] : [role.stageId]));
  const names = new Set(
    roles.flatMap((role) => (role.stageId === null && role.stageName ? [role.stageName.trim().toLocaleLowerCase('en')] : [])),
  );
  if (names.size === 0) return byId;
  const listed = await adapter.listStages();
  if (!listed.ok) return null;
  return [
    ...new Set([
      ...byId,
      ...listed.value.filter((stage) => names.has(stage.name.trim().toLocaleLowerCase('en'))).map((stage) => stage.stageId),
    ]),
  ];
}
