import { z } from 'zod';
import { PASSED_BASES, REVISION_CAUSES } from '../../lib/domain/result.ts';
import type { AtsHint } from '../ats/port.ts';
import type { VendorHint } from '../vendors/port.ts';

/**
 * What stands in the column `hints`: written by the accept path from an adapter's own words, read back here. Most senders do not sign
 * their body, so an id may be anything that fits into JSON: one that no system would give makes the delivery unreadable, for it must
 * not hold up the others behind it.
 */
const id = z.string().max(200);
const time = z.string().nullable();
const score = z.object({ value: z.number(), max: z.number().nullable() }).nullable();

const result = z.object({
  status: z.enum(['provisional', 'final', 'voided']),
  verified: z.boolean(),
  score,
  percentile: z.number().nullish(),
  rating: z.string().nullable(),
  passed: z.object({ value: z.boolean(), basis: z.enum(PASSED_BASES) }).optional(),
  breakdown: z.array(
    z.object({ kind: z.enum(['skill', 'task', 'section']), name: z.string(), score, rating: z.string().nullable() }),
  ),
  integrity: z.object({
    status: z.enum(['clear', 'flagged', 'pending', 'not evaluated']),
    level: z.enum(['none', 'low', 'medium', 'high', 'unknown']).optional(),
    signals: z.array(z.string()),
  }),
  verdict: z.enum(['up', 'down']).nullable(),
  notes: z.string().nullable(),
  comment: z.string().optional(),
  reportUrl: z.string().nullable(),
  timeExpired: z.boolean(),
  seconds: z.number().nullish(),
  reportedAt: z.string(),
  revision: z.object({ because: z.enum(REVISION_CAUSES) }).optional(),
});

const claim = z.object({
  state: z.enum(['sent', 'started', 'submitted', 'scored', 'expired', 'cancelled']),
  startedAt: time,
  submittedAt: time,
  timeExpired: z.literal(true).optional(),
  result: result.nullable(),
});

const atsHints = z.array(
  z.object({
    applicationId: id.optional(),
    candidateId: id.optional(),
    event: z.string(),
    anonymised: z.literal(true).optional(),
    deleted: z.literal(true).optional(),
  }),
);
const vendorHints = z.array(
  z.object({
    event: z.string(),
    invitationId: id.optional(),
    externalId: id.optional(),
    assessmentExternalId: id.optional(),
    email: z.string().max(320).optional(),
    trusted: z.boolean().optional(),
    claim,
  }),
);

/** Null when they cannot be read. */
export function readAtsHints(stored: unknown): AtsHint[] | null {
  return atsHints.safeParse(stored).data ?? null;
}

/** Null when they cannot be read. */
export function readVendorHints(stored: unknown): VendorHint[] | null {
  return vendorHints.safeParse(stored).data ?? null;
}
