import { and, inArray, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Database, Transaction } from '../services.ts';
import { applications, invitations } from '../storage/schema.ts';

/** Which of these addresses (lower case) any application or invitation here has, of those whose application's key is `among`. */
export async function findHad(
  db: Database | Transaction,
  addresses: readonly string[],
  among: (key: AnyPgColumn) => SQL | undefined,
): Promise<ReadonlySet<string>> {
  if (addresses.length === 0) return new Set();
  const shown = await db
    .selectDistinct({ email: sql<string>`lower(email)` })
    .from(
      sql`${applications}, jsonb_array_elements_text(case jsonb_typeof(${applications.snapshot} -> 'emails') when 'array' then ${applications.snapshot} -> 'emails' else '[]'::jsonb end) as email`,
    )
    .where(and(among(applications.key), inArray(sql`lower(email)`, [...addresses])));
  const invited = await db
    .selectDistinct({ email: invitations.person })
    .from(invitations)
    .where(and(inArray(invitations.person, [...addresses]), among(invitations.applicationKey)));
  return new Set([...shown, ...invited].map(({ email }) => email));
}
