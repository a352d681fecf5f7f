import type { AppliedTag, Attachment, Tag } from '../../world/records.ts';
import { exactly, ids } from '../filters.ts';
import type { ListDefinition } from '../list.ts';

export const candidateTagList: ListDefinition<Tag> = {
  path: '/candidate_tags',
  scope: 'harvest:candidate_tags:list',
  table: (world) => world.tags,
  filters: () => ({}),
  toJson: toTagJson,
};

export function toTagJson(row: Tag): Record<string, unknown> {
  return { id: row.id, name: row.name, created_at: row.createdAt, updated_at: row.updatedAt };
}

export const appliedCandidateTagList: ListDefinition<AppliedTag> = {
  path: '/applied_candidate_tags',
  scope: 'harvest:applied_candidate_tags:list',
  table: (world) => world.appliedTags,
  filters: () => ({ candidate_ids: ids((row) => row.candidateId), candidate_tag_ids: ids((row) => row.tagId) }),
  toJson: toAppliedTagJson,
  candidateOf: (row) => row.candidateId,
};

export function toAppliedTagJson(row: AppliedTag): Record<string, unknown> {
  const tag = { candidate_id: row.candidateId, candidate_tag_id: row.tagId };
  return { id: row.id, ...tag, created_at: row.createdAt, updated_at: row.updatedAt };
}

export const attachmentList: ListDefinition<Attachment> = {
  path: '/attachments',
  scope: 'harvest:attachments:list',
  table: (world) => world.attachments,
  filters: () => ({
    application_ids: ids((row) => row.applicationId),
    candidate_ids: ids((row) => row.candidateId),
    type: exactly((row) => row.type),
  }),
  toJson: toAttachmentJson,
  candidateOf: (row) => row.candidateId,
};

export function toAttachmentJson(row: Attachment): Record<string, unknown> {
  const about = { application_id: row.applicationId, candidate_id: row.candidateId };
  const file = { type: row.type, filename: row.filename, url: row.url };
  return { id: row.id, ...about, ...file, created_at: row.createdAt, updated_at: row.updatedAt };
}
