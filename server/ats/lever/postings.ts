import type { CallResult } from '../../outbound/outcome.ts';
import type { AtsJob } from '../operations.ts';
import type { LeverClient } from './client.ts';
import { mapped } from './results.ts';
import { type LeverPosting, leverPostingSchema } from './schemas.ts';

/** https://hire.lever.co/developer/documentation#list-all-postings ; confidential ones are left out in silence unless asked for. */
export async function listJobs(client: LeverClient): Promise<CallResult<AtsJob[]>> {
  return mapped(await client.list(['postings'], { confidentiality: 'all' }, leverPostingSchema), toAtsJobs);
}

export function toAtsJobs(postings: readonly LeverPosting[]): AtsJob[] {
  return postings.map(({ id, text, state, confidentiality }) => ({
    jobId: id,
    name: text?.trim() || null,
    status: toStatus(state),
    // As with opportunities: a third word had better be taken for the stricter.
    confidential: Boolean(confidentiality) && confidentiality !== 'non-confidential',
  }));
}

/** `internal` is open to colleagues. What waits for an approval or was refused one has never been open. */
function toStatus(state: string | null | undefined): AtsJob['status'] {
  switch (state) {
    case 'published':
    case 'internal':
      return 'open';
    case 'closed':
      return 'closed';
    case 'draft':
    case 'pending':
    case 'rejected':
      return 'draft';
    default:
      return 'unknown';
  }
}
