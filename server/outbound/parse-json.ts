import { toStorableText } from '../storable-text.ts';

/** What V8 hands a reviver beside key and value: the number as it was written (Node 22 and later). */
interface SourceContext {
  source?: string;
}

/**
 * `JSON.parse`, except that a whole number too large to be held exactly becomes text: ids of 64 bits arrive unharmed.
 * Ids are coerced to text by every schema anyway, so that nobody notices which of the two it was. Text is made storable: a name with
 * half a character in it must not keep its application from ever being recorded. Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  return mayBeUnusable(text) ? JSON.parse(text, toUsable) : JSON.parse(text);
}

/** Too large a number has sixteen digits, and a text that cannot be stored is escaped: without either, the quick way is the same. */
function mayBeUnusable(text: string): boolean {
  return text.includes('\\u') || hasLongNumber(text) || !text.isWellFormed();
}

const LONG = 16;

/** Whether so many digits stand in a row. Every such row holds one of each so many characters: only those are looked at. */
function hasLongNumber(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text, at)) continue;
    let first = at;
    let last = at;
    while (isDigit(text, first - 1)) first -= 1;
    while (isDigit(text, last + 1)) last += 1;
    if (last - first + 1 >= LONG) return true;
  }
  return false;
}

/** False beyond either end. */
function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function toUsable(_key: string, value: unknown, context?: SourceContext): unknown {
  if (typeof value === 'string') return toStorableText(value);
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
