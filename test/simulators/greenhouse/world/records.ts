import type { Stamped } from './table.ts';

export interface User extends Stamped {
  firstName: string;
  lastName: string;
  email: string;
  siteAdmin: boolean;
  /** Site Admins do not see private candidates unless allowed to. */
  seesPrivate: boolean;
  jobAdminOf: number[];
  deactivated: boolean;
  /** An integration service user: hidden from /users by default. */
  serviceAccount: boolean;
  jobTitle: string | null;
  employeeId: string | null;
}

export interface Job extends Stamped {
  name: string;
  requisitionId: string | null;
  status: 'open' | 'draft' | 'closed';
  confidential: boolean;
  openedAt: string | null;
  closedAt: string | null;
  notes: string | null;
  recruiterId: number | null;
}

/** A stage definition: `job_interview_stages`. */
export interface Stage extends Stamped {
  jobId: number;
  name: string;
  sortOrder: number;
  active: boolean;
}

interface Contact {
  value: string;
  type: string;
}

export interface CustomValue {
  name: string;
  type: string;
  value: unknown;
}

export interface Candidate extends Stamped {
  firstName: string | null;
  lastName: string | null;
  preferredName: string | null;
  company: string | null;
  title: string | null;
  private: boolean;
  canEmail: boolean;
  emails: Contact[];
  phones: Contact[];
  addresses: Contact[];
  websites: Contact[];
  socialMedia: { value: string }[];
  customFields: Record<string, CustomValue>;
  lastActivityAt: string;
}

export interface Application extends Stamped {
  candidateId: number;
  /** Null for prospects. */
  jobId: number | null;
  jobPostId: number | null;
  status: 'in_process' | 'rejected' | 'hired' | 'converted';
  prospect: boolean;
  prospectiveJobIds: number[];
  /** The row of `application_stages`, not a definition. */
  stageRowId: number | null;
  rejectedAt: string | null;
  rejectionReasonId: number | null;
  source: { id: number; name: string } | null;
  referrerId: number | null;
  recruiterId: number | null;
  coordinatorId: number | null;
  customFields: Record<string, CustomValue>;
  lastActivityAt: string;
  hire: { openingId: number | null; startsAt: string | null; stageRowId: number | null } | null;
}

/** A row of `application_stages`: this application in this stage. */
export interface StageRow extends Stamped {
  applicationId: number;
  stageId: number;
  enteredAt: string | null;
  exitedAt: string | null;
  current: boolean;
}

export const REASON_TYPES = {
  WE_REJECTED_THEM: 'We rejected them',
  THEY_REJECTED_US: 'They rejected us',
  NONE_SPECIFIED: 'None specified',
  SECURITY_CONCERN: 'Security concern',
} as const;
export type ReasonType = keyof typeof REASON_TYPES;

export interface Reason extends Stamped {
  name: string;
  type: ReasonType;
  /** One of Greenhouse's own, listed only with include_defaults=true. */
  builtIn: boolean;
}

export interface RejectionDetail extends Stamped {
  applicationId: number;
  rejectedById: number | null;
  reasonId: number | null;
  noteId: number | null;
  rejectedAt: string;
}

type WrittenVisibility = 'admin_only' | 'private' | 'public';

export interface Note extends Stamped {
  candidateId: number;
  applicationId: number | null;
  userId: number | null;
  type: string;
  visibility: WrittenVisibility;
  body: string;
  subject: string | null;
  emailFrom: string | null;
  emailTo: string | null;
  emailCc: string | null;
}

/** What the profile's activity feed shows beside notes. The API does not list it. */
export interface Activity extends Stamped {
  candidateId: number;
  applicationId: number | null;
  text: string;
  by: string;
}

export interface Tag extends Stamped {
  name: string;
}

export interface AppliedTag extends Stamped {
  candidateId: number;
  tagId: number;
}

export interface Attachment extends Stamped {
  applicationId: number;
  candidateId: number;
  type: string;
  filename: string;
  url: string;
  visibility: WrittenVisibility;
  /** Bytes of what was given; null where only its address was. Not in any answer. */
  size: number | null;
}

export interface Opening extends Stamped {
  jobId: number;
  openingId: string;
  openedAt: string;
  closedAt: string | null;
  applicationId: number | null;
  closeReasonId: number | null;
}

export interface JobPost extends Stamped {
  jobId: number;
  title: string;
  live: boolean;
}

export interface CustomField extends Stamped {
  name: string;
  nameKey: string;
  fieldType: 'application' | 'candidate' | 'job' | 'rejection_question';
  valueType: string;
  private: boolean;
  required: boolean;
  active: boolean;
}

export interface CustomFieldOption extends Stamped {
  fieldId: number;
  name: string;
}

export interface Webhook extends Stamped {
  name: string;
  action: string;
  url: string;
  secret: string;
  active: boolean;
  maxAttempts: number;
  basicAuth: { username: string; password: string } | null;
  headers: Record<string, string>;
}

export interface Credential extends Stamped {
  clientId: string;
  clientSecrets: string[];
  scopes: string[];
  serviceUserId: number;
}
