import { and, isNull, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Database, Transaction } from '../services.ts';
import { erasures } from './schema.ts';

const names = (key: string) => sql`${erasures.applicationKeys} @> ${JSON.stringify([key])}::jsonb`;

/** Asked for and not finished: until its rows are gone, nothing but taking invitations back is done for this application. */
export async function isBeingErased(db: Database | Transaction, key: string): Promise<boolean> {
  const [row] = await db
    .select({ id: erasures.id })
    .from(erasures)
    .where(and(isNull(erasures.finishedAt), names(key)))
    .limit(1);
  return row !== undefined;
}

/** The same, as a condition over a column that holds the key. */
export function isErasing(key: AnyPgColumn): SQL<boolean> {
  return sql<boolean>`exists (select from ${erasures}
    where ${isNull(erasures.finishedAt)} and ${erasures.applicationKeys} @> jsonb_build_array(${key}::text))`;
}

/** When the erasure of this application of ours was asked for; null when it never was. */
export async function whenKeyErased(db: Database | Transaction, key: string): Promise<Date | null> {
  const [row] = await db.select({ askedAt: erasures.askedAt }).from(erasures).where(names(key)).limit(1);
  return row?.askedAt ?? null;
}
