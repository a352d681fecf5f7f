import {
  type CustomField,
  type CustomFieldOption,
  REASON_TYPES,
  type Reason,
  type RejectionDetail,
  type User,
} from '../../world/records.ts';
import { exactly, flag, ids, oneOf, texts } from '../filters.ts';
import type { ListDefinition } from '../list.ts';

export const userList: ListDefinition<User> = {
  path: '/users',
  scope: 'harvest:users:list',
  table: (world) => world.users,
  filters: () => ({
    primary_email: exactly((row) => row.email),
    deactivated: flag((row) => row.deactivated),
    employee_ids: texts((row) => row.employeeId),
    show_service_accounts: oneOf({ true: () => true, false: () => true }),
  }),
  narrow: (query) => (row) => !row.serviceAccount || query.get('show_service_accounts') === 'true',
  toJson: (row) => ({
    id: row.id,
    name: `${row.firstName} ${row.lastName}`,
    first_name: row.firstName,
    last_name: row.lastName,
    primary_email: row.email,
    emails: [row.email],
    site_admin: row.siteAdmin,
    deactivated: row.deactivated,
    job_title: row.jobTitle,
    employee_id: row.employeeId,
    office_ids: [],
    department_ids: [],
    linked_candidate_ids: [],
    interviewer_tags: [],
    agency_id: null,
    custom_fields: {},
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  }),
};

export const rejectionReasonList: ListDefinition<Reason> = {
  path: '/rejection_reasons',
  scope: 'harvest:rejection_reasons:list',
  table: (world) => world.reasons,
  filters: () => ({ include_defaults: oneOf({ true: () => true, false: () => true }) }),
  narrow: (query) => (row) => !row.builtIn || query.get('include_defaults') === 'true',
  toJson: toReasonJson,
};

export function toReasonJson(row: Reason): Record<string, unknown> {
  const id = Object.keys(REASON_TYPES).indexOf(row.type) + 1;
  const type = { id, key: row.type, name: REASON_TYPES[row.type] };
  return { id: row.id, name: row.name, type, created_at: row.createdAt, updated_at: row.updatedAt };
}

export const rejectionDetailList: ListDefinition<RejectionDetail> = {
  path: '/rejection_details',
  scope: 'harvest:rejection_details:list',
  table: (world) => world.rejectionDetails,
  filters: () => ({ application_ids: ids((row) => row.applicationId) }),
  toJson: toRejectionDetailJson,
  candidateOf: (row, world) => world.applications.find(row.applicationId)?.candidateId ?? null,
};

export function toRejectionDetailJson(row: RejectionDetail): Record<string, unknown> {
  return {
    id: row.id,
    application_id: row.applicationId,
    rejected_by_id: row.rejectedById,
    rejection_reason_id: row.reasonId,
    rejection_note_id: row.noteId,
    rejected_at: row.rejectedAt,
    question_custom_fields: [],
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  };
}

export const customFieldList: ListDefinition<CustomField> = {
  path: '/custom_fields',
  scope: 'harvest:custom_fields:list',
  table: (world) => world.customFields,
  filters: () => ({ field_type: exactly((row) => row.fieldType) }),
  toJson: (row) => ({
    id: row.id,
    name: row.name,
    name_key: row.nameKey,
    field_type: row.fieldType,
    value_type: row.valueType,
    private: row.private,
    required: row.required,
    active: row.active,
    api_only: false,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  }),
};

export const customFieldOptionList: ListDefinition<CustomFieldOption> = {
  path: '/custom_field_options',
  scope: 'harvest:custom_field_options:list',
  table: (world) => world.customFieldOptions,
  filters: () => ({ custom_field_ids: ids((row) => row.fieldId) }),
  toJson: (row) => ({
    id: row.id,
    custom_field_id: row.fieldId,
    name: row.name,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  }),
};
