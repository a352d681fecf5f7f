import type { ConnectionSettings } from '../../lib/contract/settings.ts';
import type { AtsDispositionReason, AtsStage } from '../ats/port.ts';
import type { GoneName } from '../storage/sweep-state.ts';

interface NamedStage {
  stageId: string | null;
  stageName: string | null;
}

/**
 * The stages among the settings that the ATS no longer lists: an id that is gone, or a name that no stage has any more. Pure. `known`
 * gives names to ids of which the settings keep none. An empty list says nothing: no ATS is without stages, so it was not shown to us.
 */
export function findGoneStages(
  settings: readonly NamedStage[],
  listed: readonly AtsStage[],
  known: readonly { id: string | null; name: string }[],
): GoneName[] {
  if (listed.length === 0) return [];
  const ids = new Set(listed.map(({ stageId }) => stageId));
  const names = new Set(listed.map(({ name }) => folded(name)));
  return settings.flatMap(({ stageId, stageName }): GoneName[] => {
    if (stageId !== null)
      return ids.has(stageId)
        ? []
        : [{ id: stageId, name: stageName ?? known.find(({ id }) => id === stageId)?.name ?? stageId }];
    return stageName === null || names.has(folded(stageName)) ? [] : [{ id: null, name: stageName }];
  });
}

/** The same for archive and rejection reasons; a retired one is still listed, and still somebody's reason. */
export function findGoneReasons(
  settings: readonly { reasonId: string; reasonName: string }[],
  listed: readonly AtsDispositionReason[],
): GoneName[] {
  if (listed.length === 0) return [];
  const ids = new Set(listed.map(({ reasonId }) => reasonId));
  return settings.flatMap(({ reasonId, reasonName }) =>
    ids.has(reasonId) ? [] : [{ id: reasonId, name: reasonName || reasonId }],
  );
}

/** A Harvest v1 key knows only the reasons that somebody was rejected for lately: one that is missing there may well exist. */
export function listsAllReasons(settings: ConnectionSettings): boolean {
  return settings.kind !== 'greenhouse' || settings.api !== 'v1';
}

/** As people compare names of stages. */
export function folded(name: string): string {
  return name.trim().toLocaleLowerCase('en');
}
