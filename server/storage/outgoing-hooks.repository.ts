import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Database, Services, Transaction } from '../services.ts';
import { outgoingHooks } from './schema.ts';
import type { Sealer } from './seal.ts';
import { SEALED_FOR } from './seal-contexts.ts';

type Either = Database | Transaction;
export type HookRow = typeof outgoingHooks.$inferSelect;
export type HookFields = Pick<HookRow, 'name' | 'url' | 'events' | 'enabled'>;

/** Ready to be called. */
export interface OpenedHook {
  id: string;
  name: string;
  url: string;
  secret: string;
}

/** Without those that were deleted, in the order in which they were made. */
export async function listHooks(db: Either): Promise<HookRow[]> {
  return await db
    .select()
    .from(outgoingHooks)
    .where(isNull(outgoingHooks.deletedAt))
    .orderBy(asc(outgoingHooks.createdAt), asc(outgoingHooks.id));
}

export async function findHook(db: Either, id: string): Promise<HookRow | null> {
  const [row] = await db.select().from(outgoingHooks).where(isThere(id));
  return row ?? null;
}

export function openHook(sealer: Sealer, { id, name, url, sealedSecret }: HookRow): OpenedHook {
  return { id, name, url, secret: sealer.open(sealedSecret, SEALED_FOR.outgoingHook(id)) };
}

export async function addHook({ db, sealer, random, clock }: Services, fields: HookFields, secret: string): Promise<string> {
  const id = random.uuid();
  await db.insert(outgoingHooks).values({ ...fields, id, ...sealSecret(sealer, id, secret), createdAt: clock.now() });
  return id;
}

/** False when there is none with this id. `secret` takes the place of the one before at once. */
export async function changeHook(
  { db, sealer }: Pick<Services, 'db' | 'sealer'>,
  id: string,
  { secret, ...change }: Partial<HookFields> & { secret?: string },
): Promise<boolean> {
  const rows = await db
    .update(outgoingHooks)
    .set({ ...change, ...(secret && sealSecret(sealer, id, secret)), id })
    .where(isThere(id))
    .returning({ id: outgoingHooks.id });
  return rows.length > 0;
}

/** It is called no more, and its secret is forgotten. False when there is none with this id. */
export async function deleteHook(db: Either, { id, now }: { id: string; now: Date }): Promise<boolean> {
  const rows = await db
    .update(outgoingHooks)
    .set({ deletedAt: now, enabled: false, sealedSecret: '', lastFour: '' })
    .where(isThere(id))
    .returning({ id: outgoingHooks.id });
  return rows.length > 0;
}

/** `why` null: it was taken. */
export async function recordHookCall(db: Either, { id, at, why }: { id: string; at: Date; why: string | null }): Promise<void> {
  const came = why === null ? { lastOkAt: at } : { lastFailedAt: at, lastFailedBecause: why.slice(0, 500).toWellFormed() };
  await db.update(outgoingHooks).set(came).where(eq(outgoingHooks.id, id));
}

function sealSecret(sealer: Sealer, id: string, secret: string) {
  return { sealedSecret: sealer.seal(secret, SEALED_FOR.outgoingHook(id)), lastFour: secret.slice(-4) };
}

function isThere(id: string) {
  return and(eq(outgoingHooks.id, id), isNull(outgoingHooks.deletedAt));
}
