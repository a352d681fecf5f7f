import { say } from '../say.ts';
import { ApiError } from './api-error.ts';

/**
 * The links that an admin pasted, each as it will be sent; empty lines are left out. Whole or not at all: one that cannot be a link
 * refuses them all, because it means that the list was not what it was taken for.
 * @throws ApiError `invalid`, naming the first line that does not fit, without its text
 */
export function checkPoolLinks(lines: readonly string[]): string[] {
  const trimmed = lines.map((line) => line.trim());
  const wrong = trimmed.findIndex((line) => line !== '' && !isOneTimeLink(line));
  if (wrong >= 0) {
    const message = say('server.links.wrong', { line: `${wrong + 1}` });
    throw new ApiError('invalid', { message, details: [{ path: 'links', message }] });
  }
  return [...new Set(trimmed.filter((line) => line !== '').map((line) => new URL(line).href))];
}

/** A gap would be sent as it stands; a blank or a second address means that two lines became one. */
function isOneTimeLink(text: string): boolean {
  if (/[\s{}<>"\\]|%7b|%7d/i.test(text) || /https?:\/\//i.test(text.slice(8)) || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return protocol === 'https:' && username === '' && password === '';
}
