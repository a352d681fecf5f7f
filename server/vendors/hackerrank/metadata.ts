import { z } from 'zod';

/** Our own names in `invite_metadata` and in the metadata of an interview, which HackerRank keeps and tells again. */
const metadataSchema = z.object({ tagalong_invitation: z.uuid() });

/** By this an invitation is recognised as ours. The profile helps a person at HackerRank to find the candidate in the ATS. */
export function toMetadata(invitationId: string, profileUrl: string | null = null): Record<string, string> {
  return { tagalong_invitation: invitationId, ...(profileUrl !== null && { ats_profile_url: profileUrl }) };
}

/** Our id of the invitation; null for one that was made at HackerRank, or by somebody else's integration. */
export function readInvitationId(metadata: unknown): string | null {
  return metadataSchema.safeParse(metadata).data?.tagalong_invitation.toLowerCase() ?? null;
}
