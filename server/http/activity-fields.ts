import en from '../../locales/en.json' with { type: 'json' };

type Words = Readonly<Record<string, string>>;

const { field: FIELDS, value: VALUES }: { field: Words; value: Readonly<Record<string, Words>> } = en.server.activity;

/** They only hold others together. */
const WORDLESS = ['invitations', 'settings'];

/** What a field is called on the pages where people set it, empty for none; one that has no words yet is read as it is written. */
export function fieldWords(key: string): string {
  if (WORDLESS.includes(key)) return '';
  return FIELDS[underscored(key)] ?? spaced(key);
}

/** What stands in such a field. Names, addresses and numbers stay as they are. */
export function valueWords(key: string, value: string): string {
  return VALUES[underscored(key)]?.[underscored(value)] ?? value;
}

/** `holdSeconds`, `write-note` and `not applicable` as the catalogue writes a key. */
function underscored(key: string): string {
  return key
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}

function spaced(key: string): string {
  return underscored(key).replaceAll('_', ' ').trim();
}
