import { z } from 'zod';
import { succeed } from '../../outbound/outcome.ts';
import { firstWayThatFits, isTooLarge } from '../first-way-that-fits.ts';
import type { AtsAdapter } from '../port.ts';
import type { LeverClient, LeverQuery } from './client.ts';

/** With `stage` as an id, or as an object where somebody asked for it to be expanded. */
const rowSchema = z.object({
  id: z.string().min(1),
  stage: z
    .union([z.string().transform((id) => ({ id })), z.object({ id: z.string() })])
    .nullish()
    .catch(null),
});

/** As many as Lever gives, and fewer where a page of them is larger than we take. */
const PAGE_SIZES = [100, 20, 4];

/**
 * https://hire.lever.co/developer/documentation#list-all-opportunities
 * - `updated_at_start` would miss most, because `updatedAt` is null for nearly all rows of a real account.
 * - `advanced_at_start` finds who was moved, `created_at_start` who was put into a stage from the beginning and never moved since,
 *   `archived_at_start` who was archived or hired.
 * - The ends (`advanced_at_end` and so on) belong to the time that is asked for, as its beginnings do.
 * - Without `stage_id`, because who left a stage stands in another one by now.
 * - Without `confidentiality=all` the confidential ones are left out in silence.
 */
export const findChangedSince = (client: LeverClient): AtsAdapter['findChangedSince'] =>
  async function* ({ since, until, stageIds }) {
    const start = since.getTime();
    const end = until?.getTime();
    const queries: LeverQuery[] = [
      { advanced_at_start: start, advanced_at_end: end },
      { created_at_start: start, created_at_end: end },
      { archived_at_start: start, archived_at_end: end },
    ];
    const seen = new Set<string>();
    for (const query of queries) {
      const ways = PAGE_SIZES.map((limit) => ({
        pages: () => client.pages(['opportunities'], { confidentiality: 'all', limit, ...query }, rowSchema),
        leftFor: isTooLarge,
      }));
      for await (const page of firstWayThatFits(ways)) {
        if (!page.ok) return yield page;
        for (const { id, stage } of page.value) {
          // Rows move between pages while we read.
          if (!seen.has(id)) yield succeed({ applicationId: id, isElsewhere: !stage || !stageIds.includes(stage.id) });
          seen.add(id);
        }
      }
    }
  };
