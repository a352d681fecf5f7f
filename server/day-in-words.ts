let words: Intl.DateTimeFormat | null = null;

/**
 * "22 November 2026", in UTC: the reader may be anywhere. Its means are made when a day is first written: they bring some megabytes of the
 * tables of all languages into memory, which a server that has nothing to tell does without.
 */
export function dayInWords(at: Date): string {
  words ??= new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return words.format(at);
}
