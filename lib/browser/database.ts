import Dexie, { type DexieOptions, type EntityTable } from 'dexie';
import type { CandidateReference } from '../domain/candidate-reference.ts';

/**
 * What the extension keeps, in the IndexedDB of its own origin. Opened by the background alone: content scripts cannot reach
 * it (unlike `storage.local`), and Chromium denies it to the panel's frame. Rows are typed as written; the stores parse
 * what may have been written by an older version.
 */
export interface TagalongDatabase extends Dexie {
  /** `pairing`: the server, its token, and who we are there; or `revoked`: the server has ended it. */
  pairing: EntityTable<{ id: string; pairing: unknown }, 'id'>;
  copies: EntityTable<CopyRow, 'key'>;
  outbox: EntityTable<OutboxRow, 'actionId'>;
}

/** The last known view of one page. */
export interface CopyRow {
  key: string;
  page: CandidateReference;
  applicationKey: string;
  view: unknown;
  /** ISO 8601, UTC: when the server gave it. */
  viewAt: string;
}

/** A click that the server has not taken yet. */
export interface OutboxRow {
  actionId: string;
  /** Path and body of the command, exactly as they will be sent. */
  path: string;
  body: Record<string, unknown>;
  applicationKey: string;
  /** What was clicked, as a sentence. */
  text: string;
  clickedAt: string;
  /** The server's words when it refused; then a person decides. */
  trouble: string | null;
  /** The action id of the send that this takes back. A way back is told to the server however old it is. */
  takesBack?: string;
}

export function openDatabase(name = 'tagalong', options?: DexieOptions): TagalongDatabase {
  const database = new Dexie(name, options);
  database.version(1).stores({ pairing: 'id', copies: 'key, applicationKey, viewAt', outbox: 'actionId, clickedAt' });
  // Dexie adds the tables of `stores` as properties when it is made; its type cannot know them.
  return database as TagalongDatabase;
}
