import type { DispositionMeaning } from './outcome.ts';

/**
 * Tried in order, because the words overlap: an offer that was declined also says "offer", somebody who "accepted another offer" went
 * away, and "hired another candidate" is said to those who were not hired.
 */
const SUGGESTIONS: readonly [RegExp, DispositionMeaning][] = [
  [
    /\b(hired|chose|selected|went with) (another|an other|a different|someone|somebody)|other candidate|stronger candidate/i,
    'rejected',
  ],
  [
    /withdr[ae]w|no longer interested|not interested|unresponsive|no[- ]?show|ghosted|(accepted|took|has) (another|other|a different|competing)|(hired|offer|job) elsewhere|other offer|salary|compensation|relocat|timing/i,
    'withdrew',
  ],
  [/offer.*(declin|reject|turned down)|(declin|reject|turned down)\w*.*offer/i, 'declined'],
  [/\bhired?\b|offer.*accept|accept\w*.*offer/i, 'accepted'],
  [
    /\b(position|posting|job|req|requisition|role|headcount)\b.*\b(closed|filled|cancell?ed|on hold|paused|frozen)|hiring freeze|\bduplicate\b|\bspam\b|^test( candidate)?$/i,
    'not applicable',
  ],
  [
    /(under|over)-?qualif|not a fit|not.*(fit|qualif|pass)|lack|fail|reject|skill|experience|culture|communication|weak/i,
    'rejected',
  ],
];

/** A first guess for the admin's mapping, from the words of the ATS's reason; undefined where the words say nothing. */
export function suggestDispositionMeaning(reasonName: string): DispositionMeaning | undefined {
  return SUGGESTIONS.find(([pattern]) => pattern.test(reasonName))?.[1];
}
