/**
 * Identifiers. Each is text wherever it came from: Greenhouse numbers its rows beyond 32 bits and other systems use UUIDs
 * or slugs, so nothing may ever calculate with them. The optional mark lets the compiler catch one kind given for another
 * while plain text from a parsed payload still fits.
 */
type Id<Name extends string> = string & { readonly __kind?: Name };

/** Our own row for one configured account at an ATS or a vendor. */
export type ConnectionId = Id<'connection'>;
/** The ATS's id of an application: Greenhouse application id, Lever opportunity id. */
export type ApplicationId = Id<'application'>;
/** The ATS's id of the person: Greenhouse candidate id, Lever contact id. */
export type CandidateId = Id<'candidate'>;
export type StageId = Id<'stage'>;
export type ReasonId = Id<'disposition-reason'>;
export type AssessmentId = Id<'assessment'>;
export type InvitationId = Id<'invitation'>;
