import { sql } from 'drizzle-orm';
import type { ChainEntry } from './chain.ts';

/** The fixed columns of an entry (`audit a`) as text, exactly as stored; seq and links besides. */
export const ENTRY_COLUMNS = sql.raw(`a.id::text as "id",
  to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "at",
  a.who_kind as "whoKind", a.who_id as "whoId", a.action as "action", a.application_key::text as "applicationKey",
  a.connection_id::text as "connectionId", a.detail_hash as "detailHash"`);

/** Their shape. A type and not an interface, because drizzle asks for an index signature. */
export type EntryRow = { [K in Exclude<keyof ChainEntry, 'seq'>]: ChainEntry[K] };
