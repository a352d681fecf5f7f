import { sql } from 'drizzle-orm';
import type { Transaction } from '../../services.ts';
import { RESTORED } from '../restored-at.ts';
import type { ExportHeader } from './export-file.ts';

/** A move, from the export to the import, takes minutes. */
const MOVE_WITHIN_MS = 60 * 60_000;

/**
 * Whether the export is all that was ever done: nobody was at work when it was made, and it was made just now. Of any other nobody knows
 * what servers did since, so that it is a restore. Whoever imports knows better, and may have `said` which it is.
 */
export function isMove(
  { atWork, takenAt }: Pick<ExportHeader, 'atWork' | 'takenAt'>,
  { now, said = null }: { now: Date; said?: 'move' | 'restored' | null },
): boolean {
  if (said) return said === 'move';
  return atWork === false && Math.abs(now.getTime() - Date.parse(takenAt)) < MOVE_WITHIN_MS;
}

/**
 * After a restore: whatever the backup has as still to be done may have been done since, by the server whose backup it is. So nobody who
 * entered a stage before now is invited by itself (each who waits there reads so and has a button), what was under way counts as cut off,
 * whose story says what to do, and what was held or waited for its tag is shown as unconfirmed: it may have been sent or undone since.
 * Clicks that were not decided yet are done as if nobody had: they are on their way for some milliseconds, or for as long as the ATS could
 * not be read.
 *
 * In words that every landed schema understands, because it belongs into the transaction that fills the tables.
 */
export async function lookAhead(tx: Transaction, { now, detail }: { now: Date; detail: string }): Promise<void> {
  const at = now.toISOString();
  // Asked for anew, so that what is older than a day is not given up at the first bad weather.
  await tx.execute(
    sql`update tagalong.effects set state = 'calling', created_at = ${at}::timestamptz where state in ('queued', 'calling')`,
  );
  const trouble = JSON.stringify({ code: 'invitation-unconfirmed', values: { detail } });
  await tx.execute(
    sql`update tagalong.invitations i set state = 'unconfirmed', trouble = ${trouble}::jsonb, due_at = null, poll_due_at = ${at}::timestamptz
      where i.state = 'held' or (i.state = 'sending' and not exists (
        select from tagalong.effects e where e.invitation_id = i.id and e.kind = 'send-invitation'))`,
  );
  await tx.execute(
    sql`insert into tagalong.settings (key, value, updated_at) values (${RESTORED}, ${JSON.stringify({ at })}::jsonb, ${at}::timestamptz)
      on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at`,
  );
}
