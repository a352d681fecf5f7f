import type { Reason } from '../../lib/domain/reason.ts';
import type { Effect } from '../workflow/effect.ts';

/** Why it was not tried again. Words of ours and of the settings; whoever is named in the rest is looked up when it is shown. */
export function notAgain(effect: Effect['kind'], answer: Reason | undefined): { code: string; values: Record<string, string> } {
  const { assessment = '', stage = '', status = '', state = '' } = answer?.values ?? {};
  return { code: 'effect-not-again', values: { effect, because: answer?.code ?? '', assessment, stage, status, state } };
}
