import { z } from 'zod';

/** What the access doctor found out about one connection. No secret is ever in it. */

export const accessRequestSchema = z.object({
  testCandidate: z
    .string()
    .trim()
    .max(2000)
    .optional()
    .describe(
      'An application on which harmless writes may be tried: its id, or the address of its page in the ATS. Our tag and note are taken away again. Without it, writes that only a trial can prove stay unknown.',
    ),
});
export type AccessRequest = z.infer<typeof accessRequestSchema>;

export const RIGHT_STATES = ['granted', 'missing', 'unneeded', 'unknown'] as const;

export const accessRightSchema = z.object({
  name: z.string().describe('The exact name of the scope or check box in that ATS.'),
  state: z
    .enum(RIGHT_STATES)
    .describe('unneeded: granted, and nothing that is switched on uses it. unknown: only a trial on a test candidate can tell.'),
  needed: z.boolean().describe('Whether something that is switched on does not work without it.'),
  purpose: z.string().describe('What it is for, in words.'),
});
export type AccessRight = z.infer<typeof accessRightSchema>;

export const FACT_IDS = [
  'credential',
  'acting-user',
  'token',
  'consent',
  'clock',
  'webhook',
  'allowance',
  'public-url',
  'trial',
] as const;

export const accessFactSchema = z.object({
  id: z.enum(FACT_IDS),
  state: z.enum(['good', 'bad', 'unknown']),
  text: z.string(),
});
export type AccessFact = z.infer<typeof accessFactSchema>;

export const accessReportSchema = z.object({
  connection: z.string(),
  examinedAt: z.string(),
  ok: z.boolean().describe('Nothing that is needed is missing, as far as could be seen.'),
  summary: z.string(),
  rights: z.array(accessRightSchema),
  facts: z.array(accessFactSchema),
});
export type AccessReport = z.infer<typeof accessReportSchema>;

/** Null while none was made. */
export const lastAccessReportSchema = z.object({ report: accessReportSchema.nullable() });
