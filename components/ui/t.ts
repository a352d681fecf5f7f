import { createI18n } from '@wxt-dev/i18n';
import type catalogue from '../../locales/en.json';

/** `panel.send.button`, for every text of the catalogue; a plural (`{ "1": ..., "n": ... }`) is one key. */
type KeysOf<Part, Prefix extends string = ''> = {
  [Name in keyof Part & string]: Part[Name] extends string | { n: string }
    ? `${Prefix}${Name}`
    : KeysOf<Part[Name], `${Prefix}${Name}.`>;
}[keyof Part & string];

export type TextKey = KeysOf<typeof catalogue>;

const i18n = createI18n();

/** A text of the catalogue in the browser's language, its gaps `$1`..`$9` filled in order. */
export function t(key: TextKey, ...values: (string | number)[]): string {
  return i18n.t(key, values.map(String));
}

/** The form of a text that belongs to a count; the count itself is `$1`. */
export function tCount(key: TextKey, count: number): string {
  return i18n.t(key, count, [String(count)]);
}
