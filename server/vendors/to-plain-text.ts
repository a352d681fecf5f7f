const MAX_LENGTH = 2_000;

/** As HTML writes the characters that it uses itself. */
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'", apos: "'", nbsp: ' ' };
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
    .replace(/&(#39|[a-z]{2,4});/gi, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole)
    .replace(/(?:https?:\/\/|\bwww\.)\S+/gi, '…')
    .replace(INVISIBLE, (character) => (character === '\n' || character === '\t' ? character : ''))
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return text === '' ? undefined : text.slice(0, maxLength).toWellFormed();
}
