import { and, eq, sql } from 'drizzle-orm';
import type { Member } from '../../lib/domain/member.ts';
import { findErasureWord } from '../erasure/find-erasure-word.ts';
import { hintFrom } from '../jobs/delivery-hints.ts';
import { type LaneParts, prepareRound } from '../jobs/lane.ts';
import { passOn } from '../jobs/relay.ts';
import { takeOutErased, wordsOf } from '../jobs/take-out-erased.ts';
import { appendAudit } from '../storage/audit.repository.ts';
import type { Round } from '../storage/commit-round.ts';
import { failureKeys, settleFailures } from '../storage/failures.repository.ts';
import { type Case, loadCase } from '../storage/load-case.ts';
import { connections, deliveries } from '../storage/schema.ts';

type DeliveryRow = typeof deliveries.$inferSelect;
type ConnectionRow = typeof connections.$inferSelect;

export interface Replayable {
  delivery: DeliveryRow;
  connection: ConnectionRow;
}

/** Null when it is not stored, or its connection is off or gone. */
export async function findReplayable({ services: { db } }: LaneParts, id: number): Promise<Replayable | null> {
  const [found] = await db
    .select({ delivery: deliveries, connection: connections })
    .from(deliveries)
    .innerJoin(connections, eq(connections.id, deliveries.connectionId))
    .where(and(eq(deliveries.id, id), eq(connections.enabled, true)));
  return found ?? null;
}

/** Whether an erasure took all that it told. What is left of one that names others, too, tells of them alone. */
function wasAllErased({ outcome, hints, body }: DeliveryRow): boolean {
  // The relay gives up one whose body an erasure took without its hints, too (`countFault`).
  return hints.length === 0 && (outcome === 'erased' || (outcome === 'failed' && body === null));
}

/** `erased`: nothing is left of it that could be run again, and it stays as it is. */
export type Replayed = { kind: 'taken'; row: DeliveryRow } | { kind: 'erased' };

/**
 * Puts what a stored webhook tells into the lanes once more, under another key. Nothing happens twice for it: the lanes read the world
 * again and decide, and what was decided before is known there. Once it is taken in, the failures list says no longer that it could not be.
 * Null when it is not stored any more.
 */
export async function replayForReal(
  parts: LaneParts,
  { delivery, connection }: Replayable,
  member: Member,
): Promise<Replayed | null> {
  const { services } = parts;
  return await services.db.transaction(async (tx) => {
    // It may have been erased since it was found.
    const [stored] = await tx.select().from(deliveries).where(eq(deliveries.id, delivery.id)).for('update');
    if (stored && wasAllErased(stored)) return { kind: 'erased' };
    const [row] = await tx
      .update(deliveries)
      .set({ replays: sql`${deliveries.replays} + 1` })
      .where(eq(deliveries.id, delivery.id))
      .returning();
    if (!row) return null;
    // Before it is passed on: what still cannot be read is listed anew.
    await settleFailures(tx, services, [failureKeys.delivery(row.id)]);
    await passOn(tx, parts, {
      waiting: [row],
      byId: new Map([[connection.id, connection]]),
      isReplay: true,
    });
    await appendAudit(tx, services, {
      who: { kind: 'member', id: member.id },
      action: 'delivery.replayed',
      connectionId: connection.id,
      detail: { why: { delivery: row.id, event: row.event, times: row.replays } },
    });
    const [after] = await tx.select().from(deliveries).where(eq(deliveries.id, row.id));
    return after ? { kind: 'taken', row: after } : null;
  });
}

/** What one application would come to. */
export interface Foreseen {
  current: Case;
  round: Round;
}

export type DryRun =
  | { kind: 'rounds'; rounds: Foreseen[] }
  /** Nobody we know, or nobody any more. */
  | { kind: 'nobody' | 'erased' | 'unreadable' }
  /** The webhook itself, or what the ATS shows now, is its word that somebody is to be erased. */
  | { kind: 'erases' };

/**
 * What a stored webhook would lead to now. The ATS and the vendor are read, and nothing is written: what the webhook tells is put into the
 * lanes in a transaction that is taken back, and the rounds are decided and not committed. Of somebody who would be erased instead, or was
 * erased before, nothing is shown.
 */
export async function replayDry(parts: LaneParts, replayable: Replayable): Promise<DryRun> {
  if (wasAllErased(replayable.delivery)) return { kind: 'erased' };
  const told = await foresee(parts, replayable);
  if (told.kind !== 'cases') return told;
  const { services } = parts;
  const rounds: Foreseen[] = [];
  for (const current of told.cases) {
    const round = await prepareRound(parts, current, services.random.uuid());
    // The lane asks this before it commits a round, and then commits none.
    const word = await findErasureWord(services, current, round);
    if (word?.kind === 'erase') return { kind: 'erases' };
    if (!word) rounds.push({ current, round });
  }
  const isOfErasedAlone = rounds.length === 0 && told.cases.length > 0;
  return isOfErasedAlone ? { kind: 'erased' } : { kind: 'rounds', rounds };
}

type Foretold = { kind: 'cases'; cases: Case[] } | Exclude<DryRun, { kind: 'rounds' }>;

class TakenBack extends Error {
  readonly told: Foretold;
  constructor(told: Foretold) {
    super('a dry run is taken back');
    this.told = told;
  }
}

const DRY = 'dry-run';

async function foresee({ services }: LaneParts, { delivery, connection }: Replayable): Promise<Foretold> {
  try {
    return await services.db.transaction(async (tx): Promise<Foretold> => {
      const [left] = await takeOutErased(tx, services, [{ delivery, side: connection.side }]);
      const hints = left?.hints ?? [];
      if (left?.named && hints.length === 0) throw new TakenBack({ kind: 'erased' });
      const living = { ...delivery, hints };
      if (connection.side === 'ats' && wordsOf(living).length > 0) throw new TakenBack({ kind: 'erases' });
      const word = `${DRY}:${services.random.uuid()}`;
      const keys = await hintFrom(tx, services, { delivery: living, connection, word, isReplay: true });
      if (!keys) throw new TakenBack({ kind: 'unreadable' });
      if (keys.length === 0) throw new TakenBack({ kind: 'nobody' });
      const cases: Case[] = [];
      for (const key of new Set(keys)) {
        const current = await loadCase(tx, key);
        if (!current) continue;
        const inputs = current.inputs.filter((input) => input.key.startsWith(word));
        // Only what this webhook tells; an ATS’s is a reason to look.
        const hinted = connection.side === 'ats' ? current.row.handled + 1 : current.row.handled;
        cases.push({ ...current, inputs, row: { ...current.row, hinted } });
      }
      throw new TakenBack({ kind: 'cases', cases });
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.told;
    throw error;
  }
}
