import { z } from 'zod';
import { OUTCOME_NAMES } from '../domain/outcome.ts';

export const outcomeWordsSchema = z
  .partialRecord(z.enum(OUTCOME_NAMES), z.string().trim().max(100))
  .optional()
  .describe('What became of a candidate, in the vendor’s words, where it takes any. Without a word nothing is told.');
export type OutcomeWords = NonNullable<z.infer<typeof outcomeWordsSchema>>;
