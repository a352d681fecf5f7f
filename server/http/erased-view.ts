import type { PanelView } from '../../lib/contract/panel.ts';
import { dayInWords } from '../day-in-words.ts';
import { say } from '../say.ts';

/** Says so in plain words, and offers nothing: there is nothing left to mend. */
export function erasedView(askedAt: Date): PanelView {
  return { kind: 'unavailable', code: 'erased', text: erasedText(askedAt), mend: null };
}

export function erasedText(askedAt: Date): string {
  return say('server.erasure.erased', { date: dayInWords(askedAt) });
}
