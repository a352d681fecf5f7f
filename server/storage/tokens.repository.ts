import { and, eq, isNull } from 'drizzle-orm';
import type { Member } from '../../lib/domain/member.ts';
import type { Database, Transaction } from '../services.ts';
import { hashSecret } from './hash-secret.ts';
import { members, tokens } from './schema.ts';

export interface TokenHolder {
  tokenId: string;
  member: Member;
  /** The extension's origin that paired; null when something else did. */
  origin: string | null;
  lastUsedAt: Date | null;
}

/** Written at most this often, so that a busy panel does not turn every read into a write. */
const TOUCH_EVERY_MS = 60_000;

/**
 * Who holds this token, or null for an unknown or revoked one. Looked up by its SHA-256: how long that takes says nothing
 * about the token itself, so no stored secret can be felt out byte by byte.
 */
export async function findTokenHolder(db: Database, token: string): Promise<TokenHolder | null> {
  const rows = await db
    .select({ token: tokens, member: members })
    .from(tokens)
    .innerJoin(members, eq(members.id, tokens.memberId))
    .where(and(eq(tokens.hash, hashSecret(token)), isNull(tokens.revokedAt), isNull(members.revokedAt)));
  const row = rows[0];
  if (!row) return null;
  const { id, name, role } = row.member;
  return { tokenId: row.token.id, member: { id, name, role }, origin: row.token.origin, lastUsedAt: row.token.lastUsedAt };
}

/** Notes that a token was used, to the minute. */
export async function touchToken(db: Database, use: { id: string; lastUsedAt: Date | null; now: Date }): Promise<void> {
  if (use.lastUsedAt !== null && use.now.getTime() - use.lastUsedAt.getTime() < TOUCH_EVERY_MS) return;
  await db.update(tokens).set({ lastUsedAt: use.now }).where(eq(tokens.id, use.id));
}

/** Makes the token of a new member; only its hash is kept. */
export async function addToken(
  tx: Transaction,
  token: { id: string; memberId: string; secret: string; device: string; origin: string | null; now: Date },
): Promise<void> {
  const { id, memberId, device, origin } = token;
  await tx.insert(tokens).values({ id, memberId, hash: hashSecret(token.secret), device, origin, createdAt: token.now });
}

/** Ends one token, and its member with the last one: a new connection always makes a new member. */
export async function revokeToken(db: Database, { tokenId, now }: { tokenId: string; now: Date }): Promise<void> {
  await db.transaction(async (tx) => {
    const [ended] = await tx.update(tokens).set({ revokedAt: now }).where(eq(tokens.id, tokenId)).returning();
    if (!ended) return;
    const live = await tx
      .select({ id: tokens.id })
      .from(tokens)
      .where(and(eq(tokens.memberId, ended.memberId), isNull(tokens.revokedAt)));
    if (live.length === 0) await tx.update(members).set({ revokedAt: now }).where(eq(members.id, ended.memberId));
  });
}

/** Whether a token still counts; for streams, which outlive the request that was checked. */
export async function isTokenLive(db: Database, tokenId: string): Promise<boolean> {
  const rows = await db
    .select({ id: tokens.id })
    .from(tokens)
    .innerJoin(members, eq(members.id, tokens.memberId))
    .where(and(eq(tokens.id, tokenId), isNull(tokens.revokedAt), isNull(members.revokedAt)));
  return rows.length === 1;
}
