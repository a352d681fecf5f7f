import {
  type Activity,
  type Application,
  type Candidate,
  type CustomField,
  type Job,
  type Note,
  REASON_TYPES,
  type Stage,
  type User,
} from '../world/records.ts';
import type { World } from '../world/world.ts';

type Json = Record<string, unknown>;

/** The shapes of v1: children are embedded, and the words are those that webhooks still use. */
export function toV1Application(row: Application, world: World): Json {
  const hidden = row.status === 'rejected' && world.settings.rejectedStage === 'null';
  const stage = hidden ? undefined : world.currentStage(row);
  const reason = world.reasons.find(row.rejectionReasonId);
  const jobIds = row.jobId === null ? row.prospectiveJobIds : [row.jobId];
  const jobs = jobIds.flatMap((id) => world.jobs.find(id) ?? []);
  return {
    id: row.id,
    candidate_id: row.candidateId,
    prospect: row.prospect,
    applied_at: row.createdAt,
    rejected_at: row.rejectedAt,
    last_activity_at: row.lastActivityAt,
    location: null,
    source: row.source && { id: row.source.id, public_name: row.source.name },
    credited_to: null,
    rejection_reason: reason ? { id: reason.id, name: reason.name, type: toReasonType(reason.type) } : null,
    rejection_details: reason ? {} : null,
    jobs: jobs.map(({ id, name }) => ({ id, name })),
    job_post_id: row.jobPostId,
    status: row.status === 'in_process' ? 'active' : row.status,
    current_stage: stage ? { id: stage.id, name: stage.name } : null,
    answers: [],
    prospective_department: null,
    prospective_office: null,
    prospect_detail: { prospect_pool: null, prospect_stage: null, prospect_owner: null },
    ...toCustomFields('application', row.customFields, world),
  };
}

function toReasonType(type: keyof typeof REASON_TYPES): Json {
  return { id: Object.keys(REASON_TYPES).indexOf(type) + 1, name: REASON_TYPES[type] };
}

export function toV1Candidate(row: Candidate, world: World): Json {
  const applications = world.applicationsOf(row.id);
  return {
    id: row.id,
    first_name: row.firstName,
    last_name: row.lastName,
    company: row.company,
    title: row.title,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    last_activity: row.lastActivityAt,
    is_private: row.private,
    photo_url: null,
    attachments: [],
    application_ids: applications.map(({ id }) => id),
    phone_numbers: row.phones,
    addresses: row.addresses,
    email_addresses: row.emails,
    website_addresses: row.websites,
    social_media_addresses: row.socialMedia,
    recruiter: null,
    coordinator: null,
    can_email: row.canEmail,
    tags: world.tagsOf(row.id),
    applications: applications.map((application) => toV1Application(application, world)),
    educations: [],
    employments: [],
    linked_user_ids: [],
    ...toCustomFields('candidate', row.customFields, world),
  };
}

/** Twice: the values alone, and with name and type. Fields without a value are there too. */
function toCustomFields(of: CustomField['fieldType'], kept: Candidate['customFields'], world: World): Json {
  const fields = world.customFields
    .list((row) => row.fieldType === of && row.active)
    .map(({ nameKey, name, valueType }) => [nameKey, kept[nameKey] ?? { name, type: valueType, value: null }] as const);
  const values = fields.map(([key, { value }]) => [key, value]);
  return { custom_fields: Object.fromEntries(values), keyed_custom_fields: Object.fromEntries(fields) };
}

export function toV1Job(row: Job): Json {
  return {
    id: row.id,
    name: row.name,
    requisition_id: row.requisitionId,
    notes: row.notes,
    confidential: row.confidential,
    status: row.status,
    created_at: row.createdAt,
    opened_at: row.openedAt,
    closed_at: row.closedAt,
    updated_at: row.updatedAt,
  };
}

export function toV1Stage(row: Stage): Json {
  return {
    id: row.id,
    name: row.name,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    active: row.active,
    job_id: row.jobId,
    priority: row.sortOrder,
    interviews: [],
  };
}

/** Newest first. The texts are for people: their wording is no contract, and a setting empties them. */
export function toV1Feed(candidateId: number, world: World): Json {
  const notes = world.notes.list((row) => row.candidateId === candidateId);
  const activities = world.activities.list((row) => row.candidateId === candidateId);
  return {
    notes: notes.reverse().map((row) => toV1Note(row)),
    emails: [],
    activities: activities.reverse().map((row) => toActivity(row, world)),
  };
}

export function toV1Note({ id, createdAt, body, userId, visibility }: Note): Json {
  const user = userId === null ? null : { id: userId };
  return { id, created_at: createdAt, body, user, private: visibility === 'private', visiblity: visibility, visibility };
}

function toActivity({ id, createdAt, by, text, applicationId }: Activity, world: World): Json {
  const job = world.jobs.find(world.applications.find(applicationId)?.jobId);
  const body = world.settings.v1ActivityTexts === 'empty' ? '' : `${by} ${text}${job ? ` for ${job.name}` : ''}`;
  return { id, created_at: createdAt, subject: null, body, user: null };
}

export function toV1User(row: User): Json {
  return {
    id: row.id,
    name: `${row.firstName} ${row.lastName}`,
    first_name: row.firstName,
    last_name: row.lastName,
    primary_email_address: row.email,
    updated_at: row.updatedAt,
    created_at: row.createdAt,
    disabled: row.deactivated,
    site_admin: row.siteAdmin,
    emails: [row.email],
    employee_id: row.employeeId,
    linked_candidate_ids: [],
    offices: [],
    departments: [],
  };
}
