/**
 * Where an ATS's access tokens lie between calls, for all processes. A caller may rely on this: what was written is read by every
 * process from then on, nobody reads it in the database, and a process that dies holds up no other.
 */
export interface TokenStore {
  read(connectionId: string): Promise<StoredToken | null>;
  /**
   * Runs `mint` while nobody else, in any process, mints for this connection. A process that is frozen meanwhile loses this after minutes: its
   * slot rejects when it wakes. Not with `alsoFrozen`: then all others wait until it wakes or dies.
   */
  withMintLock<T>(connectionId: string, mint: (slot: TokenSlot) => Promise<T>, options?: MintLockOptions): Promise<T>;
}

export interface MintLockOptions {
  alsoFrozen?: boolean;
}

export interface TokenSlot {
  read(): Promise<StoredToken | null>;
  write(token: StoredToken): Promise<void>;
  clear(): Promise<void>;
}

/** Of one user at the ATS, or of nobody in particular. */
export interface OneToken {
  accessToken: string;
  /** ISO 8601, UTC. */
  expiresAt: string;
  /** ISO 8601, UTC: from when on another one is fetched. Missing: a while before it expires. */
  renewAt?: string | undefined;
  /** Which credential it was minted with, and for whom, as a hash: a changed credential makes the stored token useless. */
  credential: string;
}

export interface StoredToken extends OneToken {
  /** Where each renewal needs the one that came with the last answer (Lever). Losing it means asking a person for consent again. */
  refreshToken?: string | undefined;
  /** What the consent allows, as the ATS told it (Lever). */
  scopes?: string[] | undefined;
  /** ISO 8601, UTC: when a person gave consent, and when the refresh token came. */
  consentedAt?: string | undefined;
  refreshedAt?: string | undefined;
  /** Those of other users (Greenhouse), newest first. */
  more?: OneToken[] | undefined;
}
