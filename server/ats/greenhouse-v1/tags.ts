/**
 * Candidate tags by editing the candidate: the known permission list has no right to tags of their own.
 * https://developers.greenhouse.io/harvest.html#patch-edit-candidate
 *
 * Editing replaces all tags, so they are read right before. A tag that somebody else adds in between is lost to the edit: v1
 * offers nothing against that. Nothing is written when the tag is, or is not, there already.
 */
import { sameTag } from '../../../lib/domain/assessment.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { GreenhouseV1Client } from './client.ts';
import { readCandidate } from './read-snapshot.ts';

export async function addTag(client: GreenhouseV1Client, candidateId: string, tag: string): Promise<CallResult<void>> {
  return changeTags(client, candidateId, (tags) => (tags.some((text) => sameTag(text, tag)) ? tags : [...tags, tag.trim()]));
}

/** In every spelling. */
export async function removeTag(client: GreenhouseV1Client, candidateId: string, tag: string): Promise<CallResult<void>> {
  return changeTags(client, candidateId, (tags) => tags.filter((text) => !sameTag(text, tag)));
}

async function changeTags(
  client: GreenhouseV1Client,
  candidateId: string,
  change: (tags: string[]) => string[],
): Promise<CallResult<void>> {
  const candidate = await readCandidate(client, candidateId);
  if (!candidate.ok) return candidate;
  const tags = change(candidate.value.tags);
  if (tags.length === candidate.value.tags.length) return succeed(undefined);
  const place = { path: `/candidates/${candidateId}`, right: 'Candidates: Patch: Edit Candidate' };
  return client.write('PATCH', place, { tags });
}
