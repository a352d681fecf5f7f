const MAX_LENGTH = 2_000;

/** As HTML writes the characters that it uses itself. */
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };

/** By its name or its number, once: "&amp;lt;" is "&lt;". What is no character stays as it stands. */
function toCharacter(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name];
  const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** Control characters besides line break and tab, and those that turn the direction of the text around them. */
const INVISIBLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * What a person wrote at a vendor, as plain text: without HTML, without characters that hide or turn what is read, and without links,
 * because a link may open something by itself. At most `maxLength` characters, 2000 unless told; undefined where nothing is left. Total.
 */
export function toPlainText(value: unknown, maxLength = MAX_LENGTH): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value
    .slice(0, 10 * maxLength)
    .toWellFormed()
    .replace(/<(script|style)\b[^>]*>[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
    .replace(/<(br|\/p|\/div|\/li)\b[^>]*>/gi, '\n')
    .replace(/<!--[\s\S]*?(-->|$)|<\/?[a-z][^<>]*>/gi, '')
    .replace(/&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,4});/gi, (whole, name: string) => toCharacter(name.toLowerCase()) ?? whole)
    .replace(/(?:https?:\/\/|\bwww\.)\S+/gi, '…')
    .replace(INVISIBLE, (character) => (character === '\n' || character === '\t' ? character : ''))
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return text === '' ? undefined : text.slice(0, maxLength).toWellFormed();
}
