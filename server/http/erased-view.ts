import type { PanelView } from '../../lib/contract/panel.ts';
import { say } from '../say.ts';

/** As the mails write a day; the panel may be anywhere. */
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

/** Says so in plain words, and offers nothing: there is nothing left to mend. */
export function erasedView(askedAt: Date): PanelView {
  return { kind: 'unavailable', code: 'erased', text: erasedText(askedAt), mend: null };
}

export function erasedText(askedAt: Date): string {
  return say('server.erasure.erased', { date: DAY.format(askedAt) });
}
