import type { InferSelectModel } from 'drizzle-orm';
import type { invitations } from '../storage/schema.ts';

/** Every id and address by which somebody may be named in a stored webhook. */
export interface NamedBy {
  applicationIds: ReadonlySet<string>;
  candidateIds: ReadonlySet<string>;
  invitationIds: ReadonlySet<string>;
  /** The vendors' ids of their invitations. */
  externalIds: ReadonlySet<string>;
  /** Lower case; only those that belong to nobody who stays. */
  emails: ReadonlySet<string>;
}

export type InvitationRow = InferSelectModel<typeof invitations>;

/** Ids mean something at their own system only; our own ids and an address are the same everywhere. */
export function textsAt(named: NamedBy, side: 'ats' | 'vendor' | 'any'): string[] {
  const everywhere = [...named.invitationIds, ...named.emails];
  if (side === 'ats') return [...everywhere, ...named.applicationIds, ...named.candidateIds];
  return side === 'vendor' ? [...everywhere, ...named.externalIds] : everywhere;
}

/** Whether a hint is about them, by the meaning of its fields. */
export function isAbout(named: NamedBy, hint: Record<string, unknown>): boolean {
  const has = (ids: ReadonlySet<string>, id: unknown) => typeof id === 'string' && ids.has(id);
  const { applicationId, candidateId, invitationId, externalId, email } = hint;
  return (
    has(named.applicationIds, applicationId) ||
    has(named.candidateIds, candidateId) ||
    has(named.invitationIds, invitationId) ||
    has(named.externalIds, externalId) ||
    (typeof email === 'string' && named.emails.has(email.trim().toLowerCase()))
  );
}

/**
 * A regular expression of PostgreSQL for any of these in a text, plain or as `encode(bytes, 'escape')` gives it: each as a whole word, so
 * that 42 is not found in 1423, and as JSON may write it. Null when there is nothing to look for.
 */
export function toPattern(texts: readonly string[]): string | null {
  const written = [...new Set(texts.flatMap((text) => (text === '' ? [] : [text, ...writtenAs(text)])))];
  return written.length === 0 ? null : wholeWord(written);
}

/** The same for each way in which one is written, with the text itself; in lower case, for a text in lower case. */
export function toSearches(texts: readonly string[]): { needle: string; pattern: string }[] {
  const needles = new Set(texts.flatMap(writtenAs).map((text) => text.toLowerCase()));
  return [...needles].map((needle) => ({ needle, pattern: wholeWord([needle]) }));
}

/** A backslash before a letter that is not ASCII would be an error. https://www.postgresql.org/docs/current/functions-matching.html#POSIX-ESCAPE-SEQUENCES */
function wholeWord(written: readonly string[]): string {
  return `(?<![[:alnum:]])(${written.map((text) => text.replace(/[^A-Za-z0-9\u0080-\uffff]/g, '\\$&')).join('|')})(?![[:alnum:]])`;
}

function writtenAs(text: string): string[] {
  return text === '' ? [] : [...new Set([escapeBytes(text), escapeBytes(asciiJson(text))])];
}

/** Beyond ASCII as JSON may write it, six characters for each. */
function asciiJson(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** https://www.postgresql.org/docs/current/functions-binarystring.html#ENCODE-FORMAT-ESCAPE */
function escapeBytes(text: string): string {
  const bytes = [...Buffer.from(text, 'utf8')];
  return bytes
    .map((byte) => {
      if (byte > 127 || byte === 0) return `\\${byte.toString(8).padStart(3, '0')}`;
      return byte === 92 ? '\\\\' : String.fromCharCode(byte);
    })
    .join('');
}
