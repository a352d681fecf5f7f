import type { Note } from '../../world/records.ts';
import { ids, oneOf } from '../filters.ts';
import type { ListDefinition } from '../list.ts';

/** Read and written visibilities are different words. */
const READ_VISIBILITY = {
  admin_only: 'admin_only_visible',
  private: 'privately_visible',
  public: 'publicly_visible',
} as const;

const TYPES =
  'NOTE ACTIVITY INTERVIEW EMAIL FOLLOW_UP TAKE_HOME_TEST LINKEDIN_NOTE LINKEDIN_INMAIL AVAILABILITY_REQUEST MIGRATION_ERROR TOUCHPOINT FORM FEEDBACK';

/** Stage changes are not in it. */
export const noteList: ListDefinition<Note> = {
  path: '/notes',
  scope: 'harvest:notes:list',
  table: (world) => world.notes,
  filters: () => ({
    candidate_ids: ids((row) => row.candidateId),
    application_ids: ids((row) => row.applicationId),
    user_ids: ids((row) => row.userId),
    type: oneOf(Object.fromEntries(TYPES.split(' ').map((type) => [type, (row: Note) => row.type === type]))),
    visibility: oneOf({
      admin_only_visible: (row) => row.visibility === 'admin_only',
      privately_visible: (row) => row.visibility === 'private',
      publicly_visible: (row) => row.visibility === 'public',
    }),
  }),
  toJson: toNoteJson,
  candidateOf: (row) => row.candidateId,
};

export function toNoteJson(row: Note): Record<string, unknown> {
  return {
    id: row.id,
    candidate_id: row.candidateId,
    application_id: row.applicationId,
    user_id: row.userId,
    type: row.type,
    visibility: READ_VISIBILITY[row.visibility],
    body: row.body,
    body_with_tags: row.body,
    subject: row.subject,
    email_from: row.emailFrom,
    email_to: row.emailTo,
    email_cc: row.emailCc,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  };
}
