import type { Job, JobPost, Opening } from '../../world/records.ts';
import { exactly, flag, ids, moment, oneOf } from '../filters.ts';
import type { ListDefinition } from '../list.ts';

export const jobList: ListDefinition<Job> = {
  path: '/jobs',
  scope: 'harvest:jobs:list',
  table: (world) => world.jobs,
  filters: () => ({
    status: oneOf({
      open: (row) => row.status === 'open',
      draft: (row) => row.status === 'draft',
      closed: (row) => row.status === 'closed',
    }),
    requisition_id: exactly((row) => row.requisitionId),
    department_id: ids(() => null),
    office_id: ids(() => null),
    confidential: flag((row) => row.confidential),
    opened_at: moment((row) => row.openedAt),
    closed_at: moment((row) => row.closedAt),
  }),
  toJson: (row) => ({
    id: row.id,
    name: row.name,
    requisition_id: row.requisitionId,
    notes: row.notes,
    status: row.status,
    confidential: row.confidential,
    opened_at: row.openedAt,
    closed_at: row.closedAt,
    is_template: false,
    copied_from_id: null,
    department_id: null,
    office_ids: [],
    custom_fields: {},
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  }),
};

export const openingList: ListDefinition<Opening> = {
  path: '/openings',
  scope: 'harvest:openings:list',
  table: (world) => world.openings,
  filters: () => ({
    job_ids: ids((row) => row.jobId),
    open: flag((row) => row.closedAt === null),
    opening_id: exactly((row) => row.openingId),
    application_ids: ids((row) => row.applicationId),
  }),
  toJson: (row) => ({
    id: row.id,
    job_id: row.jobId,
    opening_id: row.openingId,
    open: row.closedAt === null,
    opened_at: row.openedAt,
    closed_at: row.closedAt,
    application_id: row.applicationId,
    close_reason_id: row.closeReasonId,
    target_start_on: null,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  }),
};

export const jobPostList: ListDefinition<JobPost> = {
  path: '/job_posts',
  scope: 'harvest:job_posts:list',
  table: (world) => world.jobPosts,
  filters: () => ({ job_ids: ids((row) => row.jobId) }),
  toJson: (row) => ({
    id: row.id,
    job_id: row.jobId,
    title: row.title,
    internal: false,
    live: row.live,
    active: row.live,
    public_url: null,
    content: null,
    questions: [],
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  }),
};
