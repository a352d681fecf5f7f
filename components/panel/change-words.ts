import type { ChangeKind } from '../../lib/domain/application-change.ts';
import type { ApplicationView } from './panel-commands.ts';

/** Lever archives where Greenhouse rejects, so that the words differ. */
export function changeWord(kind: ChangeKind, { reference }: ApplicationView): ChangeKind | 'archive' {
  return kind === 'reject' && reference.ats === 'lever' ? 'archive' : kind;
}
