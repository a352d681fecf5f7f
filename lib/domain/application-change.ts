/** What a person can do with an application besides moving it to a named stage. Never a rule's doing. */
export const CHANGE_KINDS = ['advance', 'transfer', 'reject', 'unreject', 'hire'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** One such change, whole. Ids are the ATS's own, found in its lists; the names beside them are for the reader. */
export type ApplicationChange =
  | { kind: 'advance' }
  | { kind: 'transfer'; jobId: string; jobName: string }
  | { kind: 'reject'; reasonId: string; reasonName: string }
  | { kind: 'unreject' }
  /** Greenhouse takes an opening, Lever one of its reasons of the type hired; each may leave it to the ATS where there is but one. */
  | { kind: 'hire'; openingId: string | null; reasonId: string | null };
