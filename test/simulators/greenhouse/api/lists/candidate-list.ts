import type { Candidate } from '../../world/records.ts';
import type { World } from '../../world/world.ts';
import { exactly, flag, ids, ignoringCase, moment } from '../filters.ts';
import type { ListDefinition } from '../list.ts';

export const candidateList: ListDefinition<Candidate> = {
  path: '/candidates',
  scope: 'harvest:candidates:list',
  table: (world) => world.candidates,
  filters: (world) => ({
    email: ignoringCase((row) => row.emails.map((email) => email.value)),
    tag: exactly((row) => world.tagsOf(row.id)),
    private: flag((row) => row.private),
    last_activity_at: moment((row) => row.lastActivityAt),
    custom_field_option_id: ids(() => null),
  }),
  toJson: toCandidateJson,
  candidateOf: (row) => row.id,
};

/** Neither applications, recruiter, photo nor url are in it. */
export function toCandidateJson(row: Candidate, world: World): Record<string, unknown> {
  return {
    id: row.id,
    first_name: row.firstName,
    last_name: row.lastName,
    preferred_name: row.preferredName,
    company: row.company,
    title: row.title,
    private: row.private,
    can_email: row.canEmail,
    tags: world.tagsOf(row.id),
    email_addresses: row.emails,
    phone_numbers: row.phones,
    addresses: row.addresses,
    website_addresses: row.websites,
    social_media_addresses: row.socialMedia,
    linked_user_ids: [],
    time_zone: null,
    message: null,
    custom_fields: row.customFields,
    last_activity_at: row.lastActivityAt,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  };
}
