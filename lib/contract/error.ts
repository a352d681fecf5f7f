import { z } from 'zod';

/** Every code the API can answer with; the words are in the message catalogue under `error`. */
export const ERROR_CODES = [
  'unauthorised',
  'forbidden',
  'not-found',
  'invalid',
  'too-large',
  'too-many-tries',
  'code-wrong',
  'code-expired',
  'page-moved-on',
  'too-late',
  'already-done',
  'no-connection',
  'connection-off',
  'ats-refused',
  'ats-unavailable',
  'ats-not-visible',
  'unknown-to-ats',
  'vendor-refused',
  'vendor-unavailable',
  'host-not-allowed',
  'store-unavailable',
  'late-click',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** A sentence a recruiter can act on comes with every error; `code` is for programs. */
export const apiErrorSchema = z.object({
  error: z.object({
    code: z.enum(ERROR_CODES),
    message: z.string(),
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
});
export type ApiErrorBody = z.infer<typeof apiErrorSchema>;
