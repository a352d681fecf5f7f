import { sql } from 'drizzle-orm';

/** The setting that says when this database was filled from a backup after which others may have worked: `{"at": ISO 8601}`. */
export const RESTORED = 'restored';

/** A value of a select: ISO 8601, or null where all that was ever done stands here. */
export const RESTORED_AT = sql.raw(`(select value ->> 'at' from tagalong.settings where key = '${RESTORED}')`);

/** What the ATSs and vendors still tell of the time between a backup and its restore, they tell within this. */
const SOON_MS = 2 * 24 * 60 * 60_000;

export function isSoonAfterRestore(restoredAt: string | null, now: Date): boolean {
  return restoredAt !== null && now.getTime() - Date.parse(restoredAt) < SOON_MS;
}

/** Whether an effect was still to be done in the backup: the import asks for each of these anew, at the moment of the restore. */
export function isFromBackup(restoredAt: string | null, askedFor: Date): boolean {
  return restoredAt !== null && askedFor.getTime() <= Date.parse(restoredAt);
}
