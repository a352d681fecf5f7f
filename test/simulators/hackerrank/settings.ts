import { z } from 'zod';

/** A level of the documents: 0 none, 1 read, 2 read and write, 3 also delete. */
const level = z.coerce.number().int().min(0).max(3);

/** What the facts leave open, or what an account may have set differently. All can be changed while the simulator runs. */
export const settingsSchema = z.strictObject({
  /** `locked`: every call is 403. `no-api`: the plan has none, 403 as well. */
  account: z.enum(['active', 'locked', 'no-api']),
  /** Of the user whose key it is. */
  permissions: z.strictObject({ tests: level, candidates: level, interviews: level }),
  /** The number is not published; null: no limit. */
  callsPerSecond: z.coerce.number().int().positive().nullable(),
  /** Invitations to drafts are refused by the documents; a third party saw them accepted without any e-mail. */
  draftInvites: z.enum(['refuse', 'silent']),
  /** Whether a list of tests tells all documented fields, or only those that are not "additional". */
  listedTests: z.enum(['whole', 'basic']),
  /** Whether somebody who was just invited is found by searching and listing, or not for a while. */
  search: z.enum(['current', 'late']),
  /** What becomes of a candidate whose invitation was taken back: still there with `invite_valid` false, or 404. */
  cancelled: z.enum(['kept', 'gone']),
  /** The body of the result webhook is not public. */
  webhookBody: z.enum(['candidate', 'enveloped', 'empty']),
  /** Whether `accept_result_updates` is also told of a changed `ats_state`. */
  tellsAtsState: z.boolean(),
  /** How often the PDF is "not ready" before it is. */
  pdfNotReady: z.coerce.number().int().min(0),
  /** The status while the candidate works and while the report is made: 0 to 6 are internal. */
  internalStatus: z.strictObject({ started: z.number().int().min(0).max(6), submitted: z.number().int().min(0).max(6) }),
  /** The status of an interview: the words of the documents, the numbers they filter by, or the words of a public client's fixtures. */
  interviewStatus: z.enum(['words', 'numbers', 'client words']),
  webhooks: z.enum(['deliver', 'drop', 'hold', 'duplicate']),
});
export type HackerrankSettings = z.output<typeof settingsSchema>;

export const strictSettings: HackerrankSettings = {
  account: 'active',
  permissions: { tests: 3, candidates: 3, interviews: 3 },
  callsPerSecond: 10,
  draftInvites: 'refuse',
  listedTests: 'whole',
  search: 'current',
  cancelled: 'kept',
  webhookBody: 'candidate',
  tellsAtsState: true,
  pdfNotReady: 1,
  internalStatus: { started: 0, submitted: 3 },
  interviewStatus: 'words',
  webhooks: 'deliver',
};
