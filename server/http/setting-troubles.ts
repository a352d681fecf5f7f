import { say } from '../say.ts';
import type { ConnectionRow } from '../storage/connections.repository.ts';
import { readSweepState } from '../storage/sweep-state.ts';
import { kindName } from './kind-name.ts';

/** What the settings name and the ATS no longer has, each as a sentence that says where to mend it. */
export function settingTroubles({ kind, sweepState }: Pick<ConnectionRow, 'kind' | 'sweepState'>): string[] {
  const { goneStages, goneReasons, unlisted } = readSweepState(sweepState);
  const name = kindName(kind);
  return [
    ...goneStages.map((stage) => say('server.gone.stage', { stage: stage.name, name })),
    ...goneReasons.map((reason) => say('server.gone.reason', { reason: reason.name, name })),
    // Greenhouse reads everything by listing: without that right nothing can be seen at all.
    ...(unlisted && kind === 'greenhouse' ? [say('server.unlisted', { name })] : []),
  ];
}

/** What works less well than it could, by choice: a key with the least rights is no trouble. */
export function connectionNotes({ kind, sweepState }: Pick<ConnectionRow, 'kind' | 'sweepState'>): string[] {
  return readSweepState(sweepState).unlisted && kind !== 'greenhouse' ? [say('server.unlisted', { name: kindName(kind) })] : [];
}
