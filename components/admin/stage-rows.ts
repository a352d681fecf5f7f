import type { z } from 'zod';
import type { stageRoleSchema } from '../../lib/contract/settings.ts';
import type { AtsKind } from '../../lib/domain/ats.ts';
import type { StageRole } from '../../lib/domain/stage-role.ts';
import type { StagesView } from './use-settings.ts';

type RoleSetting = z.infer<typeof stageRoleSchema>;

/** One line of the form: a stage, or all stages of one name. */
export interface StageRow {
  /** Names it in the draft. */
  key: string;
  name: string;
  /** The jobs that have it; empty where the ATS has one list of stages for all jobs. */
  jobNames: string[];
  /** As it is saved, without a role. */
  target: Omit<RoleSetting, 'role'>;
  /** False for a role whose stage the ATS does not show any more. */
  isKnown: boolean;
}

export type RoleByKey = Record<string, StageRole | ''>;

const byName = (name: string) => `name:${name.trim().toLocaleLowerCase('en')}`;
const byId = (id: string) => `id:${id}`;
const keyOf = ({ stageId, stageName }: Omit<RoleSetting, 'role'>) => (stageId === null ? byName(stageName ?? '') : byId(stageId));

/**
 * The lines to set roles on. Greenhouse makes its stages anew for each job, so there a role belongs to a name; Lever has one list for
 * the whole account, so there it belongs to the stage. Roles that fit no line stay visible, or saving would drop them unseen.
 */
export function stageRows(ats: AtsKind, { stages, roles }: StagesView): StageRow[] {
  const rows = new Map<string, StageRow>();
  for (const { stageId, name, job } of stages) {
    const target = ats === 'greenhouse' ? { stageId: null, stageName: name.trim() } : { stageId, stageName: name };
    const key = keyOf(target);
    const row = rows.get(key) ?? { key, name: name.trim(), jobNames: [], target, isKnown: true };
    if (job?.name) row.jobNames.push(job.name);
    rows.set(key, row);
  }
  for (const role of roles) {
    const key = keyOf(role);
    if (rows.has(key)) continue;
    const stage = stages.find(({ stageId }) => stageId === role.stageId);
    const { stageId, stageName } = role;
    const name = stage?.name ?? stageName ?? stageId ?? '';
    const jobNames = stage?.job?.name ? [stage.job.name] : [];
    rows.set(key, { key, name, jobNames, target: { stageId, stageName }, isKnown: stage !== undefined });
  }
  return [...rows.values()];
}

/** The role of each line as it is saved; empty text for none. */
export function savedRoles(rows: readonly StageRow[], roles: readonly RoleSetting[]): RoleByKey {
  return Object.fromEntries(rows.map(({ key }) => [key, roles.find((role) => keyOf(role) === key)?.role ?? '']));
}

/** What is sent to the server: every line that has a role. */
export function toRoleSettings(rows: readonly StageRow[], chosen: RoleByKey): RoleSetting[] {
  return rows.flatMap(({ key, target }) => {
    const role = chosen[key];
    return role ? [{ ...target, role }] : [];
  });
}
