import type { Snapshot } from '../../lib/domain/application.ts';
import type { ChangeKind } from '../../lib/domain/application-change.ts';
import { type Member, mayActAs } from '../../lib/domain/member.ts';
import type { AtsAdapter } from '../ats/port.ts';
import type { Connector } from '../jobs/connector.ts';
import type { FindNextStage } from '../jobs/next-stage.ts';
import type { Services } from '../services.ts';
import { findAccessReport } from '../storage/access-reports.repository.ts';

/** What this member can do with the application as it stands; nothing that would only be refused. */
export async function possibleChanges(
  { services, connector, findNextStage }: { services: Services; connector: Connector; findNextStage: FindNextStage },
  { snapshot, connectionId, member }: { snapshot: Snapshot; connectionId: string; member: Member },
): Promise<{ changes: ChangeKind[]; nextStageName: string | null }> {
  const none = { changes: [], nextStageName: null };
  if (!mayActAs(member.role, 'recruiter') || snapshot.anonymised) return none;
  const adapter = await connector.ats(connectionId);
  if (!adapter.ok) return none;
  const report = await findAccessReport(services.db, connectionId);
  const missing = new Set((report?.rights ?? []).filter(({ state }) => state === 'missing').map(({ name }) => name));
  const allowed = changesAllowed(adapter.value, snapshot, missing);
  if (!allowed.includes('advance') || !snapshot.stage) return { ...none, changes: allowed };
  const next = await findNextStage({ connectionId, jobId: snapshot.job?.id ?? null, stageId: snapshot.stage.id });
  if (next === 'last') return { ...none, changes: allowed.filter((kind) => kind !== 'advance') };
  return { changes: allowed, nextStageName: next === 'unknown' ? null : next.name };
}

/** In the order in which they are offered. `missing`: rights that the credential is known to lack. Pure. */
export function changesAllowed(
  { operations, changeRights }: Pick<AtsAdapter, 'operations' | 'changeRights'>,
  { status, stage }: Pick<Snapshot, 'status' | 'stage'>,
  missing: ReadonlySet<string>,
): ChangeKind[] {
  const isIn = status === 'active';
  const fits: Record<ChangeKind, boolean> = {
    advance: isIn && stage !== null && operations.advance !== undefined,
    // Without the list there is no job to choose.
    transfer: isIn && stage !== null && operations.transfer !== undefined && operations.listJobs !== undefined,
    reject: isIn && operations.reject !== undefined,
    unreject: status === 'archived' && operations.unreject !== undefined,
    hire: isIn && operations.hire !== undefined,
  };
  const mayCall = (kind: ChangeKind) => (changeRights[kind] ?? []).every((right) => !missing.has(right));
  return ORDER.filter((kind) => fits[kind] && mayCall(kind));
}

const ORDER: readonly ChangeKind[] = ['advance', 'transfer', 'reject', 'unreject', 'hire'];
