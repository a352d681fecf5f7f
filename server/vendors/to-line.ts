import { toPlainText } from './to-plain-text.ts';

/** What somebody else wrote, as one line of plain text of at most so many characters; undefined where nothing is left. Total. */
export function toLine(value: unknown, maxLength: number): string | undefined {
  const line = toPlainText(value)?.replace(/\s+/g, ' ').trim().slice(0, maxLength).toWellFormed();
  return line === '' ? undefined : line;
}
