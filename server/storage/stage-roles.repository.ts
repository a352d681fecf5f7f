import { asc, eq } from 'drizzle-orm';
import type { StageRole } from '../../lib/domain/stage-role.ts';
import type { Random } from '../random.ts';
import type { Database, Transaction } from '../services.ts';
import { stageRoles } from './schema.ts';

export interface StageRoleSetting {
  stageId: string | null;
  stageName: string | null;
  role: StageRole;
}

export async function listStageRoles(db: Database | Transaction, connectionId: string): Promise<StageRoleSetting[]> {
  return db
    .select({ stageId: stageRoles.stageId, stageName: stageRoles.stageName, role: stageRoles.role })
    .from(stageRoles)
    .where(eq(stageRoles.connectionId, connectionId))
    .orderBy(asc(stageRoles.stageName), asc(stageRoles.stageId));
}

/** Puts the given list in the place of the old one, whole. */
export async function replaceStageRoles(
  db: Database,
  { connectionId, roles, random }: { connectionId: string; roles: readonly StageRoleSetting[]; random: Random },
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.delete(stageRoles).where(eq(stageRoles.connectionId, connectionId));
    if (roles.length === 0) return;
    await tx.insert(stageRoles).values(roles.map((role) => ({ ...role, id: random.uuid(), connectionId })));
  });
}
