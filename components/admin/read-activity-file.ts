import { activityPartSchema } from '../../lib/contract/activity.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { type ActivityFilters, toQuery } from './activity-query.ts';
import type { AdminApi } from './admin-api.ts';

/** As many entries as the server gives at once. A message of an extension holds 64 MiB at most, which a whole file may exceed. */
const PART = '500';

/**
 * All that the filters find, as the pieces of a file; rejects when one of them cannot be read. Downwards from the newest of the first
 * part, so that what happens meanwhile is neither in it twice nor makes a gap.
 */
export async function readActivityFile(api: Pick<AdminApi, 'read'>, filters: ActivityFilters, format: string): Promise<string[]> {
  const texts: string[] = [];
  for (let before: string | undefined; ; ) {
    const path = `${PATHS.activityExport}${toQuery(filters, { format, limit: PART, before })}`;
    const { text, next } = await api.read(path, activityPartSchema);
    texts.push(text);
    if (next === null) return texts;
    before = next;
  }
}
