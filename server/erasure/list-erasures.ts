import { desc, eq, gte, sql } from 'drizzle-orm';
import type { ErasuresView, ErasureView } from '../../lib/contract/erasure.ts';
import { ATS_KINDS } from '../../lib/domain/ats.ts';
import { say } from '../say.ts';
import type { Database } from '../services.ts';
import { listDeletedWithPeople } from '../storage/connections.repository.ts';
import { connections, erasures, members } from '../storage/schema.ts';
import { OUTSIDE_CODES } from './list-outside.ts';

const SHOWN_MAX = 200;

/** Newest first, and whether there are older ones; and of which removed ATSs people may be erased. Names nobody who was erased. */
export async function listErasures(db: Database): Promise<ErasuresView> {
  const rows = await selectErasures(db)
    .orderBy(desc(erasures.askedAt))
    .limit(SHOWN_MAX + 1);
  return {
    erasures: rows.slice(0, SHOWN_MAX).map(toView),
    more: rows.length > SHOWN_MAX,
    removedConnections: await listRemoved(db),
  };
}

async function listRemoved(db: Database): Promise<ErasuresView['removedConnections']> {
  const rows = await listDeletedWithPeople(db);
  return rows.flatMap(({ id, kind: ofRow, name, deletedAt }) => {
    const kind = ATS_KINDS.find((one) => one === ofRow);
    return kind && deletedAt ? [{ id, kind, name, removedAt: deletedAt.toISOString() }] : [];
  });
}

export async function findErasure(db: Database, id: string): Promise<ErasureView | null> {
  const [row] = await selectErasures(db).where(eq(erasures.id, id));
  return row ? toView(row) : null;
}

function selectErasures(db: Database) {
  return db
    .select({ erasure: erasures, connectionName: connections.name, memberName: members.name })
    .from(erasures)
    .leftJoin(connections, eq(connections.id, erasures.connectionId))
    .leftJoin(members, eq(members.id, erasures.memberId));
}

type Row = Awaited<ReturnType<typeof selectErasures>>[number];

function toView({ erasure, connectionName, memberName }: Row): ErasureView {
  return {
    id: erasure.id,
    connectionName: connectionName ?? '',
    askedBy: erasure.askedBy,
    memberName,
    askedAt: erasure.askedAt.toISOString(),
    finishedAt: erasure.finishedAt?.toISOString() ?? null,
    applications: erasure.applicationKeys.length,
    outside: erasure.outside.flatMap(toSentence),
    counts: erasure.counts,
  };
}

function toSentence({ code, values }: { code: string; values: Record<string, string> }) {
  const known = OUTSIDE_CODES.find((one) => one === code);
  return known ? [{ code, text: say(`server.erasure.outside.${known}`, values) }] : [];
}

/** An erasure that was committed a moment after a browser asked bears an earlier time, and the clocks of two servers differ. */
const OVERLAP_MS = 5 * 60_000;

/** The keys under which nobody is to keep anything, of erasures that were asked for or finished since then; all without a time. */
export async function listErasedKeys(db: Database, since: Date | null): Promise<string[]> {
  const from = since && new Date(since.getTime() - OVERLAP_MS);
  const rows = await db
    .select({ keys: erasures.applicationKeys })
    .from(erasures)
    .where(from === null ? undefined : gte(sql`coalesce(${erasures.finishedAt}, ${erasures.askedAt})`, from));
  return [...new Set(rows.flatMap(({ keys }) => keys))];
}
