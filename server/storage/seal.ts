/**
 * Keeps credentials unreadable in the database and in backups: AES-256-GCM with a data key per record, which the master key
 * wraps. `context` (what the secret belongs to) is authenticated, so that a sealed text moved to another row does not open.
 */
export interface Sealer {
  seal(plain: string, context: string): string;
  /** Throws when the text was altered, belongs to another context, or was sealed with another master key. */
  open(sealed: string, context: string): string;
}
