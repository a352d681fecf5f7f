/** https://hire.lever.co/developer/documentation#webhooks */
import { z } from 'zod';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { AtsWebhookManager } from '../port.ts';
import type { LeverClient } from './client.ts';

const listedSchema = z.object({ id: z.string().min(1), event: z.string(), url: z.string() });
const configured = z.object({ configuration: z.object({ signatureToken: z.string().min(1) }) });
/** Lever's example wraps it twice. */
const madeSchema = z.union([
  z.object({ id: z.string().min(1) }).and(configured),
  z.object({ data: z.object({ id: z.string().min(1) }).and(configured) }).transform(({ data }) => data),
]);

export function createLeverWebhookManager(client: LeverClient): AtsWebhookManager {
  return {
    list: () => client.list(['webhooks'], { limit: undefined }, listedSchema),
    async create({ event, url }) {
      // Not repeated by itself: a second one for the same event and address would be accepted.
      const made = await client.write('POST', ['webhooks'], { json: { event, url } }, {});
      if (!made.ok) return made;
      const parsed = madeSchema.safeParse(made.value);
      if (!parsed.success) return { ok: false, kind: 'ambiguous', detail: 'Lever showed no signing token for the new webhook.' };
      return succeed({ id: parsed.data.id, signingToken: parsed.data.configuration.signatureToken });
    },
    async remove(id): Promise<CallResult<void>> {
      const removed = await client.write('DELETE', ['webhooks', id], {}, {});
      return removed.ok || removed.kind === 'not-found' ? succeed(undefined) : removed;
    },
  };
}
