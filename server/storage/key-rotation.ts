import { isNotNull, ne, type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { recodeAuditHead } from '../audit/head.ts';
import type { Database, Transaction } from '../services.ts';
import { findHolding } from './find-holding.ts';
import {
  accommodations,
  atsTokens,
  connections,
  invitations,
  outgoingHooks,
  poolLinks,
  settings,
  webhookEndpoints,
} from './schema.ts';
import type { Sealer } from './seal.ts';
import { SEALED_FOR } from './seal-contexts.ts';

/** A sealed text, what it belongs to, and the column in which it stands. */
interface SealedText {
  table: string;
  column: string;
  isJson: boolean;
  /** Picks the row. */
  row: SQL;
  sealed: string;
  context: string;
}

export interface Rotation {
  /** How many texts are under the new key now that were not before. */
  resealed: number;
  /** Texts that no key here opens, by table: what belongs to them has to be entered again. */
  unreadable: Record<string, number>;
  /** Columns in which something is still under an earlier key: that key is needed. */
  left: string[];
  /** Columns in which something is under a key that is not here: an earlier one would not open it either. */
  lost: string[];
}

interface RotationKeys {
  /** Opens under all keys that are here. */
  from: Sealer;
  /** Seals under the new one. */
  to: Sealer;
  /** Of the new one. */
  mark: string;
  /** The marks of the earlier ones. */
  before: readonly string[];
}

/**
 * Seals everything anew that was sealed under an earlier master key. Beside running servers that know both keys: each text is exchanged only
 * while it still stands where it was read. Safe to repeat and to break off.
 */
export async function rotateKey(db: Database, keys: RotationKeys): Promise<Rotation> {
  const rotation: Rotation = { resealed: 0, unreadable: {}, left: [], lost: [] };
  for (const text of await listSealed(db)) {
    if (isUnder(text.sealed, keys.mark)) continue;
    const anew = sealAnew(text, keys);
    if (anew === null) rotation.unreadable[text.table] = (rotation.unreadable[text.table] ?? 0) + 1;
    else if (await exchange(db, text, anew)) rotation.resealed += 1;
  }
  await db.transaction((tx) => recodeAuditHead(tx, keys));
  // Mostly there is nothing, and one look tells.
  if ((await findLeft(db, keys.mark)).length === 0) return rotation;
  const left = await findSealed(db, markOneOf(keys.before));
  const lost = await findSealed(db, markNoneOf([keys.mark, ...keys.before]));
  return { ...rotation, left, lost };
}

function isUnder(sealed: string, mark: string): boolean {
  return sealed.startsWith(`v1.${mark}.`);
}

function sealAnew({ sealed, context }: SealedText, { from, to }: { from: Sealer; to: Sealer }): string | null {
  try {
    return to.seal(from.open(sealed, context), context);
  } catch {
    // It is counted, and told by name of its table.
    return null;
  }
}

/** A sealed text is like no other, so it is exchanged as text wherever it stands, also inside of JSON. */
async function exchange(db: Database, { table, column, isJson, row, sealed }: SealedText, anew: string): Promise<boolean> {
  const name = sql.identifier(column);
  const replaced = sql`replace(${name}::text, ${sealed}, ${anew})`;
  const { rowCount } = await db.execute(
    sql`update tagalong.${sql.identifier(table)} set ${name} = ${isJson ? sql`${replaced}::jsonb` : replaced}
        where ${row} and strpos(${name}::text, ${sealed}) > 0`,
  );
  return (rowCount ?? 0) > 0;
}

const mailSchema = z.object({ smtpUrl: z.string().nullish() });
const keySchema = z.object({ sealed: z.string() });

async function listSealed(db: Database): Promise<SealedText[]> {
  const byId = (table: string, id: string) => ({ table, row: sql`id = ${id}` });
  const byConnection = (table: string, id: string) => ({ table, row: sql`connection_id = ${id}` });
  const found: SealedText[] = [];
  for (const { id, secrets } of await db.select().from(connections)) {
    for (const [name, { sealed }] of Object.entries(secrets)) {
      const context = SEALED_FOR.connection(id, name);
      found.push({ ...byId('connections', id), column: 'secrets', isJson: true, sealed, context });
    }
  }
  for (const { id, secrets } of await db.select().from(webhookEndpoints)) {
    for (const { sealed } of secrets)
      found.push({ ...byId('webhook_endpoints', id), column: 'secrets', isJson: true, sealed, context: SEALED_FOR.webhook(id) });
  }
  for (const { connectionId, sealed } of await db.select().from(atsTokens)) {
    const context = SEALED_FOR.atsToken(connectionId);
    found.push({ ...byConnection('ats_tokens', connectionId), column: 'sealed', isJson: false, sealed, context });
  }
  const links = await db
    .select({ id: invitations.id, sealed: invitations.sealedLink })
    .from(invitations)
    .where(isNotNull(invitations.sealedLink));
  for (const { id, sealed } of links) {
    const context = SEALED_FOR.invitationLink(id);
    if (sealed) found.push({ ...byId('invitations', id), column: 'sealed_link', isJson: false, sealed, context });
  }
  // Empty where it was forgotten with the one to whom it was given.
  for (const { id, sealed } of await db.select().from(poolLinks).where(ne(poolLinks.sealed, '')))
    found.push({ ...byId('pool_links', id), column: 'sealed', isJson: false, sealed, context: SEALED_FOR.poolLink(id) });
  for (const { person, sealed } of await db.select().from(accommodations)) {
    const row = sql`person = ${person}`;
    found.push({
      table: 'accommodations',
      row,
      column: 'sealed',
      isJson: false,
      sealed,
      context: SEALED_FOR.accommodation(person),
    });
  }
  // Empty where the hook was deleted.
  for (const { id, sealedSecret: sealed } of await db.select().from(outgoingHooks).where(ne(outgoingHooks.sealedSecret, '')))
    found.push({
      ...byId('outgoing_hooks', id),
      column: 'sealed_secret',
      isJson: false,
      sealed,
      context: SEALED_FOR.outgoingHook(id),
    });
  for (const { key, value } of await db.select().from(settings)) found.push(...sealedSetting(key, value));
  return found;
}

function sealedSetting(key: string, value: unknown): SealedText[] {
  const place = { table: 'settings', row: sql`key = ${key}`, column: 'value', isJson: true };
  const mail = mailSchema.safeParse(value).data?.smtpUrl;
  const own = keySchema.safeParse(value).data?.sealed;
  return [
    ...(mail ? [{ ...place, sealed: mail, context: SEALED_FOR.mailServer }] : []),
    ...(own ? [{ ...place, sealed: own, context: SEALED_FOR.erasureKey }] : []),
  ];
}

/** 128 KiB of rows; what is large stands beside them, and a statement is given 10 s. */
const PAGES_AT_ONCE = 16;

/** Whatever the list above forgets: every column of ours that still holds a text sealed under another key. Reads all of each, in pieces. */
export async function findLeft(db: Database, mark: string, pages = PAGES_AT_ONCE): Promise<string[]> {
  return await findSealed(db, markNoneOf([mark]), pages);
}

/** As a part of a regular expression. */
function markOneOf(marks: readonly string[]): string {
  return `(?:${marks.map((mark) => mark.replaceAll('-', '\\-')).join('|')})`;
}

function markNoneOf(marks: readonly string[]): string {
  return `(?!${markOneOf(marks)}\\.)[A-Za-z0-9_-]{8}`;
}

async function findSealed(db: Database, mark: string, pages = PAGES_AT_ONCE): Promise<string[]> {
  const pattern = `v1\\.${mark}\\.[A-Za-z0-9_-]{60,}\\.`;
  const look = async (tx: Transaction) => {
    const { rows } = await tx.execute<{ table: string; column: string }>(
      sql`select table_name as "table", column_name as "column" from information_schema.columns
          where table_schema = 'tagalong' and data_type in ('text', 'jsonb')`,
    );
    const left: string[] = [];
    for (const [table, of] of Map.groupBy(rows, (row) => row.table)) {
      const columns = of.map(({ column }) => column);
      const holding = await findHolding(tx, { table, columns, pattern, pages });
      left.push(...holding.map((column) => `${table}.${column}`));
    }
    return left.toSorted();
  };
  return await db.transaction(look, { isolationLevel: 'repeatable read', accessMode: 'read only' });
}
