import type { AtsHint } from '../port.ts';
import { leverHintSchema } from './schemas.ts';

/**
 * Only the opportunity counts: `candidateId` is deprecated and may be another id, and events about contacts, interviews
 * and postings change nothing for us. https://hire.lever.co/developer/documentation#webhooks
 */
export function toLeverHints(body: unknown): AtsHint[] {
  const delivery = leverHintSchema.safeParse(body);
  return delivery.success ? [{ applicationId: delivery.data.data.opportunityId, event: delivery.data.event }] : [];
}
