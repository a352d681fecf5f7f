import { z } from 'zod';
import type { Journal } from '../frame/journal.ts';

export const RATINGS = ['Strong', 'Leaning Strong', 'Needs Improvement', 'Poor'] as const;

/** The body of the product's generic webhook. Byteboard has no public API: whoever reports results sends this. */
export const reportSchema = z.strictObject({
  invitation: z.string().min(1),
  state: z.enum(['started', 'submitted', 'scored', 'expired']),
  rating: z.enum(RATINGS).optional(),
  skills: z.array(z.strictObject({ name: z.string(), rating: z.enum(RATINGS) })).optional(),
  notes: z.string().optional(),
  report_url: z.url().optional(),
});
export type ByteboardReport = z.output<typeof reportSchema>;

/** One candidate who opened their link. */
export interface ByteboardSession {
  /** What the link says; not ours. */
  invitation: string;
  email: string | null;
  state: 'opened' | 'started' | 'submitted' | 'scored';
  openedAt: Date;
}

/** What a grader found, by invitation. */
type ByteboardGrade = Pick<ByteboardReport, 'rating' | 'notes'>;

export interface ByteboardWorld {
  sessions: Map<string, ByteboardSession>;
  grades: Map<string, ByteboardGrade>;
  /** Where reports go and what signs them; none until they are set. */
  webhook: { url: string; secret: string } | null;
  settings: { reportsProgress: boolean };
  journal: Journal;
  now(): Date;
  newId(): string;
}
