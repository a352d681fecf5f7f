/** What the simulated CodeSignal company holds. Times are milliseconds since 1970, as in its API. */

export interface Task {
  id: string;
  title: string;
  maxScore: number;
}

export interface CompanyTest {
  id: string;
  title: string;
  durationMs: number;
  labels: string[];
  scoreRangeLabels: { label: string; scoreRange: { min: number | null; max: number | null } }[];
  /** Names of the templates that reminders can be written from. */
  reminderTemplates: string[];
  tasks: Task[];
  /** Watched while it is taken: finished sessions are verified before they count. */
  proctored: boolean;
  archived: boolean;
  createDate: number;
}

export const SUSPICIONS = ['none', 'low', 'medium', 'high', 'not_applicable'] as const;
export type Suspicion = (typeof SUSPICIONS)[number];

export interface TaskResult {
  taskId: string;
  score: number;
  solveTimeMs: number;
  timeSpentMs: number;
  /** null: the report is pending. */
  suspicion: Suspicion | null;
}

export interface SessionResult {
  accessToken: string;
  tasks: TaskResult[];
  codingScore: number | null;
}

export type SessionStatus =
  | 'pending'
  | 'active'
  | 'gracePeriod'
  | 'finalizing'
  | 'over'
  | 'deleted'
  | 'deletedForPii'
  | 'expired'
  | 'declined'
  | 'archived';

export interface Reminder {
  templateName: string;
  timeBeforeExpiration: number;
}

export interface TestSession {
  id: string;
  testId: string;
  /** In the candidate's link. */
  key: string;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  via: 'api' | 'person';
  status: SessionStatus;
  /** What it was before it was archived. */
  statusBefore: SessionStatus | null;
  createDate: number;
  startDate: number | null;
  finishDate: number | null;
  expirationDate: number;
  customDurationMs: number | null;
  externalId: string | null;
  redirectUrl: string | null;
  reminders: Reminder[];
  labels: string[];
  integrations: { greenhouseCandidateId?: string; greenhouseApplicationId?: string; leverOpportunityId?: string } | null;
  result: SessionResult | null;
  verification: 'pending' | 'verified' | 'notVerified' | null;
  rejectionReasons: string[];
  integrityReview: { finalized: boolean; suggested: boolean | null };
  retakeId: string | null;
  reactivated: { newSessionId: string; reactivationDate: number } | null;
}

export interface LiveInterview {
  id: string;
  candidateEmail: string | null;
  candidateName: string | null;
  status: 'pending' | 'active' | 'over';
  startDate: number | null;
  finishDate: number | null;
  feedback: { generalNotes: string; recommendedLevel?: string; overallEvaluation?: string }[];
}

export const EVENTS = [
  'assessmentCreated',
  'assessmentUpdated',
  'companyTestSessionCreated',
  'preScreenCandidateDeclined',
  'preScreenResultShared',
  'preScreenExpired',
  'companyTestSessionStarted',
  'preScreenResultVerificationPending',
  'companyTestSessionFinished',
  'preScreenIntegrityReviewUpdated',
  'preScreenResultNotVerified',
  'preScreenResultVerified',
  'liveInterviewFinished',
  'liveInterviewFeedbackUpdated',
] as const;
export type CodesignalEvent = (typeof EVENTS)[number];
