import type { ActivityEntry } from '../../lib/contract/activity.ts';
import type { Sight } from '../people/may-see.ts';
import type { Database } from '../services.ts';
import { type ActivityFilter, type ActivityRow, listActivity } from '../storage/activity.repository.ts';
import { toActivityEntry } from './activity-view.ts';
import type { Viewer } from './sight.ts';

/** Rows of one look after the first, which is as long as the page. */
const ROWS = 500;
/** For one page. Whoever sees everybody needs one. */
const LOOKS = 5;

export interface ActivityPage {
  entries: ActivityEntry[];
  /** To go on from; null: that was all. */
  next: string | null;
}

/**
 * One page as this viewer may see it. What is hidden is not found by a text, nor does a next page tell of it: there is one only where something
 * shown follows. But where very much of what was found is hidden, the page ends early, and the next goes on from there.
 */
export async function readActivityPage(
  db: Database,
  viewer: Viewer,
  filter: ActivityFilter,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<ActivityPage> {
  const entries: ActivityEntry[] = [];
  let mark = before;
  for (let look = 0; look < LOOKS; look += 1) {
    const count = look === 0 ? limit + 1 : ROWS;
    const rows = await listActivity(db, filter, { before: mark, limit: count });
    for (const row of rows) {
      const sight = await sightOf(viewer, row);
      if (sight !== 'all' && !row.isFoundOpenly) continue;
      if (entries.length === limit) return { entries, next: entries.at(-1)?.id ?? null };
      entries.push(toActivityEntry(row, sight));
    }
    if (rows.length < count) return { entries, next: null };
    mark = rows.at(-1)?.id;
  }
  return { entries, next: mark ?? null };
}

/** Of an application that was never read, or that was erased, nothing is known that could be hidden. */
async function sightOf(viewer: Viewer, { seenBy }: ActivityRow): Promise<Sight> {
  if (seenBy === null) return 'all';
  const { connectionId, ats, ...candidate } = seenBy;
  return await viewer.sightOf({ connectionId, ats, candidate });
}
