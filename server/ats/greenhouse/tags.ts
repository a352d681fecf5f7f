/**
 * Candidate tags of Greenhouse; applications have none of their own.
 * https://harvestdocs.greenhouse.io/reference/get_v3-candidate-tags
 * https://harvestdocs.greenhouse.io/reference/post_v3-candidate-tags
 * https://harvestdocs.greenhouse.io/reference/get_v3-applied-candidate-tags
 * https://harvestdocs.greenhouse.io/reference/post_v3-applied-candidate-tags
 *
 * Once: safe to repeat, because we look first. Two that add the same tag at the same time are told apart by Greenhouse (422), after
 * which we look again.
 */
import type { z } from 'zod';
import { sameTag } from '../../../lib/domain/assessment.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { type GreenhouseClient, toWireId } from './client.ts';
import { type GreenhouseTag, greenhouseAppliedTagSchema, greenhouseCreatedSchema, greenhouseTagSchema } from './schemas.ts';

/** Gives the candidate the tag, which is made if the company has none of that name. */
export async function addTag(client: GreenhouseClient, candidateId: string, tag: string): Promise<CallResult<void>> {
  const applied = await findApplied(client, candidateId, tag);
  if (!applied.ok) return applied;
  if (applied.value.length > 0) return succeed(undefined);
  const tagId = await ensureTag(client, tag);
  if (!tagId.ok) return tagId;
  const answer = await client.post('/applied_candidate_tags', {
    candidate_id: toWireId(candidateId),
    candidate_tag_id: toWireId(tagId.value),
  });
  if (answer.ok) return succeed(undefined);
  if (answer.kind !== 'refused') return answer;
  const meanwhile = await findApplied(client, candidateId, tag);
  return meanwhile.ok && meanwhile.value.length > 0 ? succeed(undefined) : answer;
}

/** Takes the tag from the candidate, in every spelling; the company keeps it. */
export async function removeTag(client: GreenhouseClient, candidateId: string, tag: string): Promise<CallResult<void>> {
  const applied = await findApplied(client, candidateId, tag);
  if (!applied.ok) return applied;
  for (const row of applied.value) {
    const answer = await client.delete(`/applied_candidate_tags/${row.id}`);
    // Not there any more: somebody else has taken it away.
    if (!answer.ok && answer.kind !== 'not-found') return answer;
  }
  return succeed(undefined);
}

type AppliedTag = z.infer<typeof greenhouseAppliedTagSchema>;

async function findApplied(client: GreenhouseClient, candidateId: string, tag: string): Promise<CallResult<AppliedTag[]>> {
  const rows = await client.list('/applied_candidate_tags', { candidate_ids: candidateId }, greenhouseAppliedTagSchema);
  if (!rows.ok) return rows;
  const ids = rows.value.map((row) => row.candidate_tag_id);
  const tags = await client.listByIds({ path: '/candidate_tags', parameter: 'ids', ids }, greenhouseTagSchema);
  if (!tags.ok) return tags;
  const meant = new Set(tags.value.filter((row) => isNamed(row, tag)).map((row) => row.id));
  return succeed(rows.value.filter((row) => meant.has(row.candidate_tag_id)));
}

/** The id of the company's tag of this name. Inferred: the body of the creating call is its name alone. */
async function ensureTag(client: GreenhouseClient, tag: string): Promise<CallResult<string>> {
  const known = await findTag(client, tag);
  if (!known.ok) return known;
  if (known.value) return succeed(known.value.id);
  const answer = await client.post('/candidate_tags', { name: tag.trim() });
  if (!answer.ok && answer.kind !== 'refused') return answer;
  const created = answer.ok ? greenhouseCreatedSchema.safeParse(answer.value) : undefined;
  if (created?.success) return succeed(created.data.id);
  const again = await findTag(client, tag);
  if (!again.ok) return again;
  if (again.value) return succeed(again.value.id);
  return answer.ok ? { ok: false, kind: 'ambiguous', detail: 'The new tag cannot be found' } : answer;
}

/** There is no filter by name, so the company's tags are looked through; the exact spelling is preferred. */
async function findTag(client: GreenhouseClient, tag: string): Promise<CallResult<GreenhouseTag | undefined>> {
  const tags = await client.list('/candidate_tags', {}, greenhouseTagSchema);
  if (!tags.ok) return tags;
  return succeed(tags.value.find((row) => row.name === tag.trim()) ?? tags.value.find((row) => isNamed(row, tag)));
}

function isNamed(row: GreenhouseTag, tag: string): boolean {
  return row.name !== null && sameTag(row.name, tag);
}
