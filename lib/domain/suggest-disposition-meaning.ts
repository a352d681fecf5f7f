import type { DispositionMeaning } from './outcome.ts';

/** Tried in order: an offer that was declined also mentions "offer", a hire may mention "accepted". */
const SUGGESTIONS: readonly [RegExp, DispositionMeaning][] = [
  [/offer.*(declin|reject|turned down)|declin\w*.*offer/i, 'declined'],
  [/\bhired?\b|offer.*accept|accepted/i, 'accepted'],
  [
    /position|posting|job|req(uisition)?\b.*(clos|fill|cancel|hold)|\b(role|headcount)\b|duplicate|spam|\btest\b/i,
    'not applicable',
  ],
  [
    /withdr[ae]w|not interested|no longer interested|unresponsive|no[- ]?show|ghost|accepted another|other offer|timing|salary expect/i,
    'withdrew',
  ],
  [/under-?qualif|over-?qualif|not.*(fit|qualif|pass)|lack|fail|reject|skill|experience|culture|communication|weak/i, 'rejected'],
];

/** A first guess for the admin's mapping, from the words of the ATS's reason; undefined where the words say nothing. */
export function suggestDispositionMeaning(reasonName: string): DispositionMeaning | undefined {
  return SUGGESTIONS.find(([pattern]) => pattern.test(reasonName))?.[1];
}
