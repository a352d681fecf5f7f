import type { AtsAdapter } from '../ats/port.ts';
import type { Services } from '../services.ts';
import type { ConnectionRow } from '../storage/connections.repository.ts';
import { createKeptNames } from '../storage/kept-names.repository.ts';
import { listReasonMeanings } from '../storage/reason-meanings.repository.ts';
import { listStageRoles } from '../storage/stage-roles.repository.ts';
import { changeSweepState, type SweepState } from '../storage/sweep-state.ts';
import { findGoneReasons, findGoneStages, listsAllReasons } from './find-gone-names.ts';

const CHECK_EVERY_MS = 60 * 60_000;

/**
 * Whether the stages and reasons that the settings name are still there, asked once an hour at most. A list that cannot be read says
 * nothing, and what was noted before stays noted.
 */
export async function checkNames(
  services: Services,
  { connection, adapter, known }: { connection: Pick<ConnectionRow, 'id' | 'settings'>; adapter: AtsAdapter; known: SweepState },
): Promise<void> {
  const { db, clock, log } = services;
  const connectionId = connection.id;
  const now = clock.now();
  if (known.namesCheckedAt !== null && Math.abs(now.getTime() - Date.parse(known.namesCheckedAt)) < CHECK_EVERY_MS) return;
  const change: Partial<SweepState> = { namesCheckedAt: now.toISOString() };
  const roles = await listStageRoles(db, connectionId);
  if (roles.length > 0) {
    const listed = await adapter.listStages();
    const kept = (await createKeptNames(db).read(connectionId)).stages.map(({ stageId: id, name }) => ({ id, name }));
    // What was noted first knew the name; later lists no longer do.
    if (listed.ok) change.goneStages = findGoneStages(roles, listed.value, [...known.goneStages, ...kept]);
  }
  const meanings = await listReasonMeanings(db, connectionId);
  if (meanings.length > 0 && listsAllReasons(connection.settings)) {
    const listed = await adapter.listDispositionReasons();
    if (listed.ok) change.goneReasons = findGoneReasons(meanings, listed.value);
  }
  const gone = [...(change.goneStages ?? []), ...(change.goneReasons ?? [])];
  if (gone.length > 0) log.warn({ connection: connectionId, gone }, 'the settings name what the ATS no longer has');
  await changeSweepState(db, connectionId, change);
}
