import { sql } from 'drizzle-orm';

/** The setting that says when this database was filled from a backup after which others may have worked: `{"at": ISO 8601}`. */
export const RESTORED = 'restored';

/** A value of a select: ISO 8601, or null where all that was ever done stands here. */
export const RESTORED_AT = sql.raw(`(select value ->> 'at' from tagalong.settings where key = '${RESTORED}')`);
