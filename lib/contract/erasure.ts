import { z } from 'zod';
import { ATS_KINDS } from '../domain/ats.ts';

/** Erasing a candidate, and what browsers are told of it. */

const id = z.string().trim().min(1).max(200);

/** Whom an admin means. An id alone could be an application's as well as a candidate's, and those are different people. */
export const erasedCandidateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('page'), url: z.string().trim().min(1).max(2000) }),
  z.object({ kind: z.literal('candidate'), id }),
  z.object({ kind: z.literal('application'), id }),
]);

export const ERASE_WORD = 'erase';

export const eraseSchema = z.object({
  connectionId: z.uuid().describe('An ATS, also one that was removed: see removedConnections of the list.'),
  candidate: erasedCandidateSchema,
  confirmation: z
    .literal(ERASE_WORD)
    .optional()
    .describe('The word "erase", typed by a person. Without it nothing is erased, and the answer says who would be.'),
});
export type Erase = z.input<typeof eraseSchema>;

/** Who would be erased, so that a mistyped id is seen before it is too late. */
export const erasePreviewSchema = z.object({
  candidateName: z.string().nullable(),
  applications: z.array(z.object({ jobName: z.string().nullable() })),
  openInvitations: z.number().int(),
});
export type ErasePreview = z.infer<typeof erasePreviewSchema>;

export const erasureSchema = z.object({
  id: z.string(),
  /** Empty when the connection is gone. */
  connectionName: z.string(),
  askedBy: z.enum(['admin', 'ats-deleted', 'ats-anonymised']),
  /** The admin's. */
  memberName: z.string().nullable(),
  askedAt: z.string(),
  /** Null while it is under way: a minute at most. */
  finishedAt: z.string().nullable(),
  applications: z.number().int(),
  /** What lies where Tagalong cannot erase it, and what was done about it; a sentence each. */
  outside: z.array(z.object({ code: z.string(), text: z.string() })),
  /** Rows that were erased, by table. */
  counts: z.record(z.string(), z.number()),
});
export type ErasureView = z.infer<typeof erasureSchema>;

/** An ATS connection that was removed, of whose candidates something is kept still. */
export const removedConnectionSchema = z.object({
  id: z.string(),
  kind: z.enum(ATS_KINDS),
  name: z.string(),
  removedAt: z.string(),
});
export type RemovedConnection = z.infer<typeof removedConnectionSchema>;

export const erasuresSchema = z.object({
  /** Newest first. */
  erasures: z.array(erasureSchema),
  more: z.boolean().default(false).describe('There are older ones than these.'),
  removedConnections: z
    .array(removedConnectionSchema)
    .default([])
    .describe(
      'Removed ATS connections of whose candidates something is kept still, the last removed first. Each may be erased as before.',
    ),
});
export type ErasuresView = z.infer<typeof erasuresSchema>;

export const erasedQuerySchema = z.object({
  since: z.iso.datetime().optional().describe('`until` of the answer before. Without it: all that there ever were.'),
});

/** Keys of applications, which mean nothing any more: whoever keeps something under one of them wipes it. */
export const erasedSchema = z.object({ keys: z.array(z.string()), until: z.string() });
