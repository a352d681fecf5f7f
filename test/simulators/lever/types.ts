/** What the simulated Lever account holds. Names and values follow Lever's own words; times are integer milliseconds. */

export const ORIGINS = ['agency', 'applied', 'internal', 'referred', 'sourced', 'university'] as const;
export type LeverOrigin = (typeof ORIGINS)[number];

export const WEBHOOK_EVENTS = [
  'applicationCreated',
  'candidateHired',
  'candidateStageChange',
  'candidateArchiveChange',
  'candidateDeleted',
  'interviewCreated',
  'interviewUpdated',
  'interviewDeleted',
  'contactCreated',
  'contactUpdated',
] as const;
export type LeverEvent = (typeof WEBHOOK_EVENTS)[number];

/** The only events that take an origin condition. */
export const CONDITIONAL_EVENTS: readonly LeverEvent[] = [
  'applicationCreated',
  'candidateArchiveChange',
  'candidateHired',
  'candidateStageChange',
];

export const ACCESS_ROLES = ['super admin', 'admin', 'team member', 'limited team member', 'interviewer'] as const;

export const RESOURCES = [
  'opportunities',
  'notes',
  'stages',
  'archive_reasons',
  'tags',
  'users',
  'postings',
  'webhooks',
  'contacts',
  'files',
  'feedback',
  'feedback_templates',
] as const;
type LeverResource = (typeof RESOURCES)[number];
export type LeverPermission = `${LeverResource}:${'read' | 'write'}`;

type LeverConfidentiality = 'confidential' | 'non-confidential';

export interface LeverApiKey {
  /** Shown in the journal; the secret never is. */
  label: string;
  secret: string;
  permissions: ReadonlySet<LeverPermission>;
  /** Single calls without which it was made, as `GET /v1/opportunities/:id`: guides of other vendors name boxes that fine. */
  without?: ReadonlySet<string>;
  confidential: boolean;
}

export interface LeverUser {
  id: string;
  name: string;
  username: string;
  email: string;
  /** One of ACCESS_ROLES, or the id of a role that the company made. */
  accessRole: string;
  photo: string | null;
  createdAt: number;
  deactivatedAt: number | null;
  externalDirectoryId: string | null;
  linkedContactIds: string[];
  jobTitle: string | null;
  managerId: string | null;
}

export interface LeverStage {
  id: string;
  text: string;
}

export interface LeverArchiveReason {
  id: string;
  text: string;
  status: 'active' | 'inactive';
  type: 'hired' | 'non-hired';
}

export interface LeverPosting {
  id: string;
  text: string;
  state: 'published' | 'internal' | 'closed' | 'draft' | 'pending' | 'rejected';
  team: string;
  department: string | null;
  location: string;
  commitment: string | null;
  owner: string | null;
  hiringManager: string | null;
  confidentiality: LeverConfidentiality;
  createdAt: number;
  updatedAt: number;
}

export interface LeverContact {
  id: string;
  name: string;
  headline: string;
  location: string;
  emails: string[];
  phones: { type?: string; value: string }[];
  /** Links live on the contact: every opportunity of this person shares them. */
  links: string[];
  isAnonymized: boolean;
}

interface LeverArchived {
  reason: string;
  archivedAt: number;
}

interface LeverStageChange {
  toStageId: string;
  toStageIndex: number;
  updatedAt: number;
  userId: string | null;
}

export interface LeverOpportunity {
  id: string;
  contact: string;
  stage: string;
  confidentiality: LeverConfidentiality;
  tags: string[];
  sources: string[];
  origin: LeverOrigin;
  sourcedBy: string | null;
  owner: string | null;
  followers: string[];
  archived: LeverArchived | null;
  stageChanges: LeverStageChange[];
  applicationId: string | null;
  postingId: string | null;
  createdAt: number;
  updatedAt: number | null;
  lastInteractionAt: number;
  lastAdvancedAt: number;
  snoozedUntil: number | null;
}

export interface LeverDeletedOpportunity {
  opportunity: LeverOpportunity;
  deletedBy: string | null;
  deletedAt: number;
}

export interface LeverComment {
  value: string;
  score: number | null;
  stage: string;
  user: string | null;
  createdAt: number;
}

export interface LeverNote {
  id: string;
  opportunityId: string;
  comments: LeverComment[];
  user: string | null;
  secret: boolean;
  createdAt: number;
  /** Only notes made through the API can be updated or deleted through it. */
  createdByApi: boolean;
}

export interface LeverWebhook {
  id: string;
  event: LeverEvent;
  url: string;
  origins: LeverOrigin[] | null;
  /** Null only for an old webhook of the UI for which nobody generated a token: its deliveries carry no signature. */
  signatureToken: string | null;
  createdByApi: boolean;
  createdAt: number;
  updatedAt: number;
}

export interface LeverInterview {
  id: string;
  opportunityId: string;
  subject: string;
  date: number;
  interviewer: string | null;
}

interface LeverFeedbackField {
  id: string;
  type: string;
  text: string;
  description: string;
  required: boolean;
  prompt?: string;
  options?: { text: string }[];
}

export interface LeverFeedbackTemplate {
  id: string;
  text: string;
  instructions: string;
  fields: LeverFeedbackField[];
  createdByApi: boolean;
  /** Null for templates that Lever brings along. */
  createdAt: number | null;
  updatedAt: number | null;
}

export interface LeverFeedback {
  id: string;
  opportunityId: string;
  baseTemplateId: string;
  fieldValues: { id: string; value: unknown }[];
  user: string;
  panel: string | null;
  interview: string | null;
  createdAt: number;
  completedAt: number;
}

export interface LeverFile {
  id: string;
  opportunityId: string;
  name: string;
  ext: string;
  bytes: Uint8Array<ArrayBuffer>;
  uploadedAt: number;
}
