import { wasTaken } from '../../lib/contract/was-taken.ts';
import { t } from '../ui/t.ts';
import type { Answer } from './panel-commands.ts';

/**
 * The answers to several sends at once, of which the first that is refused is the last: it says which one it was, and which
 * were not tried after it. `names` are those of all that were clicked, in the same order.
 */
export function sayUnsent(answers: readonly Answer[], names: readonly string[]): Answer[] {
  return answers.map((answer, index) => {
    if (wasTaken(answer)) return answer;
    // It says by itself that nothing was sent: the page had moved on before any of them.
    const isAboutAll = 'refused' in answer && answer.refused === 'page-moved-on';
    const message = isAboutAll ? answer.message : t('panel.send.which', names[index] ?? '', answer.message);
    const unsent = names.slice(isAboutAll ? index : index + 1);
    return { ...answer, message: unsent.length > 0 ? t('panel.send.unsent', message, unsent.join(', ')) : message };
  });
}
