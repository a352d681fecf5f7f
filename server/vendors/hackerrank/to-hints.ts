import { z } from 'zod';
import type { VendorHint, VendorReport } from '../port.ts';
import { candidateSchema, type HackerrankCandidate } from './schemas.ts';
import { toReport } from './to-report.ts';
import { RESULT_EVENT } from './verify-delivery.ts';

/** As verify-delivery.ts hands it over. */
const provenSchema = z.object({ invitation: z.uuid(), report: z.record(z.string(), z.unknown()) });

/**
 * What a delivery claims. It is said to hold the report (HackerRank API docs), which is the candidate presumably, perhaps in
 * an envelope; whatever it is, it makes us read. Never `trusted`, and no number is taken from it: nothing of the body is signed.
 */
export function toHackerrankHints(body: unknown, receivedAt: Date): VendorHint[] {
  const proven = provenSchema.safeParse(body).data;
  if (!proven) return [];
  const { invitation: invitationId, report } = proven;
  return [{ event: RESULT_EVENT, invitationId: invitationId.toLowerCase(), claim: toClaim(readCandidate(report), receivedAt) }];
}

function readCandidate(report: Record<string, unknown>): HackerrankCandidate | undefined {
  return candidateSchema.safeParse(report).data ?? candidateSchema.safeParse(report.data).data;
}

function toClaim(candidate: HackerrankCandidate | undefined, receivedAt: Date): VendorReport {
  if (!candidate) return { state: 'sent', startedAt: null, submittedAt: null, result: null };
  const claim = toReport(candidate, { now: receivedAt, cutoff: null });
  if (!claim.result) return claim;
  const unsaid = { score: null, breakdown: [], integrity: { status: 'not evaluated' as const, signals: [] }, reportUrl: null };
  const { comment: _, ...result } = { ...claim.result, ...unsaid, seconds: null, verified: false };
  return { ...claim, result };
}
