import { succeed } from '../../outbound/outcome.ts';
import type { AtsOperations } from '../operations.ts';
import type { LeverClient } from './client.ts';
import { leverDeletedSchema } from './schemas.ts';

/** https://hire.lever.co/developer/documentation#list-deleted-opportunities ; takes the right to list opportunities. */
export const findDeletedSince = (client: LeverClient): NonNullable<AtsOperations['findDeletedSince']> =>
  async function* (since, until) {
    const query = { deleted_at_start: since.getTime(), deleted_at_end: until?.getTime() };
    for await (const page of client.pages(['opportunities', 'deleted'], query, leverDeletedSchema)) {
      if (!page.ok) return yield page;
      for (const { id, deletedAt } of page.value) {
        yield succeed({ applicationId: id, deletedAt: typeof deletedAt === 'number' ? new Date(deletedAt).toISOString() : null });
      }
    }
  };
