import type { Candidate, CustomValue, User } from '../world/records.ts';
import type { World } from '../world/world.ts';

type Json = Record<string, unknown>;

/** The `candidate` inside a webhook: still the words of v1. A rejection's candidate has no `url`. */
export function toCandidatePayload(world: World, candidate: Candidate, { withUrl = true } = {}): Json {
  const application = world.applicationsOf(candidate.id).at(-1);
  return {
    id: candidate.id,
    first_name: candidate.firstName,
    last_name: candidate.lastName,
    title: candidate.title,
    company: candidate.company,
    created_at: candidate.createdAt,
    external_id: null,
    photo_url: null,
    ...(withUrl ? { url: `${world.pagesUrl}/people/${candidate.id}` } : {}),
    is_private: candidate.private,
    can_email: candidate.canEmail,
    phone_numbers: candidate.phones,
    email_addresses: candidate.emails,
    addresses: candidate.addresses,
    website_addresses: candidate.websites,
    social_media_addresses: candidate.socialMedia,
    educations: [],
    employments: [],
    recruiter: toUserPayload(world.users.find(application?.recruiterId)),
    coordinator: toUserPayload(world.users.find(application?.coordinatorId)),
    attachments: toAttachments(world, candidate),
    tags: world.tagsOf(candidate.id),
    custom_fields: toCustomFieldsPayload(candidate.customFields),
  };
}

function toAttachments(world: World, candidate: Candidate): Json[] {
  const rows = world.attachments.list((row) => row.candidateId === candidate.id);
  return rows.map((row) => ({ filename: row.filename, url: row.url, type: row.type }));
}

export function toUserPayload(user: User | undefined): Json | null {
  if (!user) return null;
  return { id: user.id, email: user.email, name: `${user.firstName} ${user.lastName}`, employee_id: user.employeeId };
}

/** Webhooks say `boolean` where v3 says `yes_no`. */
export function toCustomFieldsPayload(fields: Record<string, CustomValue>): Json {
  const rename = (field: CustomValue) => ({ ...field, type: field.type === 'yes_no' ? 'boolean' : field.type });
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, rename(field)]));
}
