/** What the simulated HackerRank account holds. */

/** `foreign`: of another account; whoever asks for it by id is told that it does not exist. */
export interface HackerrankTest {
  id: string;
  uniqueId: string;
  name: string;
  minutes: number;
  cutoffScore: number | null;
  /** What can be earned in all. HackerRank's API does not tell it. */
  maxScore: number;
  tags: string[];
  languages: string[] | null;
  draft: boolean;
  locked: boolean;
  archived: boolean;
  foreign: boolean;
  createdAt: Date;
}

export type WebhookAuthentication =
  | { type: 'bearer_token'; data: { token: string } }
  | { type: 'basic_auth'; data: { username: string; password: string } };

interface Question {
  score: number;
  answered: boolean;
  answer: string;
  name: string;
  preview: string;
}

export interface HackerrankWork {
  score: number;
  percentage: number;
  tags: Record<string, number>;
  skills: Record<string, number>;
  questions: Record<string, Question>;
}

/** The three words of the documents; live accounts may use others. */
export interface Integrity {
  status: string | null;
  summary: string | null;
}

/** One person at one test. */
export interface HackerrankCandidate {
  id: string;
  testId: string;
  email: string | null;
  fullName: string | null;
  /** In the candidate's link. */
  loginKey: string;
  /** In the report's address that needs no login: whoever has it can read. */
  authKey: string;
  via: 'api' | 'person';
  state: 'invited' | 'started' | 'submitted' | 'scored';
  isCancelled: boolean;
  /** Scored, and the report was deleted since. */
  isReportDeleted: boolean;
  atsState: number;
  validFrom: Date | null;
  validTo: Date | null;
  metadata: Record<string, unknown> | null;
  evaluatorEmail: string | null;
  finishUrl: string | null;
  resultUrl: string | null;
  authentication: WebhookAuthentication | null;
  takesUpdates: boolean;
  tags: string[];
  isMailed: boolean;
  additionalTimePercent: number | null;
  invitedAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  work: HackerrankWork | null;
  integrity: Integrity;
  feedback: string | null;
  comments: string | null;
  outOfWindow: { events: number; seconds: number };
  pastes: number;
  proctorImages: string[];
  /** How often the report was asked for as PDF. */
  pdfCalls: number;
}

export const INTERVIEW_STATUSES = ['new', 'active', 'ended', 'paused'] as const;

export interface HackerrankInterview {
  id: string;
  status: (typeof INTERVIEW_STATUSES)[number];
  title: string;
  from: string | null;
  to: string | null;
  notes: string | null;
  resumeUrl: string | null;
  interviewers: unknown[];
  resultUrl: string | null;
  candidate: { name?: string; email: string } | null;
  metadata: Record<string, unknown>;
  templateId: number | null;
  feedback: string | null;
  thumbsUp: number | null;
  createdAt: Date;
  updatedAt: Date;
  endedAt: Date | null;
}
